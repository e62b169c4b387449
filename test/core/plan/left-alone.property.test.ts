/** @module Accounts that the filters leave out: nothing is given or taken there, whatever is desired. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/core/plan/plan.js'
import { day } from '../../../src/core/time.js'
import { Organisation } from './organisation.js'
import { buildScene, edits, expectEqualWorld, type Scene } from './scene.js'
import { World } from './world.js'

const kinds = (plan: Plan): string[] => plan.actions.map(({ action }) => action.kind)

describe('accounts that the filters leave out', () => {
  /** The first account is filtered out: AWS lists it, the inventory has it not. */
  function narrowed() {
    const ours = new Organisation()
    ours.user('ann')
    ours.list('team', [ours.ref(0, 0), ours.ref(1, 1)], { title: 'Team' })
    ours.member('team', 'ann')
    const aws = new World()
    aws.converge(ours.desired())
    const all = ours.inventory
    ours.inventory = { ...all, revision: 'narrow', accounts: all.accounts.slice(1) }
    const user = (name: string): string => aws.linkOf('user', name)?.awsId ?? ''
    return { ours, aws, user, all, knownAccounts: new Set(all.accounts.map(({ id }) => id)) }
  }

  test('a filter that is narrowed takes nothing away and says how many assignments it leaves alone', () => {
    const { ours, aws, all, knownAccounts } = narrowed()
    const plan = aws.plan(ours.desired(), { knownAccounts, inventory: ours.inventory })
    expect(plan.actions).toEqual([])
    expect(plan.drift).toEqual([])
    expect(plan.notes.join()).toContain('1 assignment of ours in accounts that the account filters leave out')
    // Wider again: they are known as ours, so nothing is found and nothing is made twice.
    ours.inventory = all
    const wide = aws.plan(ours.desired(), { knownAccounts, inventory: all })
    expect([wide.actions, wide.drift, wide.notes]).toEqual([[], [], []])
    ours.list('team', [ours.ref(1, 1)], { title: 'Team' })
    expect(kinds(aws.plan(ours.desired(), { knownAccounts, inventory: all }))).toEqual(['assignment.delete'])
  })
  test('neither a lock nor what others do there changes anything in them, and other accounts go on', () => {
    const { ours, aws, all, user, knownAccounts } = narrowed()
    const first = `${all.accounts[0]?.id ?? ''}/${all.permissionSets[2]?.arn ?? ''}`
    aws.assign('user', user('ann'), first)
    const second = `${all.accounts[1]?.id ?? ''}/${all.permissionSets[2]?.arn ?? ''}`
    aws.assign('user', user('ann'), second)
    ours.lock('ann')
    const plan = aws.plan(ours.desired(), { knownAccounts, inventory: ours.inventory })
    const gone = plan.actions.flatMap(({ action }) =>
      action.kind === 'assignment.delete' ? action.pair : [],
    )
    expect(gone).toEqual([second])
    expect(kinds(plan)).toContain('user.deactivate')
  })
  test('what would leave assignments behind in them is not deleted', () => {
    const { ours, aws, knownAccounts } = narrowed()
    ours.lists.delete('team')
    const more = { knownAccounts, inventory: ours.inventory }
    aws.converge(ours.desired(), more)
    aws.now += 30 * day
    ours.now = aws.now
    const plan = aws.plan(ours.desired(), more)
    expect(kinds(plan)).not.toContain('group.delete')
    expect(plan.notes.join()).toContain('is not deleted')
  })
  test('once it is known that the account left the organisation, its rows are forgotten', () => {
    const { ours, aws, knownAccounts, all } = narrowed()
    const left = new Set([...knownAccounts].filter((id) => id !== all.accounts[0]?.id))
    const plan = aws.plan(ours.desired(), { knownAccounts: left, inventory: ours.inventory })
    expect(kinds(plan)).toEqual(['ledger.update'])
  })
})

const history = fc.array(fc.array(edits, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
const runs = Number(process.env['PLAN_RUNS'] ?? 200)

/** What is assigned in these accounts, by principal. */
function assignedIn({ aws }: Scene, accounts: ReadonlySet<string>): Map<string, string[]> {
  const inside = [...aws.assignments].map(([key, pairs]): [string, string[]] => [
    key,
    [...pairs].filter((pair) => accounts.has(pair.split('/')[0] ?? '')).sort(),
  ])
  return new Map(inside.filter(([, pairs]) => pairs.length > 0))
}

test(
  'in accounts that the filters leave out nothing is given or taken, and wider filters make all right again',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(7), { minLength: 8, maxLength: 8 }), (rounds, masks) => {
        const scene = buildScene()
        const { ours, aws } = scene
        const all = ours.inventory
        const knownAccounts = new Set(all.accounts.map(({ id }) => id))
        aws.converge(ours.desired(), { knownAccounts, inventory: all })
        for (const [at, round] of rounds.entries()) {
          for (const does of round) does(scene)
          const accounts = all.accounts.filter((_, place) => (((masks[at] ?? 0) >> place) & 1) === 0)
          const open = new Set(accounts.map(({ id }) => id))
          const closed = new Set([...knownAccounts].filter((id) => !open.has(id)))
          ours.inventory = { ...all, revision: `round ${at}`, accounts }
          const before = assignedIn(scene, closed)
          const last = aws.converge(ours.desired(), { knownAccounts, inventory: ours.inventory })
          expect(assignedIn(scene, closed)).toEqual(before)
          for (const { target, kind } of last.drift) {
            if (kind === 'assignment') expect(closed.has(target?.split('/')[0] ?? '')).toBe(false)
          }
          ours.inventory = all
        }
        const desired = ours.desired()
        aws.converge(desired, { knownAccounts, inventory: all })
        expectEqualWorld(scene, desired)
      }),
      { numRuns: runs },
    )
  },
)
