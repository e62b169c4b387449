/** @module The issuer's keys and tokens, and the check that a key is where AWS reads it before it signs (T13). */
import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { buildDiscoveryDocument } from '../../src/core/identity-center/discovery.js'
import { minute } from '../../src/core/time.js'
import { createIssuer, type Issuer } from '../../src/keys/issuer.js'
import { assertPublished } from '../../src/keys/published-keys.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys, type ManagedSigningKeys } from '../../src/keys/signing-keys.js'
import { ManualClock } from '../../src/lib/clock.js'
import { EgressError, type Egress } from '../../src/lib/egress.js'
import { systemRandom } from '../../src/lib/random.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'

const issuerUrl = 'https://id.example.com'
const order = { issuer: issuerUrl, audience: 'sts.amazonaws.com', subject: 'gatehouse:gate:integration:aws' }

let store: Store
let clock: ManualClock
let keys: ManagedSigningKeys
let issuer: Issuer
/** What the public host answers, by address; set by each test. */
let published: Map<string, unknown>

const egress: Egress = {
  get: (url) => {
    const body = published.get(url)
    if (body === undefined) return Promise.reject(new EgressError(`${new URL(url).host} cannot be reached`))
    return Promise.resolve({ status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) })
  },
}

beforeEach(async () => {
  store = await openStore({ url: 'sqlite::memory:' })
  clock = new ManualClock(1_800_000_000_000)
  published = new Map()
  keys = createSigningKeys({
    store,
    sealer: createSealer(createSecretKey(Buffer.alloc(32, 1))),
    clock,
    random: systemRandom,
    purpose: 'oidc',
    clusterName: 'gate.example.com',
    beforeSwitch: async (next) => await assertPublished(egress, next, [issuerUrl]),
  })
  issuer = createIssuer({ keys, clock, random: systemRandom })
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
})

async function publish(): Promise<void> {
  published.set(`${issuerUrl}/.well-known/openid-configuration`, buildDiscoveryDocument(issuerUrl))
  published.set(`${issuerUrl}/.well-known/jwks.json`, await issuer.jwks())
}

async function verify(token: string, set: Awaited<ReturnType<Issuer['jwks']>>) {
  const local = createLocalJWKSet({ keys: set.keys.map((key) => ({ ...key })) })
  return await jwtVerify(token, local, { issuer: issuerUrl, currentDate: new Date(clock.now()) })
}

describe('a token', () => {
  test('has exact claims, lives five minutes at most, and is verified by the published key that it names', async () => {
    const { token, expiresAt } = await issuer.token(order)
    const { payload, protectedHeader } = await verify(token, await issuer.jwks())
    expect(payload).toMatchObject({ iss: issuerUrl, aud: order.audience, sub: order.subject })
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: (await keys.current()).id })
    expect(expiresAt - clock.now()).toBeGreaterThan(4 * minute)
    expect(((payload.exp ?? 0) - (payload.iat ?? 0)) * 1000).toBeLessThanOrEqual(5 * minute)
    expect((payload.exp ?? 0) * 1000).toBe(expiresAt)
    expect((payload.iat ?? 0) * 1000).toBeLessThanOrEqual(clock.now())
  })

  test('is never the same twice', async () => {
    const [a, b] = [await issuer.token(order), await issuer.token(order)]
    expect(a.token).not.toBe(b.token)
  })

  test('is refused by whoever looks for another issuer, and by other keys', async () => {
    const { token } = await issuer.token({ ...order, issuer: 'https://other.example.com' })
    await expect(verify(token, await issuer.jwks())).rejects.toThrow('"iss"')
    const jwks = await issuer.jwks()
    await keys.addNext()
    const other = (await issuer.jwks()).keys.filter(({ kid }) => kid !== jwks.keys[0]?.kid)
    await expect(verify((await issuer.token(order)).token, { keys: other })).rejects.toThrow(
      'no applicable key',
    )
  })
})

describe('the published keys', () => {
  test('are RSA keys of 2048 bits without a private part', async () => {
    const { keys: all } = await issuer.jwks()
    expect(all).toHaveLength(1)
    expect(Object.keys(all[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    expect(Buffer.from(all[0]?.n ?? '', 'base64url')).toHaveLength(256)
  })

  test('hold the next key from its making and the retired one until the end of the rollover', async () => {
    const first = (await keys.current()).id
    const next = await keys.addNext()
    const kids = async () => (await issuer.jwks()).keys.map(({ kid }) => kid).sort()
    expect(await kids()).toEqual([first, next.id].sort())
    await publish()
    await keys.promoteNext()
    expect(decodeProtectedHeader((await issuer.token(order)).token).kid).toBe(next.id)
    expect(await kids()).toEqual([first, next.id].sort())
    await keys.finish()
    expect(await kids()).toEqual([next.id])
  })
})

describe('a next key', () => {
  const refusal = (message: RegExp) =>
    expect.objectContaining({ code: 'KEY_PHASE', message: expect.stringMatching(message) as string }) as Error

  test('signs after the public keys hold it', async () => {
    await keys.current()
    const next = await keys.addNext()
    await publish()
    expect((await keys.promoteNext()).id).toBe(next.id)
  })

  test.each([
    ['cannot be reached', () => published.clear(), /cannot be reached/],
    [
      'still have the old keys alone',
      () => {
        const path = `${issuerUrl}/.well-known/jwks.json`
        published.set(path, { keys: [] })
      },
      /does not hold the key/,
    ],
    [
      'are of another issuer',
      () =>
        published.set(
          `${issuerUrl}/.well-known/openid-configuration`,
          buildDiscoveryDocument('https://evil.example.com'),
        ),
      /is of another issuer/,
    ],
    [
      'answer no JSON',
      () => published.set(`${issuerUrl}/.well-known/jwks.json`, '<html>'),
      /answered no JSON/,
    ],
  ])('does not sign while the public keys %s', async (_, spoil, message) => {
    await keys.current()
    await keys.addNext()
    await publish()
    spoil()
    await expect(keys.promoteNext()).rejects.toEqual(refusal(message))
    expect((await keys.list()).map(({ state }) => state).sort()).toEqual(['current', 'next'])
  })

  test('does not sign by a key of the same id that is another', async () => {
    await keys.current()
    const next = await keys.addNext()
    await publish()
    const { keys: all } = await issuer.jwks()
    const forged = all.map((key) =>
      key.kid === next.id ? { ...key, n: all[0]?.n === key.n ? 'AQAB' : all[0]?.n } : key,
    )
    published.set(`${issuerUrl}/.well-known/jwks.json`, { keys: forged })
    await expect(keys.promoteNext()).rejects.toEqual(refusal(/does not hold the key/))
  })
})
