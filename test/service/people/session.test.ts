import { describe, expect, test } from 'vitest'
import { hour, minute, second } from '../../../src/core/time.js'
import { endSession, findSession, listSessions, signOut } from '../../../src/service/people/session.js'
import { createResetLink } from '../../../src/service/people/links.js'
import { inspectLink } from '../../../src/service/people/redeem-link.js'
import { forgetUser } from '../../../src/service/people/forget-user.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { alice, desk, enter, from, openHouse, password, refusal, settle, tokenOf } from './house.js'

describe('the life of a session', () => {
  test('it ends with the shortest max_session_ttl of the roles, not a moment later', async () => {
    await using house = await openHouse()
    await settle(house, { roles: ['access', 'guarded'] })
    await house.putRole('guarded', { max_session_ttl: '2h', client_idle_timeout: '2h' })
    const { token, session } = await signIn(house.deps, { user: alice, password }, desk)
    expect(session.expiresAt - session.createdAt).toBe(2 * hour)
    house.clock.advance(2 * hour - 1)
    expect(await findSession(house.deps, token)).toBeDefined()
    house.clock.advance(1)
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('without a limit in the roles the default of the cluster counts', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putPreference({ second_factors: [], default_session_ttl: '90m' })
    const { session } = await signIn(house.deps, { user: alice, password }, desk)
    expect(session.expiresAt - session.createdAt).toBe(90 * minute)
  })

  test('where no role limits idling, a quarter of the session does', async () => {
    await using house = await openHouse()
    await settle(house, { roles: ['access', 'guarded'] })
    await house.putRole('guarded', { max_session_ttl: '8h' })
    const { token } = await signIn(house.deps, { user: alice, password }, desk)
    house.clock.advance(2 * hour - 1)
    expect(await findSession(house.deps, token)).toBeDefined()
    house.clock.advance(2 * hour)
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('it idles out, and activity keeps it alive', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putRole('access', { client_idle_timeout: '10m' })
    const { token } = await signIn(house.deps, { user: alice, password }, desk)
    for (let i = 0; i < 4; i++) {
      house.clock.advance(9 * minute)
      expect(await findSession(house.deps, token)).toBeDefined()
    }
    house.clock.advance(10 * minute)
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('also where it idles out in a minute', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putRole('access', { client_idle_timeout: '1m' })
    const { token } = await signIn(house.deps, { user: alice, password }, desk)
    for (let i = 0; i < 6; i++) {
      house.clock.advance(50 * second)
      expect(await findSession(house.deps, token)).toBeDefined()
    }
    house.clock.advance(minute)
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('being seen is written down once a minute at most', async () => {
    await using house = await openHouse()
    await settle(house)
    const { token, session } = await signIn(house.deps, { user: alice, password }, desk)
    house.clock.advance(59 * second)
    await findSession(house.deps, token)
    expect((await house.store.sessions.find(session.tokenHash))?.lastSeenAt).toBe(session.createdAt)
    house.clock.advance(second)
    await findSession(house.deps, token)
    expect((await house.store.sessions.find(session.tokenHash))?.lastSeenAt).toBe(session.createdAt + minute)
  })

  test('a role that becomes stricter shortens the sessions that are open', async () => {
    await using house = await openHouse()
    await settle(house)
    const { token } = await signIn(house.deps, { user: alice, password }, desk)
    house.clock.advance(hour)
    expect(await findSession(house.deps, token)).toBeDefined()
    await house.putRole('access', { max_session_ttl: '30m' })
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('a deleted user has no session, nor has a new user of the same name', async () => {
    await using house = await openHouse()
    await settle(house)
    const { url } = await createResetLink(house.deps, { user: alice }, 'admin', desk)
    const { token } = await signIn(house.deps, { user: alice, password }, desk)
    await house.dropUser(alice)
    expect(await findSession(house.deps, token)).toBeUndefined()
    await house.store.transaction((tx) => forgetUser(tx, alice))
    await house.putUser(alice, { roles: ['access'] })
    expect(await findSession(house.deps, token)).toBeUndefined()
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'SIGN_IN_FAILED')
    await refusal(inspectLink(house.deps, tokenOf(url), desk), 'LINK_INVALID')
  })

  test('an invented token, and the stored hash itself, open nothing', async () => {
    await using house = await openHouse()
    await settle(house)
    const { session } = await signIn(house.deps, { user: alice, password }, desk)
    for (const token of ['', 'C'.repeat(43), session.tokenHash, session.id]) {
      expect(await findSession(house.deps, token)).toBeUndefined()
    }
  })
})

describe('ending sessions', () => {
  test('signing out ends the session once, with one event', async () => {
    await using house = await openHouse()
    await settle(house)
    const { token, session } = await signIn(house.deps, { user: alice, password }, desk)
    const before = (await house.events()).length
    await signOut(house.deps, token, desk)
    await signOut(house.deps, token, desk)
    expect(await findSession(house.deps, token)).toBeUndefined()
    expect((await house.events()).slice(before)).toMatchObject([
      { event: 'session.end', code: 'TGH001I', user: alice, sid: session.id, message: 'signed out' },
    ])
  })

  test('people see their full, living sessions and end one of them by its id', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const old = await enter(house, { seed })
    const here = await enter(house, { seed, origin: from('198.51.100.4') })
    await signIn(house.deps, { user: alice, password }, desk)
    const listed = await listSessions(house.deps, here.user)
    expect(listed.map(({ id, address }) => ({ id, address }))).toEqual([
      { id: here.session.id, address: '198.51.100.4' },
      { id: old.session.id, address: desk.address },
    ])
    await endSession(house.deps, { user: here.user, id: old.session.id }, desk)
    expect(await findSession(house.deps, old.token)).toBeUndefined()
    expect(await findSession(house.deps, here.token)).toBeDefined()
    expect((await house.events()).at(-1)).toMatchObject({ event: 'session.end', sid: old.session.id })
  })

  test('nobody ends the session of somebody else', async () => {
    await using house = await openHouse()
    await settle(house)
    await settle(house, { name: 'bob@example.com' })
    const hers = await enter(house)
    const his = await enter(house, { name: 'bob@example.com' })
    const attempt = endSession(house.deps, { user: his.user, id: hers.session.id }, desk)
    expect(await refusal(attempt, 'NOT_FOUND')).toContain('you have no session with this id')
    expect(await findSession(house.deps, hers.token)).toBeDefined()
    expect((await house.events()).at(-1)?.['event']).toBe('user.login')
  })
})
