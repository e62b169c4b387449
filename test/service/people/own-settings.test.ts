import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/core/time.js'
import { createResetLink } from '../../../src/service/people/links.js'
import { addFactor, removeFactor, startFactor } from '../../../src/service/people/own-factors.js'
import { changePassword, describeOwnSettings } from '../../../src/service/people/own-settings.js'
import { inspectLink } from '../../../src/service/people/redeem-link.js'
import { findSession } from '../../../src/service/people/session.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { alice, desk, enter, openHouse, password, refusal, requiredFactor } from './house.js'
import { settle, tokenOf, type House } from './house.js'

const better = 'nine loud herons'
const staleTicket = 'adding this authenticator app took too long or was done already; start again'

/** A session of somebody who knows the password and has not given the code yet. */
async function halfOpen(house: House) {
  const { session } = await signIn(house.deps, { user: alice, password }, desk)
  const user = await house.deps.catalog.user(alice)
  if (user === undefined) throw new Error('alice is not there')
  return { user, session }
}

describe('changing the password', () => {
  test('ends the other sessions and open links, keeps this session, and says so', async () => {
    await using house = await openHouse()
    await settle(house)
    const link = await createResetLink(house.deps, { user: alice }, 'admin', desk)
    const other = await enter(house)
    const here = await enter(house)
    await changePassword(house.deps, { current: password, new: better }, here, desk)
    expect(await findSession(house.deps, other.token)).toBeUndefined()
    expect(await findSession(house.deps, here.token)).toBeDefined()
    await refusal(inspectLink(house.deps, tokenOf(link.url), desk), 'LINK_INVALID')
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'SIGN_IN_FAILED')
    expect((await signIn(house.deps, { user: alice, password: better }, desk)).status).toBe('signed_in')
    const changed = (await house.events()).filter(({ event }) => event === 'user.password_change').at(-1)
    expect(changed).toMatchObject({ code: 'T1005I', user: alice, sessions_ended: 1, sid: here.session.id })
    expect(JSON.stringify(await house.events())).not.toContain(better)
  })

  test.each([
    [{ current: 'not this one', new: better }, 'SIGN_IN_FAILED', 'your current password is wrong'],
    [{ current: password, new: 'short' }, 'WEAK_PASSWORD', 'fewer than 12 characters'],
    [{ current: password, new: password }, 'WEAK_PASSWORD', 'is the one you have'],
  ] as const)('%j is refused with %s and changes nothing', async (input, code, words) => {
    await using house = await openHouse()
    await settle(house)
    const other = await enter(house)
    const here = await enter(house)
    expect(await refusal(changePassword(house.deps, input, here, desk), code)).toContain(words)
    expect(await findSession(house.deps, other.token)).toBeDefined()
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
  })

  test('a stolen session cannot guess the password for long', async () => {
    await using house = await openHouse()
    await settle(house)
    const here = await enter(house)
    const guess = () => changePassword(house.deps, { current: 'guess', new: better }, here, desk)
    for (let i = 0; i < 10; i++) await refusal(guess(), 'SIGN_IN_FAILED')
    await refusal(guess(), 'TOO_MANY_ATTEMPTS')
    const failures = (await house.events()).filter(({ code }) => code === 'T1000W')
    expect(failures).toHaveLength(10)
    expect(failures[0]).toMatchObject({ user: alice, message: 'asked again in own settings' })
  })

  test('of two changes at the same moment the first one stands', async () => {
    await using house = await openHouse()
    await settle(house)
    const here = await enter(house)
    const answers = await Promise.allSettled(
      [better, 'eleven calm newts'].map((choice) =>
        changePassword(house.deps, { current: password, new: choice }, here, desk),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a half-open session changes nothing', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const half = await halfOpen(house)
    const [factor] = (await describeOwnSettings(house.deps, alice)).factors
    const code = house.code(seed)
    const attempts = [
      changePassword(house.deps, { current: password, new: better }, half, desk),
      startFactor(house.deps, { password, code }, half, desk),
      addFactor(house.deps, { ticket: 'x', label: 'mine', code }, half, desk),
      removeFactor(house.deps, { id: factor?.id ?? '', code }, half, desk),
    ]
    for (const attempt of attempts) {
      expect(await refusal(attempt, 'NOT_SIGNED_IN')).toContain('finish signing in first')
    }
  })
})

describe('authenticator apps', () => {
  test('the first one needs the password and its own first code, which is spent with that', async () => {
    await using house = await openHouse()
    await settle(house)
    const here = await enter(house)
    const started = await startFactor(house.deps, { password }, here, desk)
    expect(started.uri).toContain(`secret=${started.secret}`)
    expect(await house.store.credentials.listTotp(alice)).toEqual([])
    const code = house.code(started.secret)
    const added = await addFactor(house.deps, { ticket: started.ticket, label: 'Phone', code }, here, desk)
    expect(await describeOwnSettings(house.deps, alice)).toMatchObject({
      factors: [{ id: added.id, label: 'Phone', lastUsedAt: undefined }],
      passwordChangedAt: expect.any(Number),
    })
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'mfa.add',
      code: 'T1006I',
      user: alice,
      mfa_device_name: 'Phone',
      mfa_device_uuid: added.id,
    })
    await refusal(removeFactor(house.deps, { id: added.id, code }, here, desk), 'SECOND_FACTOR_INVALID')
    expect(JSON.stringify(await house.events())).not.toContain(started.secret)
    expect(JSON.stringify(await house.store.credentials.listTotp(alice))).not.toContain(started.secret)
  })

  test('without or with a wrong password the first one cannot be added', async () => {
    await using house = await openHouse()
    await settle(house)
    const here = await enter(house)
    const none = startFactor(house.deps, { code: '123456' }, here, desk)
    expect(await refusal(none, 'SIGN_IN_FAILED')).toContain('type your password')
    const wrong = startFactor(house.deps, { password: 'not this one' }, here, desk)
    expect(await refusal(wrong, 'SIGN_IN_FAILED')).toBe('your current password is wrong')
  })

  test('another one needs a code of one that exists: the password alone is not enough', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const here = await enter(house, { seed })
    const withPassword = startFactor(house.deps, { password }, here, desk)
    expect(await refusal(withPassword, 'SECOND_FACTOR_REQUIRED')).toContain(
      'confirm with a second factor that you have',
    )
    const wrong = startFactor(house.deps, { password, code: house.wrongCode(seed) }, here, desk)
    await refusal(wrong, 'SECOND_FACTOR_INVALID')
    const { ticket, secret } = await startFactor(house.deps, { code: house.code(seed) }, here, desk)
    await addFactor(house.deps, { ticket, label: 'Tablet', code: house.code(secret) }, here, desk)
    expect((await describeOwnSettings(house.deps, alice)).factors).toHaveLength(2)
  })

  test('a ticket is for one factor, ten minutes and one session', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const here = await enter(house, { seed })
    const elsewhere = await enter(house, { seed })
    const { ticket, secret } = await startFactor(house.deps, { code: house.code(seed) }, here, desk)
    const add = (session: typeof here, sealed = ticket) =>
      addFactor(house.deps, { ticket: sealed, label: 'x', code: house.code(secret) }, session, desk)
    const wrong = addFactor(house.deps, { ticket, label: 'x', code: house.wrongCode(secret) }, here, desk)
    await refusal(wrong, 'SECOND_FACTOR_INVALID')
    expect(await refusal(add(elsewhere), 'LINK_INVALID')).toBe(staleTicket)
    expect(await refusal(add(here, `${ticket.slice(0, -2)}AA`), 'LINK_INVALID')).toBe(staleTicket)
    expect(await refusal(add(here, 'nonsense'), 'LINK_INVALID')).toBe(staleTicket)
    await add(here)
    house.nextCode()
    expect(await refusal(add(here), 'LINK_INVALID')).toBe(staleTicket)

    const late = await startFactor(house.deps, { code: house.code(seed) }, here, desk)
    house.clock.advance(10 * minute)
    expect(await refusal(add(here, late.ticket), 'LINK_INVALID')).toBe(staleTicket)
  })

  test('two tickets that the password opened add one factor: the second needs a code of the first', async () => {
    await using house = await openHouse()
    await settle(house)
    const here = await enter(house)
    const one = await startFactor(house.deps, { password }, here, desk)
    const two = await startFactor(house.deps, { password }, here, desk)
    const add = ({ ticket, secret }: typeof one) =>
      addFactor(house.deps, { ticket, label: 'x', code: house.code(secret) }, here, desk)
    const answers = await Promise.allSettled([add(one), add(two)])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await describeOwnSettings(house.deps, alice)).factors).toHaveLength(1)
  })

  test('removing one needs a code, and is recorded', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    const here = await enter(house, { seed })
    const [factor] = (await describeOwnSettings(house.deps, alice)).factors
    const id = factor?.id ?? ''
    await refusal(
      removeFactor(house.deps, { id, code: house.wrongCode(seed) }, here, desk),
      'SECOND_FACTOR_INVALID',
    )
    const unknown = removeFactor(house.deps, { id: 'no-such', code: house.code(seed) }, here, desk)
    expect(await refusal(unknown, 'NOT_FOUND')).toBe('you have no second factor with this id')
    await removeFactor(house.deps, { id, code: house.code(seed) }, here, desk)
    expect((await describeOwnSettings(house.deps, alice)).factors).toEqual([])
    expect((await house.events()).at(-1)).toMatchObject({
      event: 'mfa.delete',
      code: 'T1007I',
      mfa_device_uuid: id,
    })
  })

  test('the last one stays where everyone must have one, also when two go at the same moment', async () => {
    await using house = await openHouse()
    const { seed } = await settle(house, { withTotp: true })
    await house.putPreference(requiredFactor)
    const here = await enter(house, { seed })
    const { ticket, secret } = await startFactor(house.deps, { code: house.code(seed) }, here, desk)
    await addFactor(house.deps, { ticket, label: 'Tablet', code: house.code(secret) }, here, desk)
    house.nextCode()
    const { factors } = await describeOwnSettings(house.deps, alice)
    const codes = [house.code(seed), house.code(secret)]
    const answers = await Promise.allSettled(
      factors.map(({ id }, i) => removeFactor(house.deps, { id, code: codes[i] ?? '' }, here, desk)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [left] = (await describeOwnSettings(house.deps, alice)).factors
    house.nextCode()
    const code = house.code(left?.label === 'Tablet' ? secret : seed)
    const last = removeFactor(house.deps, { id: left?.id ?? '', code }, here, desk)
    expect(await refusal(last, 'LAST_SECOND_FACTOR')).toContain('add another one first')
  })
})
