import { describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../../src/core/time.js'
import { addressLimits } from '../../../src/service/people/limits.js'
import { createInvite, createResetLink } from '../../../src/service/people/links.js'
import { inspectLink, redeemLink } from '../../../src/service/people/redeem-link.js'
import { addFactor, startFactor } from '../../../src/service/people/own-factors.js'
import { findSession } from '../../../src/service/people/session.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { signInTotp } from '../../../src/service/people/sign-in-totp.js'
import { hashToken } from '../../../src/service/people/tokens.js'
import { alice, desk, enter, ofConnector, openHouse, password, refusal, requiredFactor } from './house.js'
import { firstCode, settle, tokenOf, type House } from './house.js'

const dead = 'this link was used, has expired or was never valid; ask an administrator for a new one'
const better = 'nine loud herons'

async function invite(house: House, name = alice) {
  await house.putRole('access')
  const issued = await createInvite(house.deps, { name, roles: ['access'] }, 'admin', desk)
  return { ...issued, token: tokenOf(issued.url) }
}

describe('invitations', () => {
  test('an invitation makes the user and a link for one hour, and tells the log no secret', async () => {
    await using house = await openHouse()
    await house.putRole('access')
    const traits = { team: ['blue', 'green'] }
    const issued = await createInvite(house.deps, { name: alice, roles: ['access'], traits }, 'admin', desk)
    expect(issued.url).toMatch(/^https:\/\/gatehouse\.test\/invite#[\w-]{43}$/)
    expect(issued.expiresAt).toBe(house.clock.now() + hour)
    expect(await house.deps.catalog.user(alice)).toMatchObject({ name: alice, roles: ['access'], traits })
    expect(await house.events()).toMatchObject([
      {
        event: 'user.create',
        code: 'T1002I',
        user: 'admin',
        name: alice,
        roles: ['access'],
        connector: 'local',
      },
      {
        event: 'reset_password_token.create',
        code: 'T6000I',
        user: 'admin',
        name: alice,
        ttl: '1h',
        expires: '2026-03-02T10:00:00.000Z',
      },
    ])
    const text = JSON.stringify(await house.events())
    expect(text).not.toContain(tokenOf(issued.url))
    expect(text).not.toContain(hashToken(tokenOf(issued.url)))
  })

  test('without an authenticator app: the password is set and the person signs in', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    expect(await inspectLink(house.deps, token, desk)).toMatchObject({
      kind: 'invite',
      user: alice,
      secondFactorRequired: false,
    })
    expect(await redeemLink(house.deps, { token, password }, desk)).toEqual({ user: alice })
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
    expect((await house.events()).map(({ code }) => code)).toEqual(['T1002I', 'T6000I', 'T1005I', 'T1000I'])
  })

  test('with one: its first code is spent by enrolling it, and the next one signs in', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    const { totp } = await inspectLink(house.deps, token, desk)
    const seed = totp?.secret ?? ''
    expect(totp?.uri).toContain(`secret=${seed}`)
    expect(totp?.uri).toContain('issuer=gatehouse.test')
    const code = house.code(seed)
    await redeemLink(house.deps, { token, password, totp: firstCode(house, totp) }, desk)
    const half = await signIn(house.deps, { user: alice, password }, desk)
    expect(half.status).toBe('second_factor_required')
    await refusal(signInTotp(house.deps, { code }, desk, half.token), 'SECOND_FACTOR_INVALID')
    house.nextCode()
    const full = await signInTotp(house.deps, { code: house.code(seed) }, desk, half.token)
    expect(full.status).toBe('signed_in')
    expect((await house.events()).map(({ event }) => event)).toContain('mfa.add')
    expect(JSON.stringify(await house.events())).not.toContain(seed)
  })

  test('whoever looked at the link earlier knows another seed than the one that was enrolled', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    const { totp: theirs } = await inspectLink(house.deps, token, desk)
    const { totp: own } = await inspectLink(house.deps, token, desk)
    expect(theirs?.secret).not.toBe(own?.secret)
    const mixed = { ticket: firstCode(house, own).ticket, code: firstCode(house, theirs).code }
    const wrong = redeemLink(house.deps, { token, password, totp: mixed }, desk)
    expect(await refusal(wrong, 'SECOND_FACTOR_INVALID')).toContain('the code is wrong')
    await redeemLink(house.deps, { token, password, totp: firstCode(house, own) }, desk)
    house.nextCode()
    const half = await signIn(house.deps, { user: alice, password }, desk)
    const stolen = signInTotp(house.deps, { code: house.code(theirs?.secret ?? '') }, desk, half.token)
    expect(await refusal(stolen, 'SECOND_FACTOR_INVALID')).toContain('the code is wrong')
    const code = house.code(own?.secret ?? '')
    expect((await signInTotp(house.deps, { code }, desk, half.token)).status).toBe('signed_in')
  })

  test('the ticket of a seed counts for its own link and for 15 minutes, and the link stays good', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    const bob = await invite(house, 'bob@example.com')
    const { totp: old } = await inspectLink(house.deps, token, desk)
    const { totp: foreign } = await inspectLink(house.deps, bob.token, desk)
    house.clock.advance(15 * minute)
    const { totp: fresh } = await inspectLink(house.deps, token, desk)
    const { ticket } = firstCode(house, fresh)
    const foreignNow = (await inspectLink(house.deps, bob.token, desk)).totp
    const code = house.code(fresh?.secret ?? '')
    const refused = [firstCode(house, old), firstCode(house, foreign), firstCode(house, foreignNow)]
    for (const totp of [...refused, { ticket: '', code }, { ticket: ticket.slice(0, -4), code }]) {
      const stale = redeemLink(house.deps, { token, password, totp }, desk)
      expect(await refusal(stale, 'SECOND_FACTOR_REQUIRED')).toContain('was shown too long ago')
    }
    expect(await house.store.credentials.findPassword(alice)).toBeUndefined()
    house.clock.advance(15 * minute - 1)
    await redeemLink(house.deps, { token, password, totp: firstCode(house, fresh) }, desk)
    expect(await house.store.credentials.listTotp(alice)).toHaveLength(1)
  })

  test('where a factor is required, which is the default, none is refused and the link stays good', async () => {
    await using house = await openHouse()
    await house.putPreference({})
    const { token } = await invite(house)
    const view = await inspectLink(house.deps, token, desk)
    expect(view.secondFactorRequired).toBe(true)
    const without = redeemLink(house.deps, { token, password }, desk)
    expect(await refusal(without, 'SECOND_FACTOR_REQUIRED')).toContain('a second factor is required here')
    const right = firstCode(house, view.totp)
    const mistyped = { ...right, code: house.wrongCode(view.totp?.secret ?? '') }
    const wrong = redeemLink(house.deps, { token, password, totp: mistyped }, desk)
    expect(await refusal(wrong, 'SECOND_FACTOR_INVALID')).toContain('the code is wrong')
    expect(await house.store.credentials.findPassword(alice)).toBeUndefined()
    await redeemLink(house.deps, { token, password, totp: right }, desk)
    expect(await house.store.credentials.listTotp(alice)).toHaveLength(1)
  })

  test('a weak password is refused and the link stays good', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    const weak = redeemLink(house.deps, { token, password: 'password2026' }, desk)
    expect(await refusal(weak, 'WEAK_PASSWORD')).toContain('among the first that are guessed')
    await redeemLink(house.deps, { token, password }, desk)
  })

  test.each([
    [{ name: alice, roles: ['access'] }, 'ALREADY_EXISTS', 'exists already'],
    [{ name: 'dora@example.com', roles: ['acces'] }, 'INVALID_INPUT', 'there is no role named acces'],
    [{ name: '../etc/passwd', roles: [] }, 'INVALID_RESOURCE', 'slashes'],
    [{ name: 'dora\u202e@example.com', roles: [] }, 'INVALID_RESOURCE', 'invisible'],
    [{ name: 'dora@example.com', roles: [], ttlMs: 2 * day + 1 }, 'INVALID_INPUT', 'between 1m and 48h'],
    [{ name: 'dora@example.com', roles: [], ttlMs: minute - 1 }, 'INVALID_INPUT', 'between 1m and 48h'],
  ] as const)('%j is refused with %s and changes nothing', async (input, code, words) => {
    await using house = await openHouse()
    await settle(house)
    const before = await house.events()
    expect(await refusal(createInvite(house.deps, input, 'admin', desk), code)).toContain(words)
    expect(await house.events()).toEqual(before)
    expect((await house.deps.catalog.listUsers()).map(({ value }) => value.name)).toEqual([alice])
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
  })

  test('a recycled name inherits neither password nor factor nor session nor link', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const old = await enter(house, { seed })
    const link = await createResetLink(house.deps, { user: alice }, 'admin', desk)
    await house.dropUser(alice)
    const { token } = await invite(house)
    expect(await findSession(house.deps, old.token)).toBeUndefined()
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'SIGN_IN_FAILED')
    await refusal(inspectLink(house.deps, tokenOf(link.url), desk), 'LINK_INVALID')
    expect((await inspectLink(house.deps, token, desk)).totp).toBeDefined()
  })
})

describe('a link works once', () => {
  test('used, expired, replaced, unknown: one answer for looking and for using', async () => {
    await using house = await openHouse()
    const used = await invite(house)
    await redeemLink(house.deps, { token: used.token, password }, desk)
    const replaced = await invite(house, 'bob@example.com')
    const expired = await createResetLink(house.deps, { user: 'bob@example.com' }, 'admin', desk)
    house.clock.advance(8 * hour)
    const fresh = await createResetLink(house.deps, { user: alice }, 'admin', desk)
    const tokens = [used.token, replaced.token, tokenOf(expired.url), 'D'.repeat(43), '']
    for (const token of [...tokens, hashToken(tokenOf(fresh.url))]) {
      expect(await refusal(inspectLink(house.deps, token, desk), 'LINK_INVALID')).toBe(dead)
      const redeemed = redeemLink(house.deps, { token, password: better }, desk)
      expect(await refusal(redeemed, 'LINK_INVALID')).toBe(dead)
    }
    expect((await inspectLink(house.deps, tokenOf(fresh.url), desk)).user).toBe(alice)
  })

  test('a link of a user who was deleted, or whom a connector took, is dead while others live', async () => {
    await using house = await openHouse()
    const orphan = await invite(house, 'carol@example.com')
    const moved = await invite(house, 'dora@example.com')
    const { token: good } = await invite(house)
    await house.dropUser('carol@example.com')
    await house.putUser('dora@example.com', ofConnector)
    for (const { token } of [orphan, moved]) {
      expect(await refusal(inspectLink(house.deps, token, desk), 'LINK_INVALID')).toBe(dead)
      expect(await refusal(redeemLink(house.deps, { token, password }, desk), 'LINK_INVALID')).toBe(dead)
    }
    expect(await redeemLink(house.deps, { token: good, password }, desk)).toEqual({ user: alice })
  })

  test('of two people who use it at the same moment one wins, with one event', async () => {
    await using house = await openHouse()
    const { token } = await invite(house)
    const before = (await house.events()).length
    const answers = await Promise.allSettled(
      [password, better].map((choice) => redeemLink(house.deps, { token, password: choice }, desk)),
    )
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    expect(refused).toMatchObject([{ code: 'LINK_INVALID', message: dead }])
    expect((await house.events()).slice(before).map(({ code }) => code)).toEqual(['T1005I'])
    const works = await Promise.allSettled(
      [password, better].map((choice) => signIn(house.deps, { user: alice, password: choice }, desk)),
    )
    expect(works.map(({ status }) => status)).toEqual(answers.map(({ status }) => status))
  })

  test('trying links is limited by address', async () => {
    await using house = await openHouse()
    const { token: good } = await invite(house)
    for (let i = 0; i < addressLimits.link.attempts; i++) {
      await refusal(inspectLink(house.deps, `guess-${i}`, desk), 'LINK_INVALID')
      // Looking at one that is valid does not count.
      if (i === 0) for (let j = 0; j < 3; j++) await inspectLink(house.deps, good, desk)
    }
    const next = redeemLink(house.deps, { token: 'guess-last', password }, desk)
    expect(await refusal(next, 'TOO_MANY_ATTEMPTS')).toBe('too many attempts; wait 15 minutes and try again')
  })
})

describe('resets', () => {
  test('a reset keeps password and factors, ends the sessions at once, and lives eight hours', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    await house.putPreference(requiredFactor)
    const { token: cookie } = await enter(house, { seed })
    const { url, expiresAt } = await createResetLink(house.deps, { user: alice }, 'admin', desk)
    expect(url).toMatch(/^https:\/\/gatehouse\.test\/reset#[\w-]{43}$/)
    expect(expiresAt).toBe(house.clock.now() + 8 * hour)
    const view = await inspectLink(house.deps, tokenOf(url), desk)
    expect(view).toMatchObject({ kind: 'reset', secondFactorRequired: false, totp: undefined })
    expect(await findSession(house.deps, cookie)).toBeUndefined()
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'reset_password_token.create',
      sessions_ended: 1,
      password_deleted: false,
    })
    const { token: later } = await enter(house, { seed })
    await redeemLink(house.deps, { token: tokenOf(url), password: better }, desk)
    expect(await findSession(house.deps, later)).toBeUndefined()
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'SIGN_IN_FAILED')
    expect((await signIn(house.deps, { user: alice, password: better }, desk)).status).toBe(
      'second_factor_required',
    )
    const changed = (await house.events()).filter(({ event }) => event === 'user.password_change').at(-1)
    expect(changed).toMatchObject({ user: alice, sessions_ended: 1, message: 'by reset link' })
  })

  test('for a lost phone factors, password and sessions go at once and the link enrols anew', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const { user, session } = await enter(house, { seed })
    const bob = 'bob@example.com'
    await settle(house, { name: bob })
    const other = await enter(house, { name: bob })
    const start = await startFactor(house.deps, { code: house.code(seed) }, { user, session }, desk)
    house.nextCode()
    await house.putPreference(requiredFactor)
    const { url } = await createResetLink(house.deps, { user: alice, forgetFactors: true }, 'admin', desk)
    expect(await house.store.credentials.listTotp(alice)).toEqual([])
    expect((await house.events()).slice(-2)).toMatchObject([
      { event: 'mfa.delete', user: 'admin', name: alice, mfa_device_name: 'Authenticator app' },
      {
        event: 'reset_password_token.create',
        user: 'admin',
        name: alice,
        sessions_ended: 1,
        password_deleted: true,
      },
    ])
    // The password alone would sign in where no factor is required, and enrol one.
    await house.putPreference({ second_factors: [] })
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'SIGN_IN_FAILED')
    // A request of the ended session that was under way already.
    const first = { ticket: start.ticket, label: 'theirs', code: house.code(start.secret) }
    expect(await refusal(addFactor(house.deps, first, { user, session }, desk), 'NOT_SIGNED_IN')).toBe(
      'your session has ended; sign in again',
    )
    expect(await house.store.credentials.listTotp(alice)).toEqual([])
    expect(await findSession(house.deps, other.token)).toBeDefined()
    await house.putPreference(requiredFactor)
    expect(await inspectLink(house.deps, tokenOf(url), desk)).toMatchObject({ secondFactorRequired: true })
  })

  test('a user of a connector, an unknown user and a long lifetime are refused', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putUser('carol@example.com', ofConnector)
    const reset = (user: string, ttlMs = hour) => createResetLink(house.deps, { user, ttlMs }, 'admin', desk)
    expect(await refusal(reset('carol@example.com'), 'FORBIDDEN')).toContain(
      'signs in through the connector "okta"',
    )
    expect(await refusal(reset('nobody@example.com'), 'NOT_FOUND')).toBe(
      'there is no user named "nobody@example.com"',
    )
    expect(await refusal(reset(alice, day + 1), 'INVALID_INPUT')).toContain('between 1m and 24h')
  })
})
