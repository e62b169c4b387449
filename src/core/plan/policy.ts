/**
 * @module The guard: which actions wait for a person. It counts what a plan takes away and gives, with the removals of
 * the last hour, and holds every action of a count that is too large; others go on. What locks and time end is never
 * held and never counted. The guard adds no action.
 */
import { splitPairKey } from '../identity-center/observation.js'
import type { GuardKind } from '../identity-center/settings.js'
import { indexInventory } from '../inventory/inventory-index.js'
import { parseMatcher } from '../matcher.js'
import type { Hold } from './plan.js'
import { maxNewAssignments, type Draft, type PlanState } from './plan-state.js'

const kindWords: Readonly<Record<GuardKind, string>> = {
  users: 'users',
  groups: 'groups',
  memberships: 'memberships',
  assignments: 'assignments',
}

/** Adds its holds to the drafts. */
export function holdByPolicy(state: PlanState): void {
  const drafts = [...state.drafts.values()].filter(({ mustGo }) => !mustGo)
  holdRemovals(state, drafts)
  holdNewAssignments(state, drafts)
  holdManagementAccount(state, drafts)
  holdSensitiveSets(state, drafts)
}

/** What an action takes away, if it does; a list of members counts each. */
export function removalOf({
  change,
}: Pick<Draft, 'change'>): { readonly kind: GuardKind; readonly count: number } | undefined {
  switch (change.kind) {
    case 'user.deactivate':
    case 'user.delete':
      return { kind: 'users', count: 1 }
    case 'group.delete':
      return { kind: 'groups', count: 1 }
    case 'members.remove':
      return { kind: 'memberships', count: change.members.length }
    case 'assignment.delete':
      return { kind: 'assignments', count: 1 }
    default:
      return undefined
  }
}

function holdRemovals(state: PlanState, drafts: readonly Draft[]): void {
  const counts = new Map<GuardKind, { count: number; drafts: Draft[] }>()
  for (const draft of drafts) {
    const removal = removalOf(draft)
    if (removal === undefined) continue
    const of = counts.get(removal.kind) ?? { count: 0, drafts: [] }
    of.count += removal.count
    of.drafts.push(draft)
    counts.set(removal.kind, of)
  }
  const owned = state.countOwned()
  for (const [kind, of] of counts) {
    const { count, share } = state.input.settings.guard.removals[kind]
    const limit = Math.max(count, Math.floor(share * owned[kind]))
    const recent = state.input.recentRemovals.get(kind) ?? 0
    if (of.count + recent <= limit) continue
    const before = recent === 0 ? '' : `, and ${recent} were removed within the last hour`
    hold(of.drafts, {
      rule: 'removals',
      says: `Removes ${of.count} of ${owned[kind]} ${kindWords[kind]}${before}; the limit is ${limit}.`,
    })
  }
}

function hold(drafts: readonly Draft[], reason: Hold): void {
  for (const draft of drafts) draft.holds.push(reason)
}

function holdNewAssignments({ input, newAssignments }: PlanState, drafts: readonly Draft[]): void {
  const creates = drafts.filter(({ change }) => change.kind === 'assignment.create')
  const limit = input.settings.guard.newAssignments
  const count = newAssignments > maxNewAssignments ? newAssignments : creates.length
  if (count <= limit) return
  hold(creates, {
    rule: 'new_assignments',
    says: `Makes ${count} new assignments; the limit is ${limit}.`,
  })
}

function pairOf({
  change,
}: Draft): { readonly accountId: string; readonly permissionSetArn: string } | undefined {
  if (change.kind !== 'assignment.create' && change.kind !== 'assignment.delete') return undefined
  return splitPairKey(change.pair)
}

function holdManagementAccount({ input }: PlanState, drafts: readonly Draft[]): void {
  const { managementAccountId, settings } = input
  if (managementAccountId === undefined) return
  const changes = drafts.filter((draft) => pairOf(draft)?.accountId === managementAccountId)
  const limit = settings.guard.managementAccount
  if (changes.length <= limit) return
  hold(changes, {
    rule: 'management_account',
    says: `Changes ${changes.length} assignments in the management account; the limit is ${limit}.`,
  })
}

function holdSensitiveSets({ input: { settings, inventory } }: PlanState, drafts: readonly Draft[]): void {
  const { sensitiveSets, sensitive: limit } = settings.guard
  if (sensitiveSets.length === 0) return
  const patterns = sensitiveSets.map((pattern) => parseMatcher(pattern, 'guard.sensitive_sets'))
  const { permissionSets, setByArn } = indexInventory(inventory)
  const known = new Map<string, boolean>()
  const isSensitive = (arn: string): boolean => {
    let sensitive = known.get(arn)
    if (sensitive === undefined) {
      const name = permissionSets[setByArn.get(arn) ?? -1]?.name
      sensitive = patterns.some(({ matches }) => matches(arn) || (name !== undefined && matches(name)))
      known.set(arn, sensitive)
    }
    return sensitive
  }
  const changes = drafts.filter((draft) => {
    const pair = pairOf(draft)
    return pair !== undefined && isSensitive(pair.permissionSetArn)
  })
  if (changes.length <= limit) return
  hold(changes, {
    rule: 'sensitive_set',
    says: `Changes ${changes.length} assignments of sensitive permission sets; the limit is ${limit}.`,
  })
}
