/**
 * @module Signed requests: valid only under the sender's certificates and over exactly what was parsed.
 */
import { describe, expect, test } from 'vitest'
import { parsePostRequest, parseRedirectRequest } from '../../src/saml/parse-request.js'
import type { SignatureState } from '../../src/saml/saml.js'
import { verifyPostSignature, verifyRedirectSignature } from '../../src/saml/verify-request.js'
import { readFixtures, type SamlFixture } from './fixtures.js'
import { certificate } from './support.js'

interface Expected {
  readonly signature?: { readonly state: string; readonly because?: string }
  readonly relayState?: string
}

const isSigned = ({ expected }: { expected: Expected }) => expected.signature !== undefined
const valid = readFixtures<Expected>('requests', 'valid').filter(isSigned)
const invalid = readFixtures<Expected>('requests', 'invalid').filter(isSigned)
const aws = readFixtures<Expected>('requests', 'valid').find(({ name }) => name === 'aws')

function verify(
  { content, extension }: SamlFixture<Expected>,
  certificates: readonly string[],
): SignatureState {
  return extension === 'query'
    ? verifyRedirectSignature(parseRedirectRequest(content.toString()), certificates)
    : verifyPostSignature(content.toString(), certificates)
}

const sp = certificate('dev-sp')

describe('a signed request', () => {
  test.each(valid)('$name is valid under the certificate of its sender', (fixture) => {
    expect(verify(fixture, [sp])).toEqual({ state: 'valid' })
  })

  test.each(valid)('$name is valid while the sender rolls its key over', (fixture) => {
    expect(verify(fixture, [certificate('other-idp'), sp])).toEqual({ state: 'valid' })
  })

  test.each(valid)('$name is invalid under any other certificate', (fixture) => {
    expect(verify(fixture, [certificate('other-idp'), 'not a certificate'])).toEqual({
      state: 'invalid',
      because: expect.stringContaining('does not match the request under any signing certificate'),
    })
  })

  test.each(valid)('$name is invalid where the sender has no certificate', (fixture) => {
    expect(verify(fixture, [])).toEqual({
      state: 'invalid',
      because: expect.stringContaining('has no signing certificate to check it with'),
    })
  })

  test.each(invalid)('$name is invalid, with its reason', (fixture) => {
    expect(verify(fixture, [sp])).toEqual({
      state: 'invalid',
      because: expect.stringContaining(fixture.expected.signature?.because ?? 'a reason'),
    })
  })

  test('brings its RelayState along, decoded', () => {
    const redirect = valid.find(({ extension }) => extension === 'query')
    const parsed = parseRedirectRequest(redirect?.content.toString() ?? '')
    expect(parsed.relayState).toBe(redirect?.expected.relayState)
  })
})

test.each(['constructor', '__proto__', 'toString'])(
  'an algorithm named %s is refused like any other',
  (sigAlg) => {
    const redirect = valid.find(({ extension }) => extension === 'query')?.content.toString() ?? ''
    const query = redirect.replace(/SigAlg=[^&]*/, `SigAlg=${sigAlg}`)
    expect(verifyRedirectSignature(parseRedirectRequest(query), [sp])).toEqual({
      state: 'invalid',
      because: `the signature algorithm "${sigAlg}" is not accepted; use RSA with SHA-256`,
    })
  },
)

describe('a request without signature', () => {
  test('is unsigned, not invalid, by either binding', () => {
    const { xml } = parsePostRequest({ SAMLRequest: aws?.content.toString('base64') })
    expect(verifyPostSignature(xml, [sp])).toEqual({ state: 'unsigned' })
    const [message = ''] =
      valid
        .find(({ extension }) => extension === 'query')
        ?.content.toString()
        .split('&') ?? []
    expect(verifyRedirectSignature(parseRedirectRequest(message), [sp])).toEqual({ state: 'unsigned' })
  })
})
