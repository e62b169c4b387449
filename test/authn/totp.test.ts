import { describe, expect, test } from 'vitest'
import { OtpauthTotp } from '../../src/authn/totp.js'
import { systemRandom } from '../../src/lib/random.js'

const totp = new OtpauthTotp(systemRandom)
// RFC 6238 Appendix B: the ASCII seed 12345678901234567890, SHA-1. The table has eight digits; six are its tail.
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('TOTP', () => {
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('the RFC 6238 vector at %i s is accepted with its step', (seconds, code) => {
    expect(totp.acceptedStep(seed, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  test('the codes one step before and after are accepted with their own steps, two steps away are not', () => {
    const [code, step, at] = ['005924', 41152263, 1234567890_000]
    expect(totp.acceptedStep(seed, code, at - 30_000)).toBe(step)
    expect(totp.acceptedStep(seed, code, at + 30_000)).toBe(step)
    expect(totp.acceptedStep(seed, code, at - 60_000)).toBeUndefined()
    expect(totp.acceptedStep(seed, code, at + 60_000)).toBeUndefined()
  })

  test.each(['287083', '28708', '2870820', ' 287082', '２８７０８２', '', 'abcdef', '-87082'])(
    '%j is not accepted where 287082 is',
    (code) => {
      expect(totp.acceptedStep(seed, code, 59_000)).toBeUndefined()
    },
  )

  test('a new seed has 160 bits and never comes twice', () => {
    const seeds = new Set(Array.from({ length: 200 }, () => totp.createSeed()))
    expect(seeds.size).toBe(200)
    for (const one of seeds) expect(one).toMatch(/^[A-Z2-7]{32}$/)
  })

  test('the URI names issuer and user and carries what apps expect', () => {
    const uri = new URL(totp.uri({ seed, user: 'alice+aws@example.com', issuer: 'Gatehouse Nord & Süd' }))
    expect(uri.protocol).toBe('otpauth:')
    expect(decodeURIComponent(uri.pathname)).toContain('Gatehouse Nord & Süd:alice+aws@example.com')
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Gatehouse Nord & Süd',
      secret: seed,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })
})
