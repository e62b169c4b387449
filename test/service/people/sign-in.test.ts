import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/core/time.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { signInTotp } from '../../../src/service/people/sign-in-totp.js'
import { changePassword } from '../../../src/service/people/own-settings.js'
import { findSession } from '../../../src/service/people/session.js'
import { Argon2Hasher } from '../../../src/authn/password.js'
import {
  alice,
  desk,
  enter,
  from,
  ofConnector,
  openHouse,
  password,
  refusal,
  requiredFactor,
  settle,
} from './house.js'

const wrong = 'the name or the password is wrong'

describe('sign-in with a password', () => {
  test('the right password opens a full session and says so in the audit log', async () => {
    await using house = await openHouse()
    await settle(house)
    const { status, token, session } = await signIn(house.deps, { user: alice, password }, desk)
    expect(status).toBe('signed_in')
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(session).toMatchObject({ user: alice, stage: 'full', methods: ['password'] })
    expect((await findSession(house.deps, token))?.user.name).toBe(alice)
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'user.login',
      code: 'T1000I',
      success: true,
      user: alice,
      method: 'local',
      sid: session.id,
      'addr.remote': desk.address,
      user_agent: 'Firefox',
      request_id: 'r-1',
      cluster_name: 'gatehouse.test',
    })
  })

  test('the store keeps the hash of the cookie and never the cookie', async () => {
    await using house = await openHouse()
    await settle(house)
    const { token, session } = await signIn(house.deps, { user: alice, password }, desk)
    expect(session.tokenHash).not.toContain(token)
    expect(await house.store.sessions.find(token)).toBeUndefined()
  })

  test('unknown, without password, of a connector, wrong password: the same words, code and work', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putUser('invited@example.com', { roles: ['access'] })
    await house.putUser('carol@example.com', ofConnector)
    const answers: unknown[] = []
    for (const user of [
      alice,
      'nobody@example.com',
      'invited@example.com',
      'carol@example.com',
      'ALICE@example.com',
      'a\0b',
      '../x',
    ]) {
      house.work.verifications = 0
      const before = (await house.events()).length
      const message = await refusal(
        signIn(house.deps, { user, password: 'not this one' }, desk),
        'SIGN_IN_FAILED',
      )
      const [event, ...more] = (await house.events()).slice(before)
      answers.push({
        message,
        work: house.work.verifications,
        code: event?.['code'],
        error: event?.['error'],
      })
      expect(more).toEqual([])
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ message: wrong, work: 1, code: 'T1000W', error: wrong })]),
    )
  })

  test('the audit log alone knows why, and never what was typed as an unknown name', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putUser('invited@example.com', { roles: ['access'] })
    for (const user of [alice, 'invited@example.com', password]) {
      await refusal(signIn(house.deps, { user, password: 'not this one' }, desk), 'SIGN_IN_FAILED')
    }
    const failures = (await house.events()).filter(({ code }) => code === 'T1000W')
    expect(failures.map(({ user, message }) => ({ user, message }))).toEqual([
      { user: alice, message: 'the password is wrong' },
      { user: 'invited@example.com', message: 'this user has no password yet' },
      { user: undefined, message: 'there is no such user' },
    ])
    expect(failures[2]?.['unknown_user_tag']).toMatch(/^[0-9a-f]{4}$/)
    const text = JSON.stringify(await house.events())
    expect(text).not.toContain(password)
    expect(text).not.toContain('not this one')
  })

  test('a name that a connector made is not taken over by a local password', async () => {
    await using house = await openHouse()
    await settle(house)
    const owned = { user: alice, hash: await house.deps.passwords.hash(password), changedAt: 0 }
    await house.putUser('carol@example.com', ofConnector)
    await house.store.credentials.putPassword({ ...owned, user: 'carol@example.com' })
    const attempt = signIn(house.deps, { user: 'carol@example.com', password }, desk)
    expect(await refusal(attempt, 'SIGN_IN_FAILED')).toBe(wrong)
    expect((await house.events()).at(-1)).toMatchObject({ message: 'this user signs in through "okta" only' })
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
  })

  test('a sign-in that a change of password overtakes leaves no session behind', async () => {
    await using house = await openHouse()
    await settle(house)
    const hash = await house.deps.passwords.hash('another good one')
    house.work.beforeVerify = async () => {
      await house.store.credentials.putPassword({ user: alice, hash, changedAt: house.clock.now() })
    }
    const attempt = signIn(house.deps, { user: alice, password }, desk)
    expect(await refusal(attempt, 'SIGN_IN_FAILED')).toBe(wrong)
    expect(await house.store.sessions.listByUser(alice)).toEqual([])
    expect((await house.events()).at(-1)).toMatchObject({ message: 'the password was changed meanwhile' })
  })

  test('a hash of an older cost is replaced at the next sign-in', async () => {
    await using house = await openHouse()
    await settle(house)
    const before = await house.store.credentials.findPassword(alice)
    const passwords = new Argon2Hasher({ cost: { memoryKiB: 64, passes: 2, lanes: 1 } })
    await signIn({ ...house.deps, passwords }, { user: alice, password }, desk)
    const after = await house.store.credentials.findPassword(alice)
    expect(after?.hash).toContain('t=2')
    expect(after?.changedAt).toBe(before?.changedAt)
    expect((await signIn({ ...house.deps, passwords }, { user: alice, password }, desk)).status).toBe(
      'signed_in',
    )
  })
})

describe('sign-in with a second factor', () => {
  test('password, then code: the token changes at each step and the earlier ones open nothing', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const planted = 'A'.repeat(43)
    const half = await signIn(house.deps, { user: alice, password }, desk, planted)
    expect(half.status).toBe('second_factor_required')
    expect(half.session).toMatchObject({ stage: 'password', expiresAt: house.clock.now() + 5 * minute })
    const full = await signInTotp(house.deps, { code: house.code(seed) }, desk, half.token)
    expect(full.status).toBe('signed_in')
    expect(full.session).toMatchObject({ stage: 'full', methods: ['password', 'totp'] })
    expect(new Set([planted, half.token, full.token]).size).toBe(3)
    expect(new Set([half.session.id, full.session.id]).size).toBe(2)
    expect(await findSession(house.deps, planted)).toBeUndefined()
    expect(await findSession(house.deps, half.token)).toBeUndefined()
    expect((await findSession(house.deps, full.token))?.session.stage).toBe('full')
    const factor = { mfa_device_name: 'Authenticator app', mfa_device_type: 'TOTP' }
    expect((await house.events()).slice(-3)).toMatchObject([
      { event: 'mfa_auth_challenge.create', code: 'T1015I', challenge_scope: 'CHALLENGE_SCOPE_LOGIN' },
      { event: 'mfa_auth_challenge.validate', code: 'T1016I', success: true, mfa_device: factor },
      { event: 'user.login', code: 'T1000I', success: true, mfa_device: factor, sid: full.session.id },
    ])
  })

  test('signing in again ends the session that the browser had', async () => {
    await using house = await openHouse()
    await settle(house)
    const first = await signIn(house.deps, { user: alice, password }, desk)
    const second = await signIn(house.deps, { user: alice, password }, desk, first.token)
    expect(await findSession(house.deps, first.token)).toBeUndefined()
    expect(await findSession(house.deps, second.token)).toBeDefined()
  })

  test('a failed sign-in leaves the session that the browser had', async () => {
    await using house = await openHouse()
    await settle(house)
    const first = await signIn(house.deps, { user: alice, password }, desk)
    await refusal(signIn(house.deps, { user: alice, password: 'no' }, desk, first.token), 'SIGN_IN_FAILED')
    expect(await findSession(house.deps, first.token)).toBeDefined()
  })

  test('a wrong code is refused, recorded, and the person may try again', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const half = await signIn(house.deps, { user: alice, password }, desk)
    const right = house.code(seed)
    const bad = house.wrongCode(seed)
    const attempt = signInTotp(house.deps, { code: bad }, desk, half.token)
    expect(await refusal(attempt, 'SECOND_FACTOR_INVALID')).toBe(
      'the code is wrong or was used before; wait for the next one in your authenticator app',
    )
    expect((await house.events()).slice(-2)).toMatchObject([
      { event: 'mfa_auth_challenge.validate', code: 'T1016W', success: false },
      { event: 'user.login', code: 'T1000W', success: false, user: alice },
    ])
    expect((await signInTotp(house.deps, { code: right }, desk, half.token)).status).toBe('signed_in')
  })

  test('a code works once, also the one before it, also for two at the same time', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const code = house.code(seed)
    const older = house.code(seed, -1)
    const halves = [
      await signIn(house.deps, { user: alice, password }, desk),
      await signIn(house.deps, { user: alice, password }, desk),
    ]
    const answers = await Promise.allSettled(
      halves.map(({ token }) => signInTotp(house.deps, { code }, desk, token)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const third = await signIn(house.deps, { user: alice, password }, desk)
    for (const spent of [code, older]) {
      await refusal(signInTotp(house.deps, { code: spent }, desk, third.token), 'SECOND_FACTOR_INVALID')
    }
    house.nextCode()
    const fresh = await signInTotp(house.deps, { code: house.code(seed) }, desk, third.token)
    expect(fresh.status).toBe('signed_in')
  })

  test('without a half-open session a code opens nothing', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const full = await enter(house, { seed })
    for (const token of [undefined, 'B'.repeat(43), full.token]) {
      const attempt = signInTotp(house.deps, { code: house.code(seed) }, desk, token)
      expect(await refusal(attempt, 'NOT_SIGNED_IN')).toBe('sign in with your name and password first')
    }
  })

  test('after five minutes the second factor comes too late', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const half = await signIn(house.deps, { user: alice, password }, desk)
    house.clock.advance(5 * minute)
    await refusal(signInTotp(house.deps, { code: house.code(seed) }, desk, half.token), 'NOT_SIGNED_IN')
  })

  test('a change of password ends a sign-in that waits for its code', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const { user, session } = await enter(house, { seed })
    const half = await signIn(house.deps, { user: alice, password }, desk)
    await changePassword(house.deps, { current: password, new: 'nine loud herons' }, { user, session }, desk)
    await refusal(signInTotp(house.deps, { code: house.code(seed) }, desk, half.token), 'NOT_SIGNED_IN')
  })

  test('where everyone needs a factor, a person without one is told how to get it, after the password only', async () => {
    await using house = await openHouse()
    await settle(house)
    await house.putPreference(requiredFactor)
    const attempt = signIn(house.deps, { user: alice, password }, desk)
    expect(await refusal(attempt, 'SECOND_FACTOR_MISSING')).toContain('ask an administrator for a reset link')
    const guess = signIn(house.deps, { user: alice, password: 'not this one' }, desk)
    expect(await refusal(guess, 'SIGN_IN_FAILED')).toBe(wrong)
    expect(await house.store.sessions.listByUser(alice)).toEqual([])
  })
})

describe('limits of sign-in', () => {
  const guess = { user: alice, password: 'not this one' }

  test.each([alice, 'nobody@example.com'])(
    'ten failures from one address lock %s there, with the wait',
    async (user) => {
      await using house = await openHouse()
      await settle(house)
      for (let i = 0; i < 10; i++) {
        await refusal(signIn(house.deps, { ...guess, user }, desk), 'SIGN_IN_FAILED')
      }
      house.work.verifications = 0
      house.clock.advance(5 * minute)
      const locked = signIn(house.deps, { user, password }, desk)
      await expect(locked).rejects.toMatchObject({
        code: 'TOO_MANY_ATTEMPTS',
        message: 'too many attempts; wait 10 minutes and try again',
        details: { retryAfterSeconds: 600 },
      })
      expect(house.work.verifications).toBe(0)
    },
  )

  test('the lockout ends with its window, and a success forgives earlier mistypings', async () => {
    await using house = await openHouse()
    await settle(house)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 9; i++) await refusal(signIn(house.deps, guess, desk), 'SIGN_IN_FAILED')
      await signIn(house.deps, { user: alice, password }, desk)
    }
    for (let i = 0; i < 10; i++) await refusal(signIn(house.deps, guess, desk), 'SIGN_IN_FAILED')
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'TOO_MANY_ATTEMPTS')
    house.clock.advance(15 * minute)
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
  })

  test('attempts at the same time cannot slip through together', async () => {
    await using house = await openHouse()
    await settle(house)
    house.work.verifications = 0
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, () => signIn(house.deps, guess, desk)),
    )
    const codes = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'none'))
    expect(codes.filter((code) => code === 'SIGN_IN_FAILED')).toHaveLength(10)
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(30)
    expect(house.work.verifications).toBe(10)
  })

  test('a locked attempt is recorded once in its window, not each time', async () => {
    await using house = await openHouse()
    await settle(house)
    for (let i = 0; i < 10; i++) await refusal(signIn(house.deps, guess, desk), 'SIGN_IN_FAILED')
    const before = (await house.events()).length
    for (let i = 0; i < 5; i++) await refusal(signIn(house.deps, guess, desk), 'TOO_MANY_ATTEMPTS')
    const after = (await house.events()).slice(before)
    expect(after).toMatchObject([{ event: 'user.login', code: 'T1000W', message: 'too many attempts' }])
  })

  test('guessing from elsewhere does not lock the person out at their own desk', async () => {
    await using house = await openHouse()
    await settle(house)
    await enter(house)
    // A hundred machines, far beyond what one name may fail in an hour.
    for (let i = 0; i < 110; i++) {
      await signIn(house.deps, guess, from(`198.51.100.${i}`)).catch(() => undefined)
    }
    await refusal(signIn(house.deps, guess, from('203.0.113.9')), 'TOO_MANY_ATTEMPTS')
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
  })

  test('one password tried on many names is stopped by the address', async () => {
    await using house = await openHouse()
    const guess = (i: number) => signIn(house.deps, { user: `user-${i}@example.com`, password }, desk)
    for (let i = 0; i < 300; i++) await refusal(guess(i), 'SIGN_IN_FAILED')
    for (let i = 300; i < 303; i++) await refusal(guess(i), 'TOO_MANY_ATTEMPTS')
  })

  test('codes are limited too, also over several half-open sessions', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const bad = house.wrongCode(seed)
    for (let i = 0; i < 10; i++) {
      const half = await signIn(house.deps, { user: alice, password }, desk)
      await refusal(signInTotp(house.deps, { code: bad }, desk, half.token), 'SECOND_FACTOR_INVALID')
    }
    const half = await signIn(house.deps, { user: alice, password }, desk)
    await refusal(signInTotp(house.deps, { code: house.code(seed) }, desk, half.token), 'TOO_MANY_ATTEMPTS')
  })

  test('a restart forgets no lockout and no session', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-people-'))
    const url = `sqlite:${join(folder, 'gatehouse.db')}`
    try {
      let token: string
      {
        await using house = await openHouse({ url })
        await settle(house)
        token = (await signIn(house.deps, { user: alice, password }, desk)).token
        for (let i = 0; i < 10; i++) {
          await refusal(signIn(house.deps, guess, from('203.0.113.9')), 'SIGN_IN_FAILED')
        }
      }
      await using house = await openHouse({ url })
      const attempt = signIn(house.deps, { user: alice, password }, from('203.0.113.9'))
      await refusal(attempt, 'TOO_MANY_ATTEMPTS')
      expect((await findSession(house.deps, token))?.user.name).toBe(alice)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
