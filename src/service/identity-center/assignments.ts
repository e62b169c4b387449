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
import type { CatalogView } from '../resources/catalog-view.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { readPermissionSets } from './import-facts.js'
import { pageOfSorted, sortForPages, type PageInput, type Placed } from './page.js'
import type { CurrentPlan } from './sync-port.js'

export interface AssignmentsInput extends PageInput {
  /** Account id. */
  readonly account?: string | undefined
  /** User name: what they have themselves and through groups. */
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
  const shown =
    wanted === undefined && input.account === undefined
      ? rows
      : rows.filter(
          ({ item: { kind, awsId, accountId } }) =>
            (wanted === undefined || wanted.has(`${kind}/${awsId}`)) &&
            (input.account === undefined || accountId === input.account),
        )
  const names = planNames({ ...current, inventory: catalog.inventory })
  const nameOf = ({ kind, awsId }: Row) => principals.get(`${kind}/${awsId}`) ?? awsId
  const page = pageOfSorted(shown, nameOf, input)
  return {
    items: page.items.map((row) => ({
      account: { id: row.accountId, name: accounts.get(row.accountId) ?? row.accountId },
      permissionSet: {
        arn: row.permissionSetArn,
        name: sets.get(row.permissionSetArn) ?? row.permissionSetArn,
      },
      principal: { kind: row.kind, name: nameOf(row), awsId: row.awsId },
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

/** The user of this name, in any case, and every group that has them. */
function principalsOf({ observation }: CurrentPlan, person: string): ReadonlySet<PrincipalKey> {
  const ids = new Set(
    [...(observation.users?.values() ?? [])]
      .filter(({ userName }) => foldName(userName) === foldName(person))
      .map(({ id }) => id),
  )
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
