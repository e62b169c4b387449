/** A user of a name that somebody else had (T7), where Identity Center still has a user of that name. */
import { expect, test } from 'vitest'
import type { Link } from '../../../src/core/identity-center/observation.js'
import { openWorld, start, user } from '../../service/resources/world.js'
import { plugin } from '../plugin/documents.js'

const name = 'aws-identity-center'
const bond: Link = {
  kind: 'user',
  name: 'bob',
  awsId: 'u1',
  origin: 'imported',
  linkedAt: start,
  unwantedSince: undefined,
}

test('made anew, the bond says that it was given up in between', async () => {
  const world = await openWorld()
  await world.apply([plugin(), user('bob')])
  await world.store.principalLinks.put(name, bond)
  await world.remove('user', 'bob')
  expect(await world.store.principalLinks.find(name, 'user', 'bob')).toEqual(bond)
  await world.apply(user('bob'))
  const later = { ...bond, unwantedSince: start }
  expect(await world.store.principalLinks.find(name, 'user', 'bob')).toEqual(later)
})

test('changed, the user stays the one that they were', async () => {
  const world = await openWorld()
  await world.apply([plugin(), user('bob')])
  await world.store.principalLinks.put(name, bond)
  await world.apply(user('bob', { traits: { team: ['a'] } }))
  expect(await world.store.principalLinks.find(name, 'user', 'bob')).toEqual(bond)
})
