import { describe, expect, test } from 'vitest'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import { Argon2Hasher, standardCost, type Argon2Engine } from '../../src/authn/password.js'

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 }
const password = 'seven quiet otters'

/** The real engine, with a count of what it is asked and how much runs at once. */
function counted() {
  const seen = { hashes: [] as string[], verifications: [] as string[], running: 0, peak: 0 }
  const watch = async <T>(work: () => Promise<T>): Promise<T> => {
    seen.running += 1
    seen.peak = Math.max(seen.peak, seen.running)
    try {
      return await work()
    } finally {
      seen.running -= 1
    }
  }
  const engine: Argon2Engine = {
    hash: (text, options) => {
      seen.hashes.push(text)
      return watch(() => argon2Hash(text, options))
    },
    verify: (hash, text) => {
      seen.verifications.push(hash)
      return watch(() => argon2Verify(hash, text))
    },
  }
  return { seen, engine }
}

describe('argon2id passwords', () => {
  test('the standard cost is the first OWASP setting: 19 MiB, two passes, one lane', async () => {
    const hash = await new Argon2Hasher().hash(password)
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(standardCost).toEqual({ memoryKiB: 19_456, passes: 2, lanes: 1 })
  })

  test('the right password verifies and another one does not', async () => {
    const hasher = new Argon2Hasher({ cost: cheap })
    const hash = await hasher.hash(password)
    expect(await hasher.verify(hash, password)).toBe(true)
    expect(await hasher.verify(hash, `${password}!`)).toBe(false)
  })

  test('the same password hashes differently each time', async () => {
    const hasher = new Argon2Hasher({ cost: cheap })
    expect(await hasher.hash(password)).not.toBe(await hasher.hash(password))
  })

  test('composed and decomposed spellings are one password', async () => {
    const hasher = new Argon2Hasher({ cost: cheap })
    const hash = await hasher.hash('caf\u00e9 caf\u00e9 caf\u00e9')
    expect(await hasher.verify(hash, 'cafe\u0301 cafe\u0301 cafe\u0301')).toBe(true)
    expect(await hasher.verify(hash, 'cafe cafe cafe')).toBe(false)
  })

  test('without a hash one verification of the same cost is done and nothing matches', async () => {
    const { seen, engine } = counted()
    const hasher = new Argon2Hasher({ engine })
    for (const guess of [password, '', 'x'.repeat(2000)]) {
      expect(await hasher.verify(undefined, guess)).toBe(false)
    }
    expect(seen.verifications).toHaveLength(3)
    expect(seen.verifications.every((hash) => hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'))).toBe(true)
    expect(seen.hashes).toHaveLength(0)
  })

  test('an unknown name costs as much time as a wrong password', async () => {
    const hasher = new Argon2Hasher()
    const hash = await hasher.hash(password)
    const times = { known: [] as number[], unknown: [] as number[] }
    // Interleaved, so that a busy machine is busy for both; medians, so that a pause does not count.
    for (let round = 0; round < 15; round++) {
      for (const [kind, target] of [['known', hash] as const, ['unknown', undefined] as const]) {
        const start = performance.now()
        await hasher.verify(target, 'not the password')
        times[kind].push(performance.now() - start)
      }
    }
    const median = (list: number[]): number => list.sort((a, b) => a - b)[7] ?? 0
    expect(median(times.unknown) / median(times.known)).toBeGreaterThan(0.5)
    expect(median(times.unknown) / median(times.known)).toBeLessThan(2)
  })

  test('a password of more than 1024 bytes never matches, after the same work', async () => {
    const { seen, engine } = counted()
    const hasher = new Argon2Hasher({ cost: cheap, engine })
    const hash = await hasher.hash('')
    expect(await hasher.verify(hash, 'x'.repeat(1025))).toBe(false)
    expect(await hasher.verify(hash, '')).toBe(true)
    expect(seen.verifications).toHaveLength(2)
  })

  test('at most two passwords are checked at once, and all get their turn', async () => {
    const { seen, engine } = counted()
    const hasher = new Argon2Hasher({ cost: cheap, engine })
    const hash = await hasher.hash(password)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => hasher.verify(hash, i % 2 ? password : 'x')),
    )
    expect(answers.filter(Boolean)).toHaveLength(100)
    expect(seen.peak).toBe(2)
  })

  test('beyond the queue a check is refused as unavailable, and the rest are still answered', async () => {
    const hasher = new Argon2Hasher({ cost: cheap, queue: 3 })
    const hash = await hasher.hash(password)
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => hasher.verify(hash, password)))
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    expect(refused).toHaveLength(3)
    for (const error of refused) {
      expect(error).toMatchObject({
        code: 'UNAVAILABLE',
        message: 'too many passwords are being checked just now; try again in a minute',
      })
    }
    expect(await hasher.verify(hash, password)).toBe(true)
  })

  test('a hash of a smaller cost is due for a new one, one of the same cost is not', async () => {
    const hash = await new Argon2Hasher({ cost: cheap }).hash(password)
    expect(new Argon2Hasher({ cost: cheap }).needsRehash(hash)).toBe(false)
    expect(new Argon2Hasher({ cost: { ...cheap, passes: 2 } }).needsRehash(hash)).toBe(true)
    expect(new Argon2Hasher({ cost: { ...cheap, memoryKiB: 128 } }).needsRehash(hash)).toBe(true)
    expect(new Argon2Hasher({ cost: cheap }).needsRehash(hash.replace('argon2id', 'argon2i'))).toBe(true)
  })
})

describe('password strength', () => {
  const { assertStrong } = new Argon2Hasher()

  test.each([
    'seven quiet otters',
    'Tr0ub4dor&3x',
    'пароль из слов',
    '密码很长很长很长很长的一句话',
    'alice@example.com likes tea',
  ])('accepts %j', (text) => {
    expect(() => assertStrong(text, 'alice@example.com')).not.toThrow()
  })

  test.each([
    ['short', 'fewer than 12 characters'],
    ['', 'fewer than 12 characters'],
    ['é'.repeat(600), 'longer than 1024 bytes'],
    // One character that NFKC makes eighteen of.
    ['\ufdfa'.repeat(400), 'longer than 1024 bytes'],
    ['abababababababab', 'repeats a few characters'],
    ['            ', 'repeats a few characters'],
    ['alice@example.com', 'is the user name'],
    ['ALICE@EXAMPLE.COM', 'is the user name'],
    ['alice2026!!!!', 'is the user name'],
    ['password2026!', 'among the first that are guessed'],
    ['PasswordPassword', 'among the first that are guessed'],
    ['correcthorsebatterystaple', 'among the first that are guessed'],
    ['123456789012', 'among the first that are guessed'],
    ['abcdefghijklmno', 'among the first that are guessed'],
    ['zyxwvutsrqpo', 'among the first that are guessed'],
    ['seven quiet \ud800 otters', 'half a character'],
  ])('refuses %j', (text, words) => {
    expect(() => assertStrong(text, 'alice@example.com')).toThrow(
      expect.objectContaining({ code: 'WEAK_PASSWORD', message: expect.stringContaining(words) }),
    )
  })
})
