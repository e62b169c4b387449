/**
 * @module The guard: which actions wait for a person. Each of its limits counts what a plan takes away or gives with
 * what was done within the last hour, however many plans it took, and holds every action of a count that is too large;
 * others go on. What a person approved counts no more, and what locks and time end is never held and never counted. The
 * guard adds no action.
 */
import { splitPairKey, type PairKey } from '../identity-center/observation.js'
import type { GuardKind } from '../identity-center/settings.js'
import { indexInventory } from '../inventory/inventory-index.js'
import { parseMatcher } from '../matcher.js'
import { countAssignments } from './diff-assignments.js'
import type { RecentChange } from './input.js'
import type { Hold } from './plan.js'
import { maxNewAssignments, type Draft, type PlanState } from './plan-state.js'

/** One limit of the guard. */
interface Limit {
  readonly rule: Hold['rule']
  readonly most: number
  readonly counts: (change: Pick<RecentChange, 'kind' | 'pair'>) => boolean
  /** Beyond the drafts: what the plan leaves for the next one. */
  readonly more?: number
  /** What the plan does: "Makes 3 new assignments". */
  readonly says: (count: number) => string
  /** What was done before: "made". */
  readonly done: string
}

/** Adds its holds to the drafts. */
export function holdByPolicy(state: PlanState): void {
  const drafts = [...state.drafts.values()].flatMap((draft) => {
    const weight = draft.mustGo ? undefined : weightOf(draft)
    return weight === undefined ? [] : [{ draft, weight }]
  })
  const recent = state.input.recent.filter(
    ({ openKey }) => openKey === undefined || !state.drafts.has(openKey),
  )
  const limits = [
    ...removalLimits(state),
    newAssignmentsLimit(state),
    managementAccountLimit(state),
    sensitiveSetsLimit(state),
  ]
  for (const limit of limits) {
    if (limit === undefined) continue
    const own = drafts.filter(({ weight }) => limit.counts(weight))
    const unapproved = own.filter(({ draft }) => state.approvedBy(draft.key) === undefined)
    const count = sum(unapproved.map(({ weight }) => weight)) + (limit.more ?? 0)
    const before = sum(recent.filter(limit.counts))
    if (count === 0 || count + before <= limit.most) continue
    const also = before === 0 ? '' : `, and ${before} were ${limit.done} within the last hour`
    const hold: Hold = { rule: limit.rule, says: `${limit.says(count)}${also}; the limit is ${limit.most}.` }
    for (const { draft } of own) draft.holds.push(hold)
  }
}

/** How much of what an action takes away or gives, as far as any limit counts it. */
function weightOf({ change }: Draft): Pick<RecentChange, 'kind' | 'pair' | 'count'> | undefined {
  const { kind } = change
  if (kind === 'assignment.create' || kind === 'assignment.delete')
    return { kind, pair: change.pair, count: 1 }
  const removal = removalOf({ change })
  return removal === undefined ? undefined : { kind, pair: undefined, count: removal.count }
}

function sum(changes: readonly Pick<RecentChange, 'count'>[]): number {
  return changes.reduce((total, { count }) => total + count, 0)
}

/** What an action takes away, if it does; a list of members counts each. */
export function removalOf({
  change,
}: Pick<Draft, 'change'>): { readonly kind: GuardKind; readonly count: number } | undefined {
  const kind = removalKinds.get(change.kind)
  if (kind === undefined) return undefined
  return { kind, count: change.kind === 'members.remove' ? change.members.length : 1 }
}

const removalKinds: ReadonlyMap<string, GuardKind> = new Map([
  ['user.deactivate', 'users'],
  ['user.delete', 'users'],
  ['group.delete', 'groups'],
  ['members.remove', 'memberships'],
  ['assignment.delete', 'assignments'],
])

function removalLimits(state: PlanState): Limit[] {
  const owned = state.countOwned()
  return (['users', 'groups', 'memberships', 'assignments'] as const).map((kind): Limit => {
    const { count: most, share } = state.input.settings.guard.removals[kind]
    return {
      rule: 'removals',
      most: Math.max(most, Math.floor(share * owned[kind])),
      counts: (change) => removalKinds.get(change.kind) === kind,
      says: (count) => `Removes ${count} of ${owned[kind]} ${kind}`,
      done: 'removed',
    }
  })
}

function newAssignmentsLimit({ input, newAssignments }: PlanState): Limit {
  return {
    rule: 'new_assignments',
    most: input.settings.guard.newAssignments,
    counts: ({ kind }) => kind === 'assignment.create',
    more: Math.max(newAssignments - maxNewAssignments, 0),
    says: (count) => `Makes ${count} new ${count === 1 ? 'assignment' : 'assignments'}`,
    done: 'made',
  }
}

function managementAccountLimit({ input }: PlanState): Limit | undefined {
  const { managementAccountId, settings } = input
  if (managementAccountId === undefined) return undefined
  return {
    rule: 'management_account',
    most: settings.guard.managementAccount,
    counts: ({ pair }) => pair !== undefined && splitPairKey(pair).accountId === managementAccountId,
    says: (count) => `Changes ${countAssignments(count)} in the management account`,
    done: 'changed',
  }
}

function sensitiveSetsLimit({ input: { settings, inventory } }: PlanState): Limit | undefined {
  const { sensitiveSets, sensitive } = settings.guard
  if (sensitiveSets.length === 0) return undefined
  const patterns = sensitiveSets.map((pattern) => parseMatcher(pattern, 'guard.sensitive_sets'))
  const { permissionSets, setByArn } = indexInventory(inventory)
  const known = new Map<string, boolean>()
  const isSensitive = (pair: PairKey): boolean => {
    const arn = splitPairKey(pair).permissionSetArn
    let isOne = known.get(arn)
    if (isOne === undefined) {
      const name = permissionSets[setByArn.get(arn) ?? -1]?.name
      isOne = patterns.some(({ matches }) => matches(arn) || (name !== undefined && matches(name)))
      known.set(arn, isOne)
    }
    return isOne
  }
  return {
    rule: 'sensitive_set',
    most: sensitive,
    counts: ({ pair }) => pair !== undefined && isSensitive(pair),
    says: (count) => `Changes ${countAssignments(count)} of sensitive permission sets`,
    done: 'changed',
  }
}
