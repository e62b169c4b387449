/** What has expired is removed, and nothing else. */
import { expect, test } from 'vitest'
import { removeExpired } from '../../src/service/housekeeping.js'
import { openHouse } from './people/house.js'

test('proofs of a second factor are removed once they are over', async () => {
  await using house = await openHouse()
  const { store, clock, deps } = house
  const proof = {
    user: 'alice',
    sessionId: 's',
    purpose: 'review_requests',
    method: 'totp',
    unspent: ['r'],
  } as const
  await store.mfaProofs.create('over', { ...proof, expiresAt: clock.now() - 1 })
  await store.mfaProofs.create('good', { ...proof, expiresAt: clock.now() + 1 })
  await removeExpired(deps)
  expect(await store.mfaProofs.find('over')).toBeUndefined()
  expect(await store.mfaProofs.find('good')).toEqual({ ...proof, expiresAt: clock.now() + 1 })
})
