/**
 * @module What a role gives in AWS accounts, as it is kept with an approval, and the digest by which it is known to be
 * the same role later. What was approved is what it gave then; what it gives later is the part of that which the role
 * still gives (T30).
 */
import { pairKey, type PairKey } from '../identity-center/observation.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { PairIds } from '../inventory/pair.js'
import {
  countPairs,
  eachPair,
  hasPair,
  unitePairs,
  withoutPairs,
  type PairRows,
} from '../entitlement/pair-rows.js'
import { placeRole } from '../role/reach.js'
import type { Role } from '../role/role.js'
import { sha256 } from '../sha256.js'
import { requestLimits, type RoleSnapshot } from './access-request.js'
import type { RequestWorld } from './world.js'

/** How many pairs a role gives by itself. */
export function countGiven(role: Role, { inventory }: Pick<RequestWorld, 'inventory'>): number {
  return countPairs(rowsOf(role, inventory))
}

/** Undefined where there is no such role that can be read, `too_many` beyond what a request may give. */
export function takeSnapshot(name: string, world: RequestWorld): RoleSnapshot | 'too_many' | undefined {
  const role = world.role(name)
  const digest = world.roleDigest(name)
  if (role === undefined || digest === undefined) return undefined
  const rows = rowsOf(role, world.inventory)
  if (countPairs(rows) > requestLimits.pairs) return 'too_many'
  const { accounts, permissionSets } = indexInventory(world.inventory)
  const pairs: PairIds[] = []
  eachPair(rows, (account, set) => {
    const accountId = accounts[account]?.id
    const permissionSetArn = permissionSets[set]?.arn
    if (accountId !== undefined && permissionSetArn !== undefined) pairs.push({ accountId, permissionSetArn })
  })
  return { pairs, digest }
}

/** Which pairs of a snapshot the role still gives; all of them where it exists and cannot be read (nothing ends by that). */
export function stillGiven(
  name: string,
  { pairs }: RoleSnapshot,
  world: Pick<RequestWorld, 'inventory' | 'role' | 'isUnreadable'>,
): PairKey[] {
  const keyOf = ({ accountId, permissionSetArn }: PairIds) => pairKey(accountId, permissionSetArn)
  if (world.isUnreadable(name)) return pairs.map(keyOf)
  const role = world.role(name)
  if (role === undefined || pairs.length === 0) return []
  const rows = rowsOf(role, world.inventory)
  const { accountById, setByArn } = indexInventory(world.inventory)
  return pairs.flatMap((pair) => {
    const account = accountById.get(pair.accountId)
    const set = setByArn.get(pair.permissionSetArn)
    return account !== undefined && set !== undefined && hasPair(rows, account, set) ? [keyOf(pair)] : []
  })
}

/** Names a version and `spec` of a role: the same for the same content, in whatever order its members stand. */
export function digestRole(document: { readonly version: unknown; readonly spec: unknown }): string {
  return sha256(canonicalText([document.version, document.spec]))
}

/** The same for several roles together; undefined where one of them is not there, or cannot be read. */
export function digestRoles(
  names: readonly string[],
  { roleDigest }: Pick<RequestWorld, 'roleDigest'>,
): string | undefined {
  const digests = names.map((name) => roleDigest(name))
  return digests.includes(undefined) ? undefined : sha256(digests.join('\n'))
}

function rowsOf(role: Role, inventory: RequestWorld['inventory']): PairRows {
  const { allow, deny } = placeRole(role, inventory)
  const sets = inventory.permissionSets.length
  return withoutPairs(unitePairs(allow, sets), unitePairs(deny, sets))
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(',')}}`
}
