import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/core/time.js'
import {
  countAttempt,
  forgiveAttempts,
  limitAddress,
  network,
  recogniseAddress,
  siteOf,
  takeBack,
  type Attempt,
  type LimitDeps,
} from '../../../src/service/people/limits.js'
import { inspectLink } from '../../../src/service/people/redeem-link.js'
import { signIn } from '../../../src/service/people/sign-in.js'
import { csrfToken, equalText, hashToken } from '../../../src/service/people/tokens.js'
import { createInvite } from '../../../src/service/people/links.js'
import { alice, desk, enter, openHouse, password, refusal, settle, tokenOf } from './house.js'

describe('what counts as one address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['not an address', 'not an address'],
    ['', ''],
  ])('%s counts as %s', (address, unit) => {
    expect(network(address)).toBe(unit)
  })
})

describe('what counts as one site', () => {
  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['192.0.2.7', undefined],
    ['::ffff:192.0.2.7', undefined],
    ['not an address', undefined],
  ])('%s: %s', (address, site) => {
    expect(siteOf(address)).toBe(site)
  })
})

describe('the counts', () => {
  const at = (user: string, address = '192.0.2.7'): Attempt => ({ act: 'password', user, address })

  /** Fails `times` attempts, each under a name of its own; answers how many were allowed. */
  async function failUnder(deps: LimitDeps, times: number, address: (i: number) => string): Promise<number> {
    let allowed = 0
    for (let i = 0; i < times; i++) {
      if ((await countAttempt(deps, at(`made-up-${i}`, address(i)))).allowed) allowed += 1
    }
    return allowed
  }

  test('an address may fail 300 times, and succeed any number of times', async () => {
    await using house = await openHouse()
    for (let i = 0; i < 320; i++) {
      const attempt = at(`person-${i}`)
      const verdict = await countAttempt(house.deps, attempt)
      if (!verdict.allowed) throw new Error(`attempt ${i} was stopped`)
      await forgiveAttempts(house.deps, attempt, verdict)
    }
    expect(await failUnder(house.deps, 310, () => '192.0.2.7')).toBe(300)
  })

  test('a success gives back its own hit, not the failures of its neighbours', async () => {
    await using house = await openHouse()
    expect(await failUnder(house.deps, 299, () => '192.0.2.7')).toBe(299)
    const verdict = await countAttempt(house.deps, at('last'))
    expect((await countAttempt(house.deps, at('one more'))).allowed).toBe(false)
    if (!verdict.allowed) throw new Error('the last attempt was stopped')
    await forgiveAttempts(house.deps, at('last'), verdict)
    expect((await countAttempt(house.deps, at('yet another'))).allowed).toBe(false)
  })

  test('a neighbour who fails under made-up names locks out strangers there, not who signs in there', async () => {
    await using house = await openHouse()
    await settle(house)
    await enter(house)
    expect(await failUnder(house.deps, 310, () => desk.address)).toBe(300)
    await refusal(signIn(house.deps, { user: 'bob@example.com', password }, desk), 'TOO_MANY_ATTEMPTS')
    expect((await signIn(house.deps, { user: alice, password }, desk)).status).toBe('signed_in')
    for (let i = 0; i < 10; i++) {
      await refusal(signIn(house.deps, { user: alice, password: 'not this one' }, desk), 'SIGN_IN_FAILED')
    }
    await refusal(signIn(house.deps, { user: alice, password }, desk), 'TOO_MANY_ATTEMPTS')
  })

  test('an attempt that one count stopped is no failure for the others', async () => {
    await using house = await openHouse()
    const stuck = at('stuck')
    const verdicts = []
    for (let i = 0; i < 400; i++) verdicts.push((await countAttempt(house.deps, stuck)).allowed)
    expect(verdicts.filter(Boolean)).toHaveLength(10)
    expect(await failUnder(house.deps, 300, () => '192.0.2.7')).toBe(290)
  })

  test('an IPv6 site may fail four times as often as one of its networks, however many it has', async () => {
    await using house = await openHouse()
    const anyNetwork = (i: number) => `2001:db8:1:${i.toString(16)}::7`
    expect(await failUnder(house.deps, 310, () => '2001:db8:1:ffff::7')).toBe(300)
    expect(await failUnder(house.deps, 910, anyNetwork)).toBe(900)
    expect((await countAttempt(house.deps, at('x', '2001:db8:2::7'))).allowed).toBe(true)
    await recogniseAddress(house.deps, alice, '2001:db8:1:5::7')
    expect((await countAttempt(house.deps, at(alice, '2001:db8:1:5::8'))).allowed).toBe(true)
  })

  test('a hit is not taken back from a later window', async () => {
    await using house = await openHouse()
    const counted = await limitAddress(house.deps, 'link', desk.address)
    house.clock.advance(15 * minute)
    for (let i = 0; i < 300; i++) await limitAddress(house.deps, 'link', desk.address)
    await takeBack(house.deps, counted)
    await refusal(limitAddress(house.deps, 'link', desk.address), 'TOO_MANY_ATTEMPTS')
  })

  test('links: 300 that are not valid stop an address, valid ones never do', async () => {
    await using house = await openHouse()
    await house.putRole('access')
    const { url } = await createInvite(house.deps, { name: alice, roles: ['access'] }, 'admin', desk)
    for (let i = 0; i < 310; i++) await inspectLink(house.deps, tokenOf(url), desk)
    for (let i = 0; i < 300; i++) await refusal(inspectLink(house.deps, `none-${i}`, desk), 'LINK_INVALID')
    expect(await refusal(inspectLink(house.deps, tokenOf(url), desk), 'TOO_MANY_ATTEMPTS')).toBe(
      'too many attempts; wait 15 minutes and try again',
    )
  })
})

describe('tokens', () => {
  test('the stored form is the base64url SHA-256', () => {
    expect(hashToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  test('the CSRF token belongs to one session and is not its cookie', () => {
    expect(csrfToken('one')).toBe(csrfToken('one'))
    expect(csrfToken('one')).not.toBe(csrfToken('two'))
    expect(csrfToken('one')).not.toBe(hashToken('one'))
  })

  test.each([
    ['same', 'same', true],
    ['', '', true],
    ['same', 'samf', false],
    ['same', 'sam', false],
    ['same', '', false],
  ])('%j and %j: %s', (one, other, equal) => {
    expect(equalText(one, other)).toBe(equal)
  })
})
