/** A list that is stored with a review that is overdue already: what begins at once is told before. */
import { expect, test } from 'vitest'
import { openWorld, start, user } from '../resources/world.js'

const dayMs = 86_400_000
const dayAt = (days: number) => new Date(start + days * dayMs).toISOString().slice(0, 10)

function list(next: number, then: string) {
  return {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'team' },
    spec: {
      title: 'Team',
      owners: ['ann'],
      audit: {
        next_audit_date: dayAt(next),
        recurrence: { frequency: 3 },
        when_overdue: { then, after: '0h' },
      },
    },
  }
}

async function openHouse(then: string) {
  const world = await openWorld()
  await world.apply([user('ann'), user('bob'), list(90, then)])
  const facts = { awsUserId: undefined, joinedAt: start, expiresAt: undefined, addedBy: 'ann', reason: '' }
  const put = (...names: string[]) =>
    world.store.members.put(names.map((name) => ({ list: 'team', kind: 'user', name, ...facts })))
  const notes = async (document: object) => {
    const changes = await world.apply([document])
    return changes.flatMap((change) => change.notes)
  }
  return { put, notes }
}

test.each<[string, RegExp]>([
  ['remove_grants', /^The review is overdue at once: 2 people lose what the list gives, here and in AWS/],
  ['freeze', /^The review is overdue at once: nobody can be added/],
])('%s is told with whom it hits, once', async (then, says) => {
  const { put, notes } = await openHouse(then)
  await put('ann', 'bob')
  expect(await notes(list(-13, then))).toEqual([expect.stringMatching(says)])
  // It is in force already: nothing begins by the next change.
  expect(await notes(list(-14, then))).toEqual([])
})

test.each<[string, number, string, boolean]>([
  ['a date to come', 13, 'remove_grants', true],
  ['a policy that only reminds', -13, 'remind', true],
  ['a list without members', -13, 'remove_grants', false],
])('%s begins nothing', async (_, next, then, isFilled) => {
  const { put, notes } = await openHouse(then)
  if (isFilled) await put('ann')
  expect(await notes(list(next, then))).toEqual([])
})
