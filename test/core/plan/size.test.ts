/**
 * @module The largest organisation that is promised: what is desired and planned keeps the shape that makes it
 * affordable. Times are measured by the bench; here is only what would make them impossible.
 */
import { expect, test } from 'vitest'
import { buildInventory } from '../../support/inventory.js'
import { Organisation } from './organisation.js'
import { World } from './world.js'

const size = { users: 10_000, lists: 5_000, membersOfList: 20, accounts: 1_000, sets: 500 }

function buildLarge(): Organisation {
  const ours = new Organisation(buildInventory({ accounts: size.accounts, permissionSets: size.sets }))
  ours.role('everything', { allowAssignments: [{ account: '*', permissionSet: '*' }] })
  ours.role('readers', {
    allowAssignments: [{ account: '*', permissionSet: ours.entry(0, 2).permissionSet }],
  })
  ours.role('no-first', { denyAssignments: [ours.entry(0, 0)] })
  for (let at = 0; at < size.users; at++) {
    const roles = at === 0 ? ['everything'] : at % 400 === 4 ? ['readers'] : at % 50 === 1 ? ['no-first'] : []
    ours.user(`user-${at}@example.com`, roles)
  }
  for (let at = 0; at < size.lists; at++) {
    const refs = [0, 1, 2].map((step) =>
      ours.ref((at * 7 + step) % size.accounts, (at + step * 11) % size.sets),
    )
    ours.list(`list-${at}`, refs)
    for (let member = 0; member < size.membersOfList; member++) {
      ours.members.push({
        list: `list-${at}`,
        kind: 'user',
        name: `user-${(at * 31 + member * 97) % size.users}@example.com`,
        awsUserId: undefined,
        joinedAt: 0,
        expiresAt: undefined,
        addedBy: 'admin',
        reason: '',
      })
    }
  }
  return ours
}

test(
  '10,000 users, 5,000 lists and 500,000 pairs are planned with pairs that people share',
  { timeout: 60_000 },
  () => {
    const ours = buildLarge()
    const aws = new World()
    const started = performance.now()
    const desired = ours.desired()
    const built = performance.now()
    const plan = aws.plan(desired, { mode: 'first' })
    const planned = performance.now()
    if (process.env['PLAN_FIGURES'] !== undefined) {
      const used = Math.round(process.memoryUsage().heapUsed / 1e6)
      console.info(
        `desired ${Math.round(built - started)} ms, plan ${Math.round(planned - built)} ms, heap ${used} MB, ${plan.actions.length} actions`,
      )
    }
    // Whoever would have half a million pairs is set aside before one of them is written out.
    expect(desired.setAside.map(({ name, code }) => ({ name, code }))).toEqual([
      { name: 'user-0@example.com', code: 'too_many_pairs' },
    ])
    expect(desired.groups.size).toBe(size.lists)
    // People with the same roles share one value, not one each.
    const readers = [...desired.userPairs.values()].filter((pairs) => pairs.size === size.accounts)
    expect(readers.length).toBe(25)
    expect(new Set(readers).size).toBe(1)
    expect(new Set(desired.userPairs.values()).size).toBeLessThan(200)
    expect(plan.actions.filter(({ action }) => action.kind === 'user.create')).toHaveLength(size.users - 1)
    expect(plan.actions.filter(({ action }) => action.kind === 'group.create')).toHaveLength(size.lists)
  },
)
