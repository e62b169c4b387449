/**
 * Whatever strangers send as a token or publish as an address is refused in AWS's words or understood, and never
 * reaches beyond loopback.
 */
import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, test } from 'vitest'
import { AwsError } from '../../../src/emulator/aws/error.js'
import { locate, parseIssuerMap } from '../../../src/emulator/sts/issuer-map.js'
import { readIssuer, verifyToken } from '../../../src/emulator/sts/web-identity.js'
import { audience, issuerName, makeKey, startSeconds, TestIssuer } from './issuer.js'

const part = fc.oneof(
  fc.string(),
  fc.json().map((text) => base64url.encode(text)),
  fc.record({ alg: fc.constantFrom('RS256', 'none', 'HS256'), crit: fc.jsonValue() }).map(encode),
  fc.record({ iss: fc.jsonValue(), exp: fc.jsonValue(), sub: fc.jsonValue() }).map(encode),
)
const tokens = fc.tuple(part, part, part).map((parts) => parts.join('.'))

function encode(value: unknown): string {
  return base64url.encode(JSON.stringify(value))
}

describe('tokens of strangers', () => {
  test('name an issuer or are refused', () => {
    fc.assert(
      fc.property(fc.oneof(tokens, fc.string()), (token) => {
        const result = attempt(() => readIssuer(token))
        expect(typeof result === 'string' || result.code === 'InvalidIdentityToken').toBe(true)
      }),
    )
  })

  test('with any claims under a good signature, are taken or refused', async () => {
    const key = await makeKey('ES256', 'one')
    await using issuer = await TestIssuer.start('ES256')
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            aud: fc.jsonValue(),
            azp: fc.jsonValue(),
            sub: fc.jsonValue(),
            amr: fc.jsonValue(),
            iat: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        async (claims) => {
          const token = await issuer.sign(claims, key)
          const rules = {
            issuer: issuerName,
            clientIds: [audience],
            keys: { keys: [key.jwk] },
            now: startSeconds * 1000,
          }
          const result = await verifyToken(token, rules).catch((error: unknown) => error)
          if (result instanceof Error) expect(result).toBeInstanceOf(AwsError)
          else expect(result).toMatchObject({ audience, subject: expect.stringMatching(/^[^]{6,255}$/) })
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('no address is reached beyond the base that its host is mapped to', () => {
  const base = 'http://127.0.0.1:3080'
  const issuers = parseIssuerMap([`${issuerName}=${base}`])
  const addresses = fc.oneof(
    fc.webUrl(),
    fc.string().map((rest) => issuerName + rest),
    fc.string().map((rest) => `${issuerName}/${rest}`),
    fc.string(),
  )
  fc.assert(
    fc.property(addresses, (address) => {
      const target = locate(issuers, address)
      if (target === undefined) return
      expect(new URL(target).origin).toBe(base)
      expect(new URL(address).origin).toBe(issuerName)
    }),
  )
})

function attempt(run: () => string): string | AwsError {
  try {
    return run()
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}
