/**
 * Locks that are made while somebody is let in: between the question for locks and the transaction that stores the
 * session, and, where the engine knows several transactions at a time, within that.
 */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { PeopleDeps } from '../../../src/service/people/deps.js'
import { systemAuthority } from '../../../src/service/authority.js'
import { agreeToCommandLine, redeemCliCode } from '../../../src/service/people/cli-sign-in.js'
import { createInvite } from '../../../src/service/people/links.js'
import { redeemLink } from '../../../src/service/people/redeem-link.js'
import { listSessions } from '../../../src/service/people/session.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { signInTotp } from '../../../src/service/people/sign-in-totp.js'
import { applyResources } from '../../../src/service/resources/apply.js'
import { removeResource } from '../../../src/service/resources/remove.js'
import type { StoreTransaction } from '../../../src/store/store.js'
import { memoryEngine, postgresEngine } from '../../store/engines.js'
import {
  alice,
  desk,
  enter,
  openHouse,
  password,
  refusal,
  settle,
  tokenOf,
  type House,
} from '../people/house.js'

const engines = [
  ['SQLite', memoryEngine],
  ['PostgreSQL', postgresEngine],
] as const

/** What happens once, before the next transaction of these deps begins, or in it before it stores a session. */
interface Meanwhile {
  readonly before?: () => Promise<void>
  readonly within?: () => Promise<void>
}

/** The same deps, over the same store, with something that happens meanwhile. */
function racing(deps: PeopleDeps, { before, within }: Meanwhile): PeopleDeps {
  let [first, inner] = [before, within]
  const transaction = async <T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> => {
    const happen = first
    first = undefined
    await happen?.()
    return await deps.store.transaction(async (tx) => {
      const create = async (session: Parameters<typeof tx.sessions.create>[0]): Promise<void> => {
        const happen = inner
        inner = undefined
        await happen?.()
        await tx.sessions.create(session)
      }
      return await work(replace(tx, { sessions: replace(tx.sessions, { create }) }))
    })
  }
  return { ...deps, store: replace(deps.store, { transaction }) }
}

/** The object with other members; its own ones keep their `this`. */
function replace<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const other: unknown = Reflect.get(members, key)
      if (other !== undefined) return other
      const own: unknown = Reflect.get(target, key)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}

async function lock(house: House, target: object): Promise<void> {
  const value = { kind: 'lock', version: 'v2', metadata: { name: 'l' }, spec: { target } }
  const documents = [{ value, source: undefined, lineOf: () => undefined }]
  await applyResources(house.deps, { documents, mode: 'create', dryRun: false }, systemAuthority, undefined)
}

async function unlock({ deps }: House): Promise<void> {
  await removeResource(deps, { kind: 'lock', name: 'l', dryRun: false }, systemAuthority, undefined)
}

/** Alice is given a role on which there is a lock: her sessions stay, and open nothing. */
async function giveLockedRole(house: House): Promise<() => Promise<void>> {
  await house.putRole('banned')
  await lock(house, { role: 'banned' })
  return async () => await house.putUser(alice, { roles: ['access', 'banned'] })
}

async function survivors(house: House, client: 'browser' | 'cli' = 'browser'): Promise<unknown[]> {
  const user = await house.deps.catalog.user(alice)
  if (user === undefined) throw new Error('alice is not there')
  return (await listSessions(house.deps, user)).filter((session) => session.client === client)
}

describe.each(engines)('on %s', (name, engine) => {
  test('a lock that was made while the password was checked keeps the session from being', async () => {
    await using house = await openHouse({ url: await engine.newUrl() })
    await settle(house)
    const deps = racing(house.deps, { before: () => lock(house, { user: alice }) })
    expect(await refusal(signIn(deps, { user: alice, password }, desk), 'LOCKED')).toContain('is locked')
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'user.login',
      success: false,
      error: `lock targeting User:"${alice}" is in force`,
      locks: ['l'],
    })
    await unlock(house)
    expect(await survivors(house)).toEqual([])
  })

  // On SQLite the two transactions follow one another.
  test.runIf(name === 'PostgreSQL')(
    'so does one that was made while the session was being stored',
    async () => {
      await using house = await openHouse({ url: await engine.newUrl() })
      await settle(house)
      const deps = racing(house.deps, { within: () => lock(house, { user: alice }) })
      await refusal(signIn(deps, { user: alice, password }, desk), 'LOCKED')
      await unlock(house)
      expect(await survivors(house)).toEqual([])
    },
  )

  test('of many sign-ins and a lock at once, none outlives the lock', async () => {
    await using house = await openHouse({ url: await engine.newUrl() })
    await settle(house)
    const attempt = async (): Promise<void> => {
      await signIn(house.deps, { user: alice, password }, desk).catch(() => undefined)
    }
    const before = Array.from({ length: 4 }, attempt)
    await Promise.all([...before, lock(house, { user: alice }), ...Array.from({ length: 4 }, attempt)])
    await unlock(house)
    expect(await survivors(house)).toEqual([])
    await signIn(house.deps, { user: alice, password }, desk)
    expect(await survivors(house)).toHaveLength(1)
  })

  test('the second half of a sign-in is refused too', async () => {
    await using house = await openHouse({ url: await engine.newUrl() })
    const { seed } = await settle(house, { withTotp: true })
    const half = await signIn(house.deps, { user: alice, password }, desk)
    const deps = racing(house.deps, { before: await giveLockedRole(house) })
    const full = signInTotp(deps, { code: house.code(seed) }, desk, half.token)
    await refusal(full, 'LOCKED')
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'user.login',
      success: false,
      message: 'a lock was made meanwhile',
    })
    await unlock(house)
    expect(await survivors(house)).toEqual([])
  })

  test('so is a command line', async () => {
    await using house = await openHouse({ url: await engine.newUrl() })
    await settle(house)
    const { user, session } = await enter(house)
    const verifier = 'v'.repeat(43)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const consent = { challenge, port: 49152, state: 's', host: 'laptop' }
    const { redirectUrl } = await agreeToCommandLine(house.deps, consent, { user, session })
    const code = new URL(redirectUrl).searchParams.get('code') ?? ''
    const deps = racing(house.deps, { before: await giveLockedRole(house) })
    await refusal(redeemCliCode(deps, { code, verifier, port: 49152 }, desk), 'SIGN_IN_FAILED')
    await unlock(house)
    expect(await survivors(house, 'cli')).toEqual([])
    expect(await survivors(house)).toHaveLength(1)
  })

  test('so is a one-time link, which stays good', async () => {
    await using house = await openHouse({ url: await engine.newUrl() })
    await house.putRole('access')
    const { url } = await createInvite(house.deps, { name: alice, roles: ['access'] }, 'admin', desk)
    const input = { token: tokenOf(url), password }
    const deps = racing(house.deps, { before: () => lock(house, { user: alice }) })
    await refusal(redeemLink(deps, input, desk), 'LOCKED')
    expect(await house.store.credentials.findPassword(alice)).toBeUndefined()
    await unlock(house)
    expect(await redeemLink(house.deps, input, desk)).toEqual({ user: alice })
  })
})
