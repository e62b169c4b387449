/** @module T24: the guard's limits are of an hour, and not of a plan: many small plans give no more than one large one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitPairKey } from '../../../src/core/identity-center/observation.js'
import { executableActions, type PlanInput } from '../../../src/core/plan/make-plan.js'
import type { Action, Approval, Plan } from '../../../src/core/plan/plan.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { Organisation } from './organisation.js'
import { looseGuard, World } from './world.js'

const people = ['ann', 'bob', 'cid', 'dee']
const limits = { newAssignments: 6, managementAccount: 2, sensitive: 3 }

const careful = { drift: 'revert', restoreDeletedGroups: 'restore', deletionDelayMs: day } as const

interface Done {
  readonly at: number
  readonly action: Action & { readonly kind: 'assignment.create' | 'assignment.delete' }
}

/** A sync that remembers what it did as the store does. */
class History {
  readonly ours = new Organisation()
  readonly aws = new World()
  readonly #held = new Map(people.map((name) => [name, new Set<string>()]))
  readonly managementAccountId = this.ours.inventory.accounts[0]?.id
  readonly sensitiveArn = this.ours.inventory.permissionSets[0]?.arn ?? ''
  readonly done: Done[] = []
  approvals: Approval[] = []

  constructor() {
    for (const name of people) this.ours.user(name)
    this.aws.converge(this.ours.desired())
  }

  toggle(name: string, account: number, set: number): void {
    const refs = this.#held.get(name) ?? new Set()
    const ref = this.ours.ref(account, set)
    if (!refs.delete(ref)) refs.add(ref)
    this.ours.user(name, [...refs].sort())
  }

  plan(): Plan {
    const input: Partial<PlanInput> = {
      settings: {
        ...careful,
        guard: { ...looseGuard, ...limits, sensitiveSets: [this.sensitiveArn] },
      },
      inventory: this.ours.inventory,
      managementAccountId: this.managementAccountId,
      approvals: this.approvals,
      recent: this.recent.map(({ action: { kind, pair } }) => ({ kind, pair, count: 1, openKey: undefined })),
    }
    return this.aws.plan(this.ours.desired(), input)
  }

  get recent(): Done[] {
    return this.done.filter(({ at, action }) => at >= this.aws.now - hour && action.uncounted !== true)
  }

  execute(): void {
    const plan = this.plan()
    for (const action of executableActions(plan, this.aws.now)) {
      if (action.kind === 'assignment.create' || action.kind === 'assignment.delete')
        this.done.push({ at: this.aws.now, action })
    }
    this.aws.apply(plan)
    const ended = new Set(this.done.map(({ action }) => action.key))
    this.approvals = this.approvals.filter(({ key }) => !ended.has(key))
  }

  approve(choose: (key: string) => boolean): string[] {
    const held = this.plan().actions.filter(({ holds }) => holds.length > 0)
    const keys = held.map(({ action }) => action.key).filter(choose)
    const { now } = this.aws
    this.approvals = [
      ...this.approvals,
      ...keys.map((key) => ({ key, by: 'admin', at: now, expiresAt: now + day })),
    ]
    return keys
  }

  /** What went on without a person within the last hour, by limit. */
  counts(): typeof limits {
    const pairs = this.recent.map(({ action }) => splitPairKey(action.pair))
    return {
      newAssignments: this.recent.filter(({ action }) => action.kind === 'assignment.create').length,
      managementAccount: pairs.filter(({ accountId }) => accountId === this.managementAccountId).length,
      sensitive: pairs.filter(({ permissionSetArn }) => permissionSetArn === this.sensitiveArn).length,
    }
  }
}

const edit = fc.tuple(fc.constantFrom(...people), fc.nat(2), fc.nat(2))
const step = fc.record({
  edits: fc.array(edit, { maxLength: 5 }),
  minutes: fc.nat(25),
  /** Which of the held ones a person approves, by their place. */
  approves: fc.option(fc.array(fc.boolean(), { maxLength: 8 }), { nil: undefined }),
})

describe('T24: limits of an hour', () => {
  test('however changes are split into plans, no more than a limit goes on without a person', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
        const history = new History()
        for (const { edits, minutes, approves } of steps) {
          history.aws.now += minutes * minute
          for (const [name, account, set] of edits) history.toggle(name, account, set)
          if (approves !== undefined) {
            let at = 0
            history.approve(() => approves[at++] === true)
          }
          history.execute()
          const counts = history.counts()
          for (const name of ['newAssignments', 'managementAccount', 'sensitive'] as const)
            expect(counts[name], name).toBeLessThanOrEqual(limits[name])
        }
      }),
      { numRuns: 150 },
    )
  })

  test('what is held goes on by itself once the hour is over, within the limit', () => {
    const history = new History()
    for (let set = 1; set <= 2; set++) for (const name of people.slice(0, 3)) history.toggle(name, 1, set)
    history.execute()
    expect(history.done).toHaveLength(6)
    history.toggle('dee', 1, 1)
    history.execute()
    expect(history.done).toHaveLength(6)
    expect(history.plan().actions[0]?.holds).toEqual([
      {
        rule: 'new_assignments',
        says: 'Makes 1 new assignment, and 6 were made within the last hour; the limit is 6.',
      },
    ])
    history.aws.now += hour + 1
    history.execute()
    expect(history.done).toHaveLength(7)
  })

  test('what a person approved is done and counts no more', () => {
    const history = new History()
    for (let account = 1; account <= 2; account++) for (const name of people) history.toggle(name, account, 1)
    history.execute()
    expect(history.done).toEqual([])
    expect(history.approve(() => true)).toHaveLength(8)
    history.execute()
    expect(history.done).toHaveLength(8)
    expect(history.done.every(({ action }) => action.uncounted)).toBe(true)
    history.toggle('ann', 1, 2)
    history.execute()
    expect(history.done).toHaveLength(9)
    expect(history.done.at(-1)?.action.uncounted).toBeUndefined()
  })

  test('what is under way counts once, in the plan or beside it', () => {
    const history = new History()
    for (const name of people) history.toggle(name, 1, 1)
    const desired = history.ours.desired()
    const settings = {
      ...careful,
      guard: { ...looseGuard, newAssignments: 4 },
    }
    const [first] = history.plan().actions
    const open = { kind: 'assignment.create', pair: history.ours.pair(1, 1), count: 1 }
    const held = (openKey: string) =>
      history.aws.plan(desired, { settings, recent: [{ ...open, openKey }] }).actions[0]?.holds.length
    expect(held(first?.action.key ?? '')).toBe(0)
    expect(held('assignment.create of another')).toBe(1)
  })

  test('removals that a lock causes count in no limit', () => {
    const history = new History()
    history.toggle('ann', 1, 1)
    history.toggle('ann', 0, 1)
    history.execute()
    history.ours.lock('ann')
    const removals = history.plan().actions.filter(({ action }) => action.kind === 'assignment.delete')
    expect(removals).toHaveLength(2)
    expect(removals.every(({ action, holds }) => action.uncounted === true && holds.length === 0)).toBe(true)
  })
})
