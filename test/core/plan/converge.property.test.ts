/**
 * @module Random organisations, random edits here and in AWS: after each the plans come to an end, AWS is what is
 * desired, nothing of others was touched, and a second look finds nothing to do.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildDesired } from '../../../src/core/entitlement/build-desired.js'
import { requestOver } from '../../../src/core/plan/diff-assignments.js'
import { makePlan, type PlanInput } from '../../../src/core/plan/make-plan.js'
import { day, hour } from '../../../src/core/time.js'
import { buildScene, edits, expectEqualWorld } from './scene.js'

const history = fc.array(fc.array(edits, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
const runs = Number(process.env['PLAN_RUNS'] ?? 200)

test(
  'plans come to an end with AWS as desired, and what is foreign is never touched',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(history, (rounds) => {
        const scene = buildScene()
        for (const round of rounds) {
          for (const does of round) does(scene)
          const desired = scene.ours.desired()
          scene.aws.calls.length = 0
          scene.aws.converge(desired)
          expectEqualWorld(scene, desired)
          for (const { id, operation } of scene.aws.calls) {
            expect(scene.foreign.has(id), `${operation} ${id}`).toBe(false)
          }
        }
      }),
      { numRuns: runs },
    )
  },
)

test('the same state in another order gives the same plan', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat(1000)), (rounds, numbers) => {
      const scene = buildScene()
      const shuffle = <T>(items: Iterable<T>): T[] =>
        [...items]
          .map((item) => ({ item, at: numbers.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item)
      for (const round of rounds) {
        for (const does of round) does(scene)
        const input = scene.ours.input()
        const desired = buildDesired(input)
        const again = buildDesired({
          ...input,
          users: shuffle(input.users),
          lists: shuffle(input.lists),
          members: shuffle(input.members),
          grants: shuffle(input.grants),
        })
        const planInput = scene.aws.input(desired)
        const plan = makePlan(planInput)
        expect(makePlan(shuffleInput({ ...planInput, desired: again }, shuffle))).toEqual(plan)
        scene.aws.apply(plan)
      }
    }),
    { numRuns: runs },
  )
})

function shuffleInput(input: PlanInput, shuffle: <T>(items: Iterable<T>) => T[]): PlanInput {
  const map = <K, V>(values: ReadonlyMap<K, V>): Map<K, V> => new Map(shuffle(values))
  const sets = (values: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> =>
    new Map(shuffle(values).map(([key, of]) => [key, new Set(shuffle(of))]))
  const { desired, observation } = input
  return {
    ...input,
    desired: {
      ...desired,
      users: map(desired.users),
      groups: new Map(
        shuffle(desired.groups).map(([name, group]) => [
          name,
          { ...group, members: shuffle(group.members), pairs: map(group.pairs) },
        ]),
      ),
      userPairs: map(desired.userPairs),
    },
    observation: {
      users: map(observation.users ?? new Map<string, never>()),
      groups: map(observation.groups ?? new Map<string, never>()),
      members: sets(observation.members),
      assignments: sets(observation.assignments),
      doubts: observation.doubts,
    },
    links: shuffle(input.links),
    ledger: shuffle(input.ledger),
  }
}

test(
  'nothing is taken away beyond the guard without a person, and approving lets it go on',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(history, fc.nat(3), (rounds, limit) => {
        const scene = buildScene()
        const guard = {
          removals: {
            users: { count: limit, share: 0 },
            groups: { count: limit, share: 0 },
            memberships: { count: limit, share: 0 },
            assignments: { count: limit, share: 0 },
          },
          newAssignments: 1e9,
          managementAccount: 1e9,
          sensitiveSets: [],
          sensitive: 1e9,
          pairsOfPrincipal: 5000,
        }
        const settings = {
          drift: 'revert',
          restoreDeletedGroups: 'restore',
          deletionDelayMs: 7 * day,
          guard,
        } as const
        for (const round of rounds) {
          for (const does of round) does(scene)
          const desired = scene.ours.desired()
          const plan = scene.aws.plan(desired, { settings })
          const removed = { users: 0, groups: 0, memberships: 0, assignments: 0 }
          for (const { action, holds } of plan.actions) {
            if (holds.length > 0 || action.because.startsWith('locked')) continue
            if (action.kind === 'user.delete' || action.kind === 'user.deactivate') removed.users++
            if (action.kind === 'group.delete') removed.groups++
            if (action.kind === 'members.remove' && !action.because.startsWith('locked')) {
              removed.memberships += action.members.length
            }
            const isEnded = [requestOver, 'the membership ended'].includes(action.because)
            if (action.kind === 'assignment.delete' && !isEnded) removed.assignments++
          }
          for (const [kind, count] of Object.entries(removed)) expect(count, kind).toBeLessThanOrEqual(limit)
          const approvals = plan.actions
            .filter(({ holds }) => holds.length > 0)
            .map(({ action: { key } }) => ({
              key,
              by: 'admin',
              at: scene.aws.now,
              expiresAt: scene.aws.now + hour,
            }))
          const approved = scene.aws.plan(desired, { settings, approvals })
          expect(approved.actions.filter(({ holds }) => holds.length > 0)).toEqual([])
          expect(approved.actions.filter(({ approvedBy }) => approvedBy === 'admin')).toHaveLength(
            approvals.length,
          )
          scene.aws.apply(approved)
        }
      }),
      { numRuns: runs },
    )
  },
)

test(
  'what was not read is not concluded from: with less seen, nothing is given that is not wanted',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat(2)), (rounds, numbers) => {
        const scene = buildScene()
        for (const round of rounds) {
          for (const does of round) does(scene)
          const desired = scene.ours.desired()
          const full = scene.aws.observe()
          const some = <V>(values: ReadonlyMap<string, V>): Map<string, V> =>
            new Map([...values].filter(() => numbers.next().value !== 0))
          const isBlind = numbers.next().value === 0
          const observation = {
            ...full,
            ...(isBlind ? { users: undefined, groups: undefined } : {}),
            members: some(full.members),
            assignments: some(full.assignments),
          }
          const plan = scene.aws.plan(desired, { observation })
          const whole = new Set(scene.aws.plan(desired).actions.map(({ action: { key } }) => key))
          for (const { action } of plan.actions) {
            const takes = ['assignment.delete', 'members.remove', 'ledger.update'].includes(action.kind)
            // What the ledger alone tells to take away may be gone already; everything else follows from what is seen.
            if (!takes && action.kind !== 'members.add' && action.kind !== 'group.create') {
              expect(whole.has(action.key), action.key).toBe(true)
            }
            if (isBlind) expect(action.kind).not.toMatch(/^user|^group/)
          }
          scene.aws.converge(desired)
          expectEqualWorld(scene, desired)
        }
      }),
      { numRuns: runs },
    )
  },
)
