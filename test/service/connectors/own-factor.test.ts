import { expect, test } from 'vitest'
import { minute } from '../../../src/core/time.js'
import { proveToAdd } from '../../../src/service/people/prove-self.js'
import { desk, refusal } from '../people/house.js'
import { enterAs, identity, openHouseWithOkta } from './upstream.js'

test('somebody of a connector adds the first factor within five minutes of a sign-in there, and not later', async () => {
  await using house = await openHouseWithOkta()
  const { session } = await enterAs(house, identity())
  const user = await house.deps.catalog.user(session.user)
  if (user === undefined) throw new Error('nobody is there')
  const prove = async () => await proveToAdd(house.deps, {}, { user, session }, desk)
  house.clock.advance(5 * minute - 1)
  expect(await prove()).toEqual({ first: true })
  house.clock.advance(1)
  expect(await refusal(prove(), 'SIGN_IN_FAILED')).toContain('within five minutes')
})
