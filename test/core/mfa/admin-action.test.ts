/** Which acts of administrators take a second factor, by whose word, and how strong. */
import { describe, expect, test } from 'vitest'
import { judgeActs } from '../../../src/core/mfa/admin-action.js'
import type { Role, SessionMfa } from '../../../src/core/role/role.js'
import { buildRole } from '../role/build.js'

const rule = (resource: string, verb = '*') => ({ resources: [resource], verbs: [verb], where: undefined })
const holder = (name: string, requireSessionMfa: SessionMfa, ...rules: Role['allow']['rules'][number][]) =>
  buildRole(name, 'v8', { allowRules: rules, options: { requireSessionMfa } })
const off = { requireSessionMfa: 'off' } as const
const need = (
  acts: [string, string][],
  roles: readonly Role[],
  preference: { requireSessionMfa: SessionMfa } = off,
) =>
  judgeActs(
    acts.map(([resource, verb]) => ({ resource, verb })),
    roles,
    preference,
  )

describe('an act that hands out access', () => {
  const asks = holder('guards', 'session', rule('role'))
  test('takes one where a role that allows it asks, or the cluster', () => {
    expect(need([['role', 'create']], [asks])).toMatchObject({
      need: 'factor',
      reasons: [{ role: 'guards' }],
    })
    expect(need([['role', 'delete']], [holder('easy', 'off', rule('role'))]).need).toBe('none')
    const cluster = need([['token', 'rotate']], [], { requireSessionMfa: 'hardware_key_pin' })
    expect(cluster).toMatchObject({
      need: 'hardware_key_pin',
      reasons: [{ says: expect.stringMatching(/^The cluster/) }],
    })
  })

  test.each(['oidc', 'saml', 'github', 'login_rule'])(
    'takes one on %s, by which people get roles',
    (kind) => {
      expect(need([[kind, 'update']], [], { requireSessionMfa: 'session' }).need).toBe('factor')
    },
  )

  test.each([
    ['access_list', 'update'],
    ['access_list_member', 'create'],
    ['access_review_rule', 'delete'],
    ['on_call', 'update'],
    ['device', 'create_enroll_token'],
  ])('takes one on %s (%s), by which people get in or get roles', (resource, verb) => {
    expect(need([[resource, verb]], [], { requireSessionMfa: 'session' }).need).toBe('factor')
    expect(need([[resource, verb]], [holder('lists', 'hardware_key', rule(resource, verb))]).need).toBe(
      'hardware_key',
    )
    expect(need([[resource, 'list']], [], { requireSessionMfa: 'session' }).need).toBe('none')
  })

  test('takes none by a role that says nothing of it, or denies it', () => {
    expect(need([['user', 'update']], [asks]).need).toBe('none')
    const denies = { ...asks, deny: { ...asks.deny, rules: [rule('role')] } }
    expect(need([['role', 'create']], [denies]).need).toBe('none')
  })

  test('takes one by a role whose rule hangs on the resource', () => {
    const where = { ...rule('role'), where: 'resource.metadata.labels["env"] == "dev"' }
    expect(need([['role', 'create']], [holder('some', 'session', where)]).need).toBe('factor')
  })

  test('of several acts and roles the strictest holds', () => {
    const keys = holder('keys', 'hardware_key', rule('user'))
    const found = need(
      [
        ['role', 'create'],
        ['user', 'create'],
      ],
      [asks, keys],
    )
    expect([found.need, found.reasons.length]).toEqual(['hardware_key', 2])
  })
})

test('what hands out nothing takes none, and nobody waits to lock somebody', () => {
  const cluster = { requireSessionMfa: 'session' } as const
  expect(
    need(
      [
        ['webhook', 'create'],
        ['lock', 'create'],
        ['lock', 'read'],
      ],
      [],
      cluster,
    ).need,
  ).toBe('none')
  expect(need([['lock', 'delete']], [], cluster).need).toBe('factor')
})
