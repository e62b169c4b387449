/** @module What an access list is in Identity Center: its group, what the group may do, and what is about to change. */
import type { ListInAws } from '../../api/contract/access-lists.js'
import { describePlan } from '../../core/plan/describe.js'
import type { Action, PlannedAction } from '../../core/plan/plan.js'
import { splitPairKey, type PairKey } from '../../core/identity-center/observation.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { IdentityCenterDeps } from '../identity-center/deps.js'
import { readPermissionSets } from '../identity-center/import-facts.js'
import type { CurrentPlan, PluginSync } from '../identity-center/sync-port.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { assertSeesList, loadViewer } from './rights.js'

type GroupInAws = ListInAws['groups'][number]

/**
 * For owners of the list, and for those who may read the plugins and see the list. Who is to enter or leave the group,
 * only those who see its members are told.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`.
 */
export async function describeListInAws(
  deps: Pick<IdentityCenterDeps, 'store' | 'catalog' | 'kinds' | 'clock' | 'syncs'>,
  name: string,
  authority: Authority,
): Promise<ListInAws> {
  const catalog = await deps.catalog.read()
  const { sight, aws } = assertSeesList(await loadViewer(deps, deps.store, catalog, authority), name)
  if (!aws) throw notToldInAws(name)
  const groups: GroupInAws[] = []
  for (const { value } of catalog.plugins()) {
    const sync = await deps.syncs.of(value.name)
    const current = await sync.plan()
    const sets = new Map((await readPermissionSets(deps.store, value.name)).map((set) => [set.arn, set.name]))
    const group = await describeGroup({ name, catalog, current, sync, sets, seesMembers: sight === 'all' })
    if (group !== undefined) groups.push(group)
  }
  return { groups }
}

function notToldInAws(name: string): GatewayError {
  return new GatewayError(
    'FORBIDDEN',
    `only owners of access list "${name}", and whoever a role allows "read" on plugins, see what it is in AWS`,
    { resource: 'plugin', verb: 'read', name },
  )
}

async function describeGroup({
  name,
  catalog,
  current,
  sync,
  sets,
  seesMembers,
}: {
  readonly name: string
  readonly catalog: CatalogView
  readonly current: CurrentPlan
  readonly sync: PluginSync
  readonly sets: ReadonlyMap<string, string>
  readonly seesMembers: boolean
}): Promise<GroupInAws | undefined> {
  const { settings, plan, desired, observation, links, readAt } = current
  const awsId = links.find((link) => link.kind === 'group' && link.name === name)?.awsId
  const wanted = desired.groups.get(name)
  if (awsId === undefined && wanted === undefined) return undefined
  const planned = plan.actions.filter(({ action }) => concerns(action, name))
  const words = new Map(
    describePlan({ ...current, inventory: catalog.inventory }).actions.map((one) => [one.key, one]),
  )
  const told = planned.filter(({ action }) => seesMembers || !action.kind.startsWith('members.'))
  const assignments = listAssignments(current, sets, { name, awsId })
  // What fails of an assignment is known by its group and its pair.
  const failing = new Set(['', ...(wanted?.pairs.keys() ?? [])].map((pair) => `${name} ${pair}`.trim()))
  const failure = (await sync.state()).errors.find(({ kind, name: of }) => kind !== 'user' && failing.has(of))
  const missing = assignments.filter(({ state }) => state === 'to_come').length
  return {
    plugin: settings.name,
    ...(awsId !== undefined && { groupId: awsId }),
    displayName:
      wanted?.displayName ??
      (awsId === undefined ? undefined : observation.groups?.get(awsId)?.displayName) ??
      name,
    ...stateOf(name, current, planned, failure, missing),
    members: awsId === undefined ? 0 : (observation.members.get(awsId)?.size ?? 0),
    ...(readAt !== undefined && { seenAt: formatInstant(readAt) }),
    assignments,
    planned: told.flatMap(({ action }) => words.get(action.key)?.says ?? []),
  }
}

/** Whether an action is about the group of this list. */
function concerns(action: Action, list: string): boolean {
  if ('list' in action) return action.list === list
  return 'principal' in action && action.principal.kind === 'group' && action.principal.name === list
}

function stateOf(
  list: string,
  { settings, plan, readAt }: CurrentPlan,
  planned: readonly PlannedAction[],
  failure: { readonly says: string; readonly remedy: string } | undefined,
  missing: number,
): Pick<GroupInAws, 'state' | 'says'> {
  const aside = plan.setAside.find(({ kind, name }) => kind === 'group' && name === list)
  if (settings.sync === 'paused')
    return { state: 'paused', says: 'The sync is paused: nothing is changed in AWS.' }
  if (readAt === undefined) return { state: 'none', says: 'AWS was not read yet.' }
  if (failure !== undefined) return { state: 'failed', says: `${failure.says} ${failure.remedy}` }
  if (aside !== undefined) return { state: 'failed', says: `${aside.says} ${aside.remedy}` }
  const held = planned.flatMap(({ holds }) => holds)[0]
  if (held !== undefined) return { state: 'held', says: `A change waits for a person: ${held.says}` }
  const count = planned.length
  if (count > 0)
    return {
      state: 'waiting',
      says: count === 1 ? 'One change is planned.' : `${count} changes are planned.`,
    }
  // What was sent and not answered is in no plan until AWS was read again.
  if (missing > 0)
    return {
      state: 'waiting',
      says:
        missing === 1 ? 'One assignment is not in AWS yet.' : `${missing} assignments are not in AWS yet.`,
    }
  return { state: 'synced', says: 'The group is as it should be.' }
}

/** What the group has as last seen, and what it is to have. */
function listAssignments(
  { desired, observation, accounts }: CurrentPlan,
  sets: ReadonlyMap<string, string>,
  { name, awsId }: { readonly name: string; readonly awsId: string | undefined },
): GroupInAws['assignments'] {
  const accountNames = new Map(accounts.map((account) => [account.id, account.name]))
  const there =
    (awsId === undefined ? undefined : observation.assignments.get(`group/${awsId}`)) ?? new Set<PairKey>()
  const wanted = desired.groups.get(name)?.pairs ?? new Map<PairKey, unknown>()
  const stateOfPair = (pair: PairKey) => {
    if (!there.has(pair)) return 'to_come'
    return wanted.has(pair) ? 'there' : 'to_go'
  }
  return [...new Set([...there, ...wanted.keys()])]
    .map((pair) => {
      const { accountId, permissionSetArn } = splitPairKey(pair)
      return {
        accountId,
        accountName: accountNames.get(accountId) ?? accountId,
        permissionSet: sets.get(permissionSetArn) ?? permissionSetArn,
        state: stateOfPair(pair),
      } as const
    })
    .sort((a, b) => compare(a.accountName, b.accountName) || compare(a.permissionSet, b.permissionSet))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
