/**
 * The people room over real parts: SQLite, sealer, argon2 (at a small cost, counted), role and user parsers, and a
 * clock that moves when told. Everything that a test leaves behind is in `events()`.
 */
import { createSecretKey, randomBytes } from 'node:crypto'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import { Secret, TOTP } from 'otpauth'
import { Argon2Hasher, type Argon2Engine } from '../../../src/authn/password.js'
import { WebAuthnPasskeys } from '../../../src/authn/passkeys.js'
import { OtpauthTotp } from '../../../src/authn/totp.js'
import { isCode, type ErrorCode } from '../../../src/core/error.js'
import { emptyInventory } from '../../../src/core/inventory/inventory.js'
import { createSealer } from '../../../src/keys/sealer.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import type { RequestOrigin } from '../../../src/service/context.js'
import type { PeopleDeps } from '../../../src/service/people/deps.js'
import { createInvite } from '../../../src/service/people/links.js'
import { inspectLink, redeemLink, type LinkView } from '../../../src/service/people/redeem-link.js'
import { signInTotp } from '../../../src/service/people/sign-in-totp.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { preferenceName } from '../../../src/service/resources/catalog-view.js'
import { Catalog } from '../../../src/service/resources/catalog.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { ResourceKind } from '../../../src/store/store.js'
import { testKinds } from '../../support/kinds.js'

export const start = Date.parse('2026-03-02T09:00:00Z')
export const alice = 'alice@example.com'
export const password = 'seven quiet otters'
export const desk: RequestOrigin = { address: '192.0.2.7', userAgent: 'Firefox', requestId: 'r-1' }

/** Everyone must have a second factor, which is the default, or may. */
export const requiredFactor = { second_factors: ['otp'] }
const optionalFactor = { second_factors: [] }
/** `spec` of a user whom a connector made. */
export const ofConnector = { roles: ['access'], created_by: { connector: { id: 'okta' } } }

export function from(address: string): RequestOrigin {
  return { ...desk, address }
}

export type House = Awaited<ReturnType<typeof openHouse>>

/** `url` names a database file where the test opens it twice. */
export async function openHouse({ url = 'sqlite::memory:', now = start } = {}) {
  const clock = new ManualClock(now)
  const logger = createLogger('silent')
  const store = await openStore({ url, clock })
  const work = { verifications: 0, beforeVerify: async (): Promise<void> => {} }
  const engine: Argon2Engine = {
    hash: (text, options) => argon2Hash(text, options),
    verify: async (hash, text) => {
      work.verifications += 1
      await work.beforeVerify()
      return await argon2Verify(hash, text)
    },
  }
  const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
  const kinds = testKinds({ clock })
  const deps: PeopleDeps = {
    store,
    clock,
    random: systemRandom,
    logger,
    clusterName: 'gatehouse.test',
    publicUrl: 'https://gatehouse.test',
    kinds,
    catalog: new Catalog({ store, logger, kinds, inventory: () => Promise.resolve(emptyInventory) }),
    passwords: new Argon2Hasher({ cost, engine }),
    totp: new OtpauthTotp(systemRandom),
    passkeys: new WebAuthnPasskeys(),
    sealer: createSealer(createSecretKey(randomBytes(32))),
  }

  async function put(kind: ResourceKind, name: string, version: string, spec: unknown): Promise<void> {
    const document = { kind, version, metadata: { name }, spec }
    const known = await store.resources.find(kind, name)
    if (known === undefined) await store.resources.create({ kind, name, document, now: clock.now() })
    else {
      const expectedRevision = known.revision
      await store.resources.update({ kind, name, expectedRevision, document, now: clock.now() })
    }
  }

  if ((await store.resources.find('cluster_auth_preference', preferenceName)) === undefined) {
    await put('cluster_auth_preference', preferenceName, 'v2', optionalFactor)
  }
  return {
    deps,
    clock,
    store,
    work,
    putRole: (name: string, options: unknown = {}) => put('role', name, 'v8', { options }),
    put,
    putUser: (name: string, spec: unknown) => put('user', name, 'v2', spec),
    putPreference: (spec: unknown) => put('cluster_auth_preference', preferenceName, 'v2', spec),
    async dropUser(name: string): Promise<void> {
      const known = await store.resources.find('user', name)
      await store.resources.delete({ kind: 'user', name, expectedRevision: known?.revision ?? '' })
    },
    /** Every event so far, oldest first. */
    async events(): Promise<Record<string, unknown>[]> {
      await store.audit.chain(10_000, () => 'unlinked')
      const chained = await store.audit.list({ limit: 10_000, order: 'asc' })
      return chained.map(({ json }) => JSON.parse(json))
    },
    /** The one-time code of a seed at this moment, or `steps` later. */
    code(seed: string, steps = 0): string {
      const secret = Secret.fromBase32(seed)
      return TOTP.generate({ secret, timestamp: clock.now() + steps * 30_000 })
    },
    /** A code that this seed gives neither now nor one step away. */
    wrongCode(seed: string): string {
      const near = [-1, 0, 1].map((steps) => this.code(seed, steps))
      return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? ''
    },
    nextCode(): void {
      clock.advance(30_000)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/** A local person with a password and, where asked for, an authenticator app; answers its seed. */
export async function settle(
  house: House,
  { name = alice, roles = ['access'], withTotp = false } = {},
): Promise<{ seed: string }> {
  for (const role of roles) await house.putRole(role)
  const { url } = await createInvite(house.deps, { name, roles }, 'admin', desk)
  const token = tokenOf(url)
  const { totp } = await inspectLink(house.deps, token, desk)
  await redeemLink(house.deps, { token, password, totp: withTotp ? firstCode(house, totp) : undefined }, desk)
  house.nextCode()
  return { seed: totp?.secret ?? '' }
}

/** What proves an app that was set up with the seed a link offered. */
export function firstCode(house: House, offer: LinkView['totp']): { ticket: string; code: string } {
  if (offer === undefined) throw new Error('this link offers no seed')
  return { ticket: offer.ticket, code: house.code(offer.secret) }
}

/** A full session of a settled person. */
export async function enter(house: House, { name = alice, seed = '', origin = desk } = {}) {
  const half = await signIn(house.deps, { user: name, password }, origin)
  const full =
    half.status === 'second_factor_required'
      ? await signInTotp(house.deps, { code: house.code(seed) }, origin, half.token)
      : half
  house.nextCode()
  const user = await house.deps.catalog.user(name)
  if (user === undefined) throw new Error(`${name} is not there`)
  return { ...full, user }
}

export function tokenOf(url: string): string {
  return new URL(url).hash.slice(1)
}

/** What a promise was refused with. */
export async function refusal(promise: Promise<unknown>, code: ErrorCode): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (isCode(error, code)) return error.message
    throw error
  }
  throw new Error(`expected ${code}, and nothing was refused`)
}
