/** @module Which events a selection means. */
import { expect, test } from 'vitest'
import { auditCodes, buildEvent, type AuditFacts } from '../../../src/core/audit/event.js'
import { buildMatcher, kindOfEvent, type AuditSelection } from '../../../src/core/audit/search.js'

const login: AuditFacts = {
  event: 'user.login',
  success: false,
  user: 'Dévi@example.com',
  fields: {
    'addr.remote': '192.0.2.7',
    error: 'the password is "wrong"\nquite',
    request_id: 'req-17',
    reasons: [{ role: 'ops', says: 'no label team' }],
    count: 4711,
  },
}
const json = JSON.stringify(buildEvent(login, { clusterName: 'gate.example.org', uid: 'u-1', now: 0 }))
const finds = (selection: AuditSelection): boolean => buildMatcher(selection)?.(json) ?? true

test.each([
  ['a word of a field', { search: 'PASSWORD' }, true],
  ['part of a name, in any case', { search: 'dévi' }, true],
  ['a word deep inside', { search: 'label' }, true],
  ['a number', { search: '4711' }, true],
  ['a request id and the code', { search: 'req-17 T1000W' }, true],
  ['what JSON writes otherwise', { search: '"wrong"' }, true],
  ['all words, not any', { search: 'password nowhere' }, false],
  ['a name of a field', { search: 'request_id' }, false],
  ['the name of the cluster, which is everywhere', { search: 'gate.example.org' }, false],
  ['nothing but spaces', { search: '   ' }, true],
  ['its code', { code: 'T1000W' }, true],
  ['another code', { code: 'T1000I' }, false],
  ['its address', { address: '192.0.2.7' }, true],
  ['the beginning of its address', { address: '192.0.2' }, false],
  ['its kind', { kind: 'user' }, true],
  ['another kind', { kind: 'role', search: 'password' }, false],
  ['the name of a resource', { name: 'ops' }, false],
])('%s', (_, selection, found) => {
  expect(finds(selection)).toBe(found)
})

test('what is no event matches nothing, and breaks nothing', () => {
  const matches = buildMatcher({ search: 'x' })
  expect([matches?.('x {'), matches?.('null'), matches?.('"x"')]).toEqual([false, false, false])
})

test('every event of a resource has a kind; the longest beginning counts', () => {
  expect(kindOfEvent('saml.idp.service.provider.create')).toBe('saml_idp_service_provider')
  expect(kindOfEvent('saml.created')).toBe('saml')
  expect(kindOfEvent('user_login.invalid_access_list')).toBe('access_list')
  const without = Object.keys(auditCodes).filter((name) => kindOfEvent(name) === undefined)
  const kindless =
    /^(audit|backup|store|cli|session|signing_key|recovery_code|mfa_auth|reset_pass|on_call|scim|directory|access\.denied)/
  expect(without.filter((name) => !kindless.test(name))).toEqual([])
})
