/**
 * @module Plans in words: what each action does and why, what waits for a person, and who gains or loses what by it.
 * Names of people, accounts and permission sets where they are known, ids where not.
 */
import type { Desired, DesiredGroup } from '../entitlement/desired.js'
import {
  principalKey,
  splitPairKey,
  type GrantReason,
  type Link,
  type Observation,
  type ObservedAccount,
  type PairKey,
} from '../identity-center/observation.js'
import { presentRoleName } from '../inventory/assignment-role.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Inventory } from '../inventory/inventory.js'
import { formatInstant } from '../time.js'
import { findEffects, type Effect } from './effects.js'
import { executableActions } from './make-plan.js'
import type { Action, Plan, PlannedAction, Principal } from './plan.js'
import { compareTexts } from './keys.js'
import { removalOf } from './policy.js'

/** So many effects are told one by one. */
export const maxEffectsTold = 200

/** Names for ids and for names of ours. */
export interface PlanNames {
  readonly person: (awsUserId: string) => string
  /** Title of an access list by its name. */
  readonly list: (name: string) => string
  /** By the id in AWS. */
  readonly group: (awsGroupId: string) => string
  readonly account: (accountId: string) => string
  readonly permissionSet: (arn: string) => string
  /** An account assignment role by its name of today; others as they are. */
  readonly role: (nameOrRef: string) => string
}

export interface DescribeInput {
  readonly plan: Plan
  readonly desired: Desired
  readonly observation: Observation
  readonly links: readonly Link[]
  readonly accounts: readonly ObservedAccount[]
  readonly inventory: Inventory
}

/** One attribute of a user as AWS has it and as it becomes; `from` is absent where AWS has none. */
export interface DescribedAttribute {
  readonly attribute: string
  readonly from?: string
  readonly to: string
}

export interface DescribedAction {
  readonly key: string
  readonly kind: Action['kind']
  readonly says: string
  readonly because: string
  /** Of `user.update` alone. */
  readonly attributes?: DescribedAttribute[]
  readonly removes: boolean
  readonly holds: { readonly rule: string; readonly says: string }[]
  readonly approvedBy?: string
}

export interface DescribedEffect {
  readonly person: string
  readonly change: 'gains' | 'loses' | 'moves'
  readonly account: string
  readonly permissionSet: string
  readonly through: string
  readonly held: boolean
}

/** The parts of the HTTP answer that the plan alone tells; `effects` are the first 200, losses first. */
export interface DescribedPlan {
  readonly counts: {
    readonly kind: string
    readonly says: string
    readonly all: number
    readonly held: number
  }[]
  readonly actions: DescribedAction[]
  readonly effects: DescribedEffect[]
  readonly moreEffects: number
  readonly drift: { readonly says: string; readonly reverted: boolean }[]
  readonly setAside: {
    readonly kind: string
    readonly name: string
    readonly says: string
    readonly remedy: string
  }[]
  readonly notes: string[]
}

/** The plan in words. */
export function describePlan(input: DescribeInput): DescribedPlan {
  const { plan } = input
  const names = planNames(input)
  const { effects, more } = describeEffects(input, names)
  const waits = waitingWords(plan, names)
  const notes = more ? [...plan.notes, 'More people are affected than can be listed.'] : [...plan.notes]
  return {
    counts: countKinds(plan),
    actions: plan.actions.map((planned) => describePlanned(planned, input, names, waits)),
    effects: effects.slice(0, maxEffectsTold),
    moreEffects: Math.max(0, effects.length - maxEffectsTold),
    drift: plan.drift.map(({ says, target, action }) => ({
      says: target === undefined ? says : `${says.replace(/\.$/, '')}${targetWords(target, names)}.`,
      reverted: action !== undefined,
    })),
    setAside: plan.setAside.map(({ kind, name, says, remedy }) => ({ kind, name, says, remedy })),
    notes,
  }
}

function targetWords(target: string, names: PlanNames): string {
  return /^\d{12}\/arn:/.test(target) ? `: ${pairWords(target, names)}` : ''
}

/** Names as resources and the last look at AWS tell them. */
export function planNames(input: Omit<DescribeInput, 'plan'>): PlanNames {
  const { desired, observation, links, accounts, inventory } = input
  const { permissionSets, setByArn } = indexInventory(inventory)
  const accountNames = new Map(accounts.map(({ id, name }) => [id, name]))
  const userNames = new Map<string, string>()
  const listNames = new Map<string, string>()
  for (const { kind, awsId, name } of links) (kind === 'user' ? userNames : listNames).set(awsId, name)
  const list = (name: string): string => desired.groups.get(name)?.displayName ?? name
  return {
    person: (id) => userNames.get(id) ?? observation.users?.get(id)?.userName ?? id,
    list,
    group: (id) => {
      const name = listNames.get(id)
      return name === undefined ? (observation.groups?.get(id)?.displayName ?? id) : list(name)
    },
    account: (id) => {
      const name = accountNames.get(id)
      return name === undefined ? id : `${name} (${id})`
    },
    permissionSet: (arn) => permissionSets[setByArn.get(arn) ?? -1]?.name ?? arn,
    role: (nameOrRef) => presentRoleName(inventory, nameOrRef),
  }
}

function describePlanned(
  { action, holds, approvedBy }: PlannedAction,
  input: DescribeInput,
  names: PlanNames,
  waits: (action: Action) => string,
): DescribedAction {
  return {
    key: action.key,
    kind: action.kind,
    says: describeAction(action, names),
    because: becauseWords(action, names) + waits(action),
    ...(action.kind === 'user.update' && { attributes: describeAttributes(action, input.observation) }),
    removes: removalOf({ change: action }) !== undefined,
    holds: [
      ...holds.map(({ rule, says }) => ({ rule, says })),
      ...(action.kind === 'group.adopt' && holds.length > 0 ? tellBeyond(action, input, names) : []),
    ],
    ...(approvedBy === undefined ? {} : { approvedBy }),
  }
}

/** What an action waits for, where that cannot be done by itself: "; waits for: Remove X from Y". */
function waitingWords({ actions }: Plan, names: PlanNames): (action: Action) => string {
  const stuck = new Map(
    actions
      .filter(({ holds, notBefore }) => holds.length > 0 || notBefore !== undefined)
      .map((planned) => [planned.action.key, planned]),
  )
  return ({ after }) => {
    const before = after.flatMap((key) => stuck.get(key) ?? [])
    const [first] = before
    if (first === undefined) return ''
    const more = before.length === 1 ? '' : ` and ${before.length - 1} more`
    const why = first.holds.length > 0 ? 'a person has to agree to that' : 'that failed'
    return `; waits for: ${describeAction(first.action, names)}${more} (${why})`
  }
}

/** What a group that others made has beyond the list, and what becomes of that. */
function tellBeyond(
  { list, awsId, beyond }: Action & { readonly kind: 'group.adopt' },
  { observation, desired, links }: DescribeInput,
  names: PlanNames,
): { readonly rule: 'adoption'; readonly says: string }[] {
  const members = observation.members.get(awsId)
  const pairs = observation.assignments.get(principalKey('group', awsId))
  const group = desired.groups.get(list)
  const tell = (says: string) => ({ rule: 'adoption' as const, says })
  if (members === undefined || pairs === undefined)
    return [tell('What the group has was not read yet; look again before you agree.')]
  const ids = membersWanted(group, links, observation)
  const extraMembers = [...members].filter((id) => !ids.has(id)).map(names.person)
  const extraPairs = [...pairs].filter((pair) => group?.pairs.has(pair) !== true)
  const rows = [
    [extraPairs.map((pair) => pairWords(pair, names)), 'assignment', 'before anybody is added to the group'],
    [extraMembers, 'member', 'before the group is given anything'],
  ] as const
  const told = rows.flatMap(([beyondList, what, when]) => {
    const count = beyondList.length
    if (count === 0) return []
    const shown = [...beyondList].sort(compareTexts).slice(0, mostBeyond).join(', ')
    const more = count > mostBeyond ? ` and ${count - mostBeyond} more` : ''
    const becomes =
      beyond === 'removed'
        ? `removed ${when}, as far as the guard lets it`
        : what === 'member'
          ? 'only reported: they stay, and what the list gives waits for a person'
          : 'only reported: it stays, and whoever is to be added waits for a person'
    const plural = count === 1 ? '' : 's'
    return [
      tell(`It has ${count} ${what}${plural} beyond the access list, to be ${becomes}: ${shown}${more}.`),
    ]
  })
  return told.length > 0 ? told : [tell('It has no members and no assignments beyond the access list.')]
}

/** So many members and assignments are named. */
const mostBeyond = 20

function membersWanted(
  group: DesiredGroup | undefined,
  links: readonly Link[],
  { users }: Observation,
): ReadonlySet<string> {
  const idOf = new Map(links.filter(({ kind }) => kind === 'user').map(({ name, awsId }) => [name, awsId]))
  const byName = new Map([...(users?.values() ?? [])].map(({ userName, id }) => [userName, id]))
  return new Set(
    (group?.members ?? []).map((ref) => {
      if (ref.by === 'id') return ref.awsUserId
      return idOf.get(ref.name) ?? ref.awsUserId ?? byName.get(ref.name) ?? `name:${ref.name}`
    }),
  )
}

function describeAttributes(
  { awsId, changes }: Action & { readonly kind: 'user.update' },
  { users }: Observation,
): DescribedAttribute[] {
  const observed = users?.get(awsId)
  return attributeNames.flatMap((name) => {
    const to = changes[name]
    const from = observed?.[name]
    if (to === undefined) return []
    return [{ attribute: attributeWords(name), ...(from !== undefined && { from }), to }]
  })
}

const attributeNames = ['userName', 'displayName', 'givenName', 'familyName', 'email'] as const

/** The reasons themselves, where an action has them. */
export function becauseWords(action: Action, names: PlanNames): string {
  if (action.kind !== 'assignment.create' || action.reasons.length === 0) return action.because
  return action.reasons.map((reason) => describeReason(reason, names)).join('; ')
}

/** One reason as a sentence part: "access list Platform team". Without `names` by the names that are stored. */
export function describeReason(reason: GrantReason, names?: Pick<PlanNames, 'list' | 'role'>): string {
  const list = (name: string): string => names?.list(name) ?? name
  const role = (name: string): string => names?.role(name) ?? name
  switch (reason.kind) {
    case 'list':
      return `access list ${list(reason.list)}`
    case 'list_member':
      return `access list ${list(reason.list)}, given singly because the role ${role(reason.deniedBy)} denies a part of it`
    case 'list_owner':
      return `owner of access list ${list(reason.list)}`
    case 'role':
      return `role ${role(reason.role)}`
    case 'request':
      return `request ${reason.request}, until ${formatInstant(reason.until)}`
    case 'found':
      return 'found at import'
  }
}

/** What an action does, as a heading: "Add 3 members to Platform team". */
export function describeAction(action: Action, names: PlanNames): string {
  switch (action.kind) {
    case 'user.create':
      return `Create user ${action.user}`
    case 'user.adopt':
      return `Take over user ${action.user}`
    case 'user.update':
      return `Update ${Object.keys(action.changes).sort().map(attributeWords).join(', ')} of user ${action.user}`
    case 'user.activate':
      return `Activate user ${action.user}`
    case 'user.deactivate':
      return `Deactivate user ${action.user}`
    case 'user.delete':
      return `Delete user ${action.user}`
    case 'group.create':
      return `Create group ${action.displayName}${withMembers(action.members.length)}`
    case 'group.adopt':
      return `Take over group ${names.group(action.awsId)}`
    case 'group.rename':
      return `Rename group ${action.from} to ${action.displayName}`
    case 'group.delete':
      return `Delete group ${action.displayName}`
    case 'members.add':
      return `Add ${memberWords(action)} to ${names.list(action.list)}`
    case 'members.remove':
      return `Remove ${memberWords(action)} from ${names.list(action.list)}`
    case 'assignment.create':
      return `Assign ${pairWords(action.pair, names)} to ${principalName(action.principal, names)}`
    case 'assignment.delete':
      return `Remove ${pairWords(action.pair, names)} from ${principalName(action.principal, names)}`
    case 'ledger.update':
      return action.reasons.length === 0
        ? `Forget ${targetName(action, names)} of ${principalName(action.principal, names)}`
        : `Note why ${principalName(action.principal, names)} has ${targetName(action, names)}`
    case 'link.forget':
      return `Forget ${action.principal.kind} ${principalName(action.principal, names)}`
  }
}

function targetName(action: Action & { readonly kind: 'ledger.update' }, names: PlanNames): string {
  if (action.entry === 'assignment') return pairWords(action.target, names)
  return `the member ${names.person(action.target)}`
}

function withMembers(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' with 1 member' : ` with ${count} members`
}

function memberWords({ members }: Action & { readonly kind: 'members.add' | 'members.remove' }): string {
  const [only] = members
  return members.length === 1 && only !== undefined ? only.name : `${members.length} members`
}

function attributeWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** "AdministratorAccess in production (555555555555)". */
export function pairWords(pair: PairKey, names: PlanNames): string {
  const { accountId, permissionSetArn } = splitPairKey(pair)
  return `${names.permissionSet(permissionSetArn)} in ${names.account(accountId)}`
}

function principalName({ kind, name, awsId }: Principal, names: PlanNames): string {
  if (kind === 'group') return name === undefined ? names.group(awsId ?? '') : names.list(name)
  return name ?? names.person(awsId ?? '')
}

const kindWords: Readonly<Record<Action['kind'], string>> = {
  'user.create': 'Users to create',
  'user.adopt': 'Users to take over',
  'user.update': 'Users to update',
  'user.activate': 'Users to activate',
  'user.deactivate': 'Users to deactivate',
  'user.delete': 'Users to delete',
  'group.create': 'Groups to create',
  'group.adopt': 'Groups to take over',
  'group.rename': 'Groups to rename',
  'group.delete': 'Groups to delete',
  'members.add': 'Members to add',
  'members.remove': 'Members to remove',
  'assignment.create': 'Assignments to make',
  'assignment.delete': 'Assignments to remove',
  'ledger.update': 'Reasons to note',
  'link.forget': 'Objects to forget',
}

/** By kind, in the order of the words above; members are counted one by one. */
function countKinds({ actions }: Plan): DescribedPlan['counts'] {
  const counts = new Map<string, { all: number; held: number }>()
  for (const { action, holds } of actions) {
    const count = 'members' in action && action.kind !== 'group.create' ? action.members.length : 1
    const of = counts.get(action.kind) ?? { all: 0, held: 0 }
    of.all += count
    if (holds.length > 0) of.held += count
    counts.set(action.kind, of)
  }
  return Object.entries(kindWords).flatMap(([kind, says]) => {
    const of = counts.get(kind)
    return of === undefined ? [] : [{ kind, says, ...of }]
  })
}

function describeEffects(
  { plan, observation, links, desired }: DescribeInput,
  names: PlanNames,
): { readonly effects: DescribedEffect[]; readonly more: boolean } {
  const ids = (kind: Link['kind']): Map<string, string> =>
    new Map(links.filter((link) => link.kind === kind).map(({ name, awsId }) => [name, awsId]))
  const [users, groups] = [ids('user'), ids('group')]
  const input = {
    observation,
    userId: (name: string) => users.get(name),
    groupId: (name: string) => groups.get(name),
    wanted: (list: string) => {
      const group = desired.groups.get(list)
      return { members: membersWanted(group, links, observation), pairs: new Set(group?.pairs.keys()) }
    },
  }
  const all = findEffects(
    input,
    plan.actions.map(({ action }) => action),
  )
  const now = findEffects(input, executableActions(plan, Number.POSITIVE_INFINITY))
  const soon = new Set(now.effects.map(effectText))
  return {
    effects: all.effects.map((effect) => describeEffect(effect, !soon.has(effectText(effect)), names)),
    more: all.more,
  }
}

function effectText({ person, pair, change }: Effect): string {
  return `${change} ${pair} ${person}`
}

/** One effect with names instead of ids. */
export function describeEffect(effect: Effect, held: boolean, names: PlanNames): DescribedEffect {
  const { accountId, permissionSetArn } = splitPairKey(effect.pair)
  return {
    person: ourName(effect.person) ?? names.person(effect.person),
    change: effect.change,
    account: names.account(accountId),
    permissionSet: names.permissionSet(permissionSetArn),
    through: effect.through.map((principal) => throughWords(principal, names)).join(', '),
    held,
  }
}

function ourName(key: string): string | undefined {
  return key.startsWith('name:') ? key.slice('name:'.length) : undefined
}

function throughWords(principal: string, names: PlanNames): string {
  const id = principal.slice(principal.indexOf('/') + 1)
  if (principal.startsWith('user/')) return 'directly'
  const name = ourName(id)
  return `group ${name === undefined ? names.group(id) : names.list(name)}`
}
