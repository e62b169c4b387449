import { describe, expect, test } from 'vitest'
import {
  checkUsers,
  isQuiet,
  looksLikeAddress,
  type SignInRefusal,
} from '../../../src/core/import/preflight.js'
import { factsOf, knownUser, observedUser, pair } from './facts.js'

function verdictsOf(brief: Parameters<typeof factsOf>[0]) {
  const { users, ...rest } = checkUsers(factsOf(brief))
  const said = users.filter((user) => !isQuiet(user))
  return { ...rest, verdicts: Object.fromEntries(said.map(({ userName, verdict }) => [userName, verdict])) }
}

const noRole: SignInRefusal = { verdict: 'roles_refuse', says: 'Holds no role.', remedy: 'Give one.' }
const noPassword: SignInRefusal = { verdict: 'no_password', says: 'Has none.', remedy: 'Send a link.' }

describe('the check of users', () => {
  test('is passed by those who are here under exactly their names', () => {
    const { ready, counts, verdicts } = verdictsOf({
      awsUsers: { 'u-1': 'a@example.com' },
      users: ['a@example.com'],
    })
    expect({ ready, ok: counts.ok, verdicts }).toEqual({ ready: true, ok: 1, verdicts: {} })
  })

  test('tells those who are only here apart from those who are fine in AWS', () => {
    const checked = checkUsers(
      factsOf({ awsUsers: { 'u-1': 'a@example.com' }, users: ['a@example.com', 'b@example.com', 'robot'] }),
    )
    // "robot" is no address: of it something has to be said.
    expect(checked).toMatchObject({ counts: { ok: 2, missing_attribute: 1 }, onlyHere: 1 })
  })

  test('calls nobody fine whom a sign-in would refuse, and is not passed where they have access', () => {
    const facts = factsOf({
      awsUsers: { 'u-1': 'a@example.com', 'u-2': 'b@example.com', 'u-3': 'c@example.com' },
      groups: { 'g-1': { name: 'dev', members: ['u-1'], pairs: [pair(1, 1)] } },
      users: ['a@example.com', 'b@example.com', 'c@example.com'],
    })
    const refusals = new Map([
      ['a@example.com', noRole],
      ['b@example.com', noPassword],
    ])
    const checked = checkUsers(facts, refusals)
    expect(checked.users.map(({ userName, verdict }) => `${userName} ${verdict}`)).toEqual([
      'a@example.com roles_refuse',
      'b@example.com no_password',
      'c@example.com ok',
    ])
    expect(checked).toMatchObject({ ready: false, shutOut: 1, counts: { ok: 1 } })
    expect(checked.users[0]?.says).toBe(
      'Holds no role. They have access in AWS, which they would not reach any more.',
    )
    expect(checked.users[1]?.says).toBe('Has none.')
    // Without access in AWS there is nothing to be shut out of.
    refusals.delete('a@example.com')
    expect(checkUsers(facts, refusals)).toMatchObject({ ready: true, shutOut: 0 })
  })

  test('knows access through a group as well as direct access', () => {
    const { verdicts, ready } = verdictsOf({
      awsUsers: { 'u-1': 'a@example.com', 'u-2': 'b@example.com', 'u-3': 'c@example.com' },
      groups: { 'g-1': { name: 'dev', members: ['u-1'], pairs: [pair(1, 1)] } },
      direct: { 'u-2': [pair(1, 1)] },
    })
    expect(verdicts).toEqual({
      'a@example.com': 'would_lose_access',
      'b@example.com': 'would_lose_access',
      'c@example.com': 'no_gatehouse_user',
    })
    expect(ready).toBe(false)
  })

  test('does not take a name in another case for the same, and says which to rename (authentik #4554)', () => {
    const facts = factsOf({ awsUsers: { 'u-1': 'Ada@example.com' }, users: ['ada@example.com'] })
    expect(checkUsers(facts).users).toMatchObject([
      {
        userName: 'Ada@example.com',
        verdict: 'different_case',
        remedy: expect.stringContaining('ada@example.com') as string,
      },
    ])
  })

  test('goes by names and never by mail addresses, as AWS does (authentik #22771, pocket-id #1353)', () => {
    const { verdicts, ready } = verdictsOf({
      awsUsers: { 'u-1': 'ada@example.com', 'u-2': 'dev@example.com' },
      direct: { 'u-1': [pair(1, 1)], 'u-2': [pair(1, 1)] },
      users: [
        knownUser({ name: 'countess@example.com', traits: { email: ['ada@example.com'] } }),
        knownUser({ name: 'dev@example.com', traits: { email: ['else@example.org'] } }),
      ],
    })
    expect(verdicts).toMatchObject({ 'ada@example.com': 'would_lose_access' })
    expect(verdicts).not.toHaveProperty(['dev@example.com'])
    expect(ready).toBe(false)
  })

  test('finds users of AWS whose names fold together, and people here with one mail address', () => {
    const { verdicts } = verdictsOf({
      awsUsers: { 'u-1': 'a@example.com', 'u-2': 'A@example.com', 'u-3': 'c@example.com' },
      users: [
        'a@example.com',
        knownUser({ name: 'c@example.com', traits: { email: ['same@example.com'] } }),
        knownUser({ name: 'd@example.com', traits: { email: ['Same@example.com'] } }),
      ],
    })
    expect(verdicts).toEqual({
      'a@example.com': 'duplicate',
      'A@example.com': 'duplicate',
      'c@example.com': 'duplicate',
      'd@example.com': 'duplicate',
    })
  })

  test('tells of names that are no mail addresses; one that AWS does not know keeps nobody from going on', () => {
    const inAws = verdictsOf({ awsUsers: { 'u-1': 'root' }, users: ['root'] })
    expect([inAws.verdicts['root'], inAws.ready]).toEqual(['missing_attribute', false])
    const here = verdictsOf({ users: ['root'] })
    expect([here.verdicts['root'], here.ready]).toEqual(['missing_attribute', true])
  })

  test('tells of the deactivated and the locked', () => {
    const facts = factsOf({
      awsUsers: {},
      users: ['a@example.com', knownUser({ name: 'b@example.com', isLocked: true })],
    })
    const users = new Map([
      ['u-1', { ...observedUser('u-1', 'a@example.com'), active: false }],
      ['u-2', observedUser('u-2', 'b@example.com')],
      ['u-3', { ...observedUser('u-3', 'c@example.com'), active: false }],
    ])
    const { counts } = checkUsers({ ...facts, observation: { ...facts.observation, users } })
    expect(counts.inactive).toBe(3)
  })

  test.each([
    ['a@example.com', true],
    ['a@b', false],
    ['a b@example.com', false],
    ['@example.com', false],
    ['a@@example.com', false],
    ['a@.com', false],
  ])('%s looks like an address: %s', (text, expected) => {
    expect(looksLikeAddress(text)).toBe(expected)
  })
})
