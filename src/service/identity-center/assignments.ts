/** @module What is assigned in AWS as last seen, by account, with why: the ledger's reasons, or that it is not ours. */
import type { z } from 'zod'
import type { assignmentsAnswer } from '../../api/contract/identity-center.js'
import {
  splitPairKey,
  type GrantReason,
  type LedgerEntry,
  type PrincipalKey,
  type PrincipalKind,
} from '../../core/identity-center/observation.js'
import { describeReason, planNames } from '../../core/plan/describe.js'
import { foldName } from '../../core/user/user.js'
import { compareText } from '../../core/inventory/inventory-index.js'
import type { MemberRef } from '../../core/entitlement/desired.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { readPermissionSets } from './import-facts.js'
import { pageOfSorted, sortForPages, type PageInput, type Placed } from './page.js'
import type { CurrentPlan } from './sync-port.js'

export interface AssignmentsInput extends PageInput {
  /** Part of the id or the name, in any case. */
  readonly account?: string | undefined
  /** User name, or part of one where nobody has exactly this: what they have themselves and through groups. */
  readonly person?: string | undefined
}

interface Row {
  readonly accountId: string
  readonly permissionSetArn: string
  readonly kind: PrincipalKind
  readonly awsId: string
  readonly entry: LedgerEntry | undefined
}

/** @throws GatewayError `NOT_FOUND`, and `INVALID_INPUT` for a cursor that no page gave. */
export async function listAssignments(
  deps: IdentityCenterDeps,
  name: string,
  input: AssignmentsInput,
): Promise<z.infer<typeof assignmentsAnswer>> {
  const { catalog } = await findPlugin(deps, name)
  const current = await (await deps.syncs.of(name)).plan()
  const sets = new Map((await readPermissionSets(deps.store, name)).map((set) => [set.arn, set.name]))
  const accounts = new Map(current.accounts.map((account) => [account.id, account.name]))
  const { rows, principals } = tableOf(current, catalog, accounts, sets)
  const wanted = input.person === undefined ? undefined : principalsOf(current, input.person)
  const account = input.account?.toLowerCase()
  const isWanted = (id: string): boolean =>
    account === undefined ||
    id.includes(account) ||
    accounts.get(id)?.toLowerCase().includes(account) === true
  const shown =
    wanted === undefined && input.account === undefined
      ? rows
      : rows.filter(
          ({ item: { kind, awsId, accountId } }) =>
            (wanted === undefined || wanted.has(`${kind}/${awsId}`)) && isWanted(accountId),
        )
  const names = planNames({ ...current, inventory: catalog.inventory })
  const linked = new Map(current.links.map((link) => [`${link.kind}/${link.awsId}`, link.name]))
  const nameOf = ({ kind, awsId }: Row) => principals.get(`${kind}/${awsId}`) ?? awsId
  const page = pageOfSorted(shown, nameOf, input)
  return {
    items: page.items.map((row) => ({
      account: { id: row.accountId, name: accounts.get(row.accountId) ?? row.accountId },
      permissionSet: {
        arn: row.permissionSetArn,
        name: sets.get(row.permissionSetArn) ?? row.permissionSetArn,
      },
      principal: {
        kind: row.kind,
        name: nameOf(row),
        awsId: row.awsId,
        ...linkOf(row, linked.get(`${row.kind}/${row.awsId}`)),
        ...(row.kind === 'group' && describeMembers(current, row.awsId, linked)),
      },
      owned: row.entry !== undefined,
      reasons:
        row.entry === undefined
          ? []
          : row.entry.reasons.map((reason: GrantReason) => describeReason(reason, names)),
    })),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
  }
}

interface Table {
  readonly rows: readonly Placed<Row>[]
  readonly principals: ReadonlyMap<PrincipalKey, string>
}

/** Sorted once for each observation, of which there is a new one whenever anything changed: pages follow each other. */
const tables = new WeakMap<CurrentPlan['observation'], Table>()

function tableOf(
  current: CurrentPlan,
  catalog: CatalogView,
  accounts: ReadonlyMap<string, string>,
  sets: ReadonlyMap<string, string>,
): Table {
  const known = tables.get(current.observation)
  if (known !== undefined) return known
  const principals = principalNames(current, catalog)
  const rows = sortForPages(listRows(current), (row) => [
    accounts.get(row.accountId) ?? '',
    row.accountId,
    sets.get(row.permissionSetArn) ?? '',
    row.permissionSetArn,
    row.kind,
    principals.get(`${row.kind}/${row.awsId}`) ?? row.awsId,
    row.awsId,
  ])
  const table = { rows, principals }
  tables.set(current.observation, table)
  return table
}

function listRows({ observation, ledger }: CurrentPlan): Row[] {
  const entries = new Map(
    ledger.flatMap((entry) =>
      entry.kind === 'assignment' ? [[`${entry.principal} ${entry.target}`, entry]] : [],
    ),
  )
  return [...observation.assignments].flatMap(([principal, pairs]) => {
    const kind = principal.startsWith('user/') ? 'user' : 'group'
    const awsId = principal.slice(kind.length + 1)
    return [...pairs].map((pair) => ({
      ...splitPairKey(pair),
      kind,
      awsId,
      entry: entries.get(`${principal} ${pair}`),
    }))
  })
}

function linkOf({ kind }: Row, name: string | undefined): { user?: string; list?: string } {
  if (name === undefined) return {}
  return kind === 'user' ? { user: name } : { list: name }
}

const membersTold = 100

/** Who is in a group in AWS; those who are not in our list of it are marked, since nothing here says why they are. */
function describeMembers(
  { observation, desired }: CurrentPlan,
  group: string,
  linked: ReadonlyMap<string, string>,
): { members: { name: string; user?: string; beyond?: true }[]; moreMembers: number } {
  const list = linked.get(`group/${group}`)
  const wanted = list === undefined ? undefined : desired.groups.get(list)
  const refs = wanted === undefined ? undefined : idsAndNames(wanted.members)
  const members = [...(observation.members.get(group) ?? [])].map((id) => {
    const user = linked.get(`user/${id}`)
    const name = observation.users?.get(id)?.userName ?? user ?? id
    const isListed = refs === undefined || refs.has(id) || (user !== undefined && refs.has(`name/${user}`))
    return { name, ...(user !== undefined && { user }), ...(!isListed && { beyond: true as const }) }
  })
  // Those whom nothing explains are never among the ones that are left out.
  members.sort((a, b) => Number(b.beyond === true) - Number(a.beyond === true) || compareText(a.name, b.name))
  return { members: members.slice(0, membersTold), moreMembers: Math.max(0, members.length - membersTold) }
}

function idsAndNames(members: readonly MemberRef[]): ReadonlySet<string> {
  return new Set(
    members.flatMap((ref) =>
      ref.by === 'id'
        ? [ref.awsUserId]
        : [`name/${ref.name}`, ...(ref.awsUserId === undefined ? [] : [ref.awsUserId])],
    ),
  )
}

/**
 * The user of exactly this name, since two may differ by case alone; where there is none, whoever has it in their
 * name, in any case. With every group that has them.
 */
function principalsOf({ observation }: CurrentPlan, person: string): ReadonlySet<PrincipalKey> {
  const users = [...(observation.users?.values() ?? [])]
  const exact = users.filter(({ userName }) => userName === person)
  const part = foldName(person)
  const found = exact.length > 0 ? exact : users.filter(({ userName }) => foldName(userName).includes(part))
  const ids = new Set(found.map(({ id }) => id))
  const groups = [...observation.members].filter(([, members]) => [...ids].some((id) => members.has(id)))
  return new Set([...[...ids].map((id) => `user/${id}`), ...groups.map(([id]) => `group/${id}`)])
}

function principalNames(
  { observation, links }: CurrentPlan,
  catalog: CatalogView,
): Map<PrincipalKey, string> {
  const titles = new Map(catalog.accessLists().map(({ value }) => [value.name, value.title]))
  const names = new Map<PrincipalKey, string>()
  for (const { id, userName } of observation.users?.values() ?? []) names.set(`user/${id}`, userName)
  for (const { id, displayName } of observation.groups?.values() ?? []) names.set(`group/${id}`, displayName)
  for (const { kind, name, awsId } of links) {
    if (!names.has(`${kind}/${awsId}`)) names.set(`${kind}/${awsId}`, titles.get(name) ?? name)
  }
  return names
}
