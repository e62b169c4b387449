/**
 * @module The accounts to choose from, with each permission set that a person has there, may ask for, or may not, and
 * why. Costs go with the patterns and the accounts; only the pairs of the page are written out. What somebody neither has
 * nor may ask for is told only of accounts and permission sets that they know anyway.
 */
import { addBits, allBits, countBits, eachBit, emptyBits, hasBit, keepBits, type Bits } from '../bits.js'
import { hasPair, type PairRows } from '../entitlement/pair-rows.js'
import { findPlace, formatCursor, parseCursor } from '../inventory/cursor.js'
import { accountTexts, indexInventory } from '../inventory/inventory-index.js'
import type { Account, Inventory, PermissionSet } from '../inventory/inventory.js'
import { searchPairs, splitWords } from '../inventory/pair-search.js'
import { maxPairsOnPage } from '../role/reach.js'
import { describeInstant, type Instant } from '../time.js'
import { itemIdOf } from './access-request.js'
import { pickerRows, sourcesIn, uniteRows, type PickerPerson, type PickerRows } from './picker-rows.js'
import type { RequestWorld } from './world.js'

export interface PickerPageInput {
  /** `requestable`: with what the person has; `all`: everything that they may know of. */
  readonly show: 'have' | 'requestable' | 'all'
  /** Words of names and id of the account, its organisational units and tags, and of the permission set. */
  readonly search?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
  /** Whether the person may see the whole inventory. */
  readonly knowsAll: boolean
}

export interface PickedAccount {
  readonly account: Account
  /** By name. */
  readonly permissionSets: readonly PickedSet[]
}

export interface PickedSet {
  readonly permissionSet: PermissionSet
  readonly state: 'have' | 'requestable' | 'no'
  /** "by the role aws-developer", "until 2026-03-02 15:42 UTC by a request", "no role of yours lets you ask for it". */
  readonly says: string
  /** Where only requests give it: when the last of them ends. */
  readonly until: Instant | undefined
}

export interface PickerPage {
  readonly items: readonly PickedAccount[]
  /** To be given as `after` for the next page; undefined on the last one. */
  readonly next: string | undefined
  /** Of all pages. */
  readonly total: { readonly accounts: number; readonly pairs: number }
}

/** @throws GatewayError `INVALID_INPUT` for an `after` that no page gave. */
export function listPicker(person: PickerPerson, world: RequestWorld, page: PickerPageInput): PickerPage {
  const { inventory } = world
  const { accounts } = indexInventory(inventory)
  const rows = pickerRows(person, world)
  const shown = findShown(rows, inventory, page)
  const items: PickedAccount[] = []
  let pairs = 0
  let at = page.after === undefined ? 0 : findStart(accounts, page.after)
  for (; at < accounts.length && items.length < page.limit && pairs < maxPairsOnPage; at++) {
    const account = accounts[at]
    const row = shown.get(at)
    if (account === undefined || row === undefined) continue
    const permissionSets = describeSets(row, at, rows, inventory, (set) => isWaiting(person, account, set))
    pairs += permissionSets.length
    items.push({ account, permissionSets })
  }
  const last = items.at(-1)
  const isLast = last === undefined || ![...shown.keys()].some((place) => place >= at)
  return { items, next: isLast ? undefined : formatCursor(accountTexts(last.account)), total: totalOf(shown) }
}

/** Whether there is any account assignment that the person may ask for. */
export function mayAskForAny(person: PickerPerson, world: RequestWorld): boolean {
  const { requestable } = pickerRows({ ...person, held: [], grants: [] }, world)
  return requestable.size > 0
}

function findShown(
  rows: PickerRows,
  inventory: Inventory,
  { show, knowsAll, search }: PickerPageInput,
): PairRows {
  const { have, requestable, denied } = rows
  const shown =
    show === 'have'
      ? have
      : show === 'requestable'
        ? uniteRows([have, requestable])
        : knowsAll
          ? product(inventory)
          : knownPairs(uniteRows([have, requestable, denied]), inventory)
  if (splitWords(search).length === 0) return shown
  const { setsOf } = searchPairs(inventory, search, factsOf)
  const found = new Map<number, Bits>()
  for (const [account, row] of shown) {
    const sets = setsOf(account)
    keepBits(sets, row)
    if (sets.some((word) => word !== 0)) found.set(account, sets)
  }
  return found
}

/** What is searched of an account beside its name and id. */
function factsOf({ formerNames, ouPath, tags }: Account): string {
  return [
    ...formerNames,
    ouPath ?? '',
    ...Object.entries(tags).map(([key, value]) => `${key}=${value}`),
  ].join('\n')
}

function product({ accounts, permissionSets }: Inventory): PairRows {
  const everything = allBits(permissionSets.length)
  return permissionSets.length === 0 ? new Map() : new Map(accounts.map((_, at) => [at, everything]))
}

/** Every account of which something is known, with every permission set that is known of any. */
function knownPairs(rows: PairRows, { permissionSets }: Inventory): PairRows {
  const sets = emptyBits(permissionSets.length)
  for (const row of rows.values()) addBits(sets, row)
  return new Map([...rows.keys()].map((account) => [account, sets]))
}

function totalOf(rows: PairRows): PickerPage['total'] {
  let pairs = 0
  for (const row of rows.values()) pairs += countBits(row)
  return { accounts: rows.size, pairs }
}

/** More names than this nobody reads. */
const maxNamed = 3

function describeSets(
  row: Bits,
  account: number,
  rows: PickerRows,
  inventory: Inventory,
  waits: (permissionSet: PermissionSet) => boolean,
): PickedSet[] {
  const { permissionSets } = indexInventory(inventory)
  const giving = sourcesIn(rows.giving, account, permissionSets.length)
  const allowing = sourcesIn(rows.allowing, account, permissionSets.length)
  const denying = sourcesIn(rows.denying, account, permissionSets.length)
  const grants = rows.grants.get(account)
  const namesIn = (sources: typeof giving, set: number) => [
    ...new Set(sources.filter(({ sets }) => hasBit(sets, set)).map(({ says }) => says)),
  ]
  const judge = (set: number, permissionSet: PermissionSet): Omit<PickedSet, 'permissionSet'> => {
    if (hasPair(rows.have, account, set)) {
      const names = namesIn(giving, set)
      const until = names.length === 0 ? grants?.get(set) : undefined
      return { state: 'have', says: until === undefined ? join(names) : describeUntil(until), until }
    }
    const until = undefined
    if (hasPair(rows.requestable, account, set)) {
      if (waits(permissionSet)) return { state: 'requestable', says: 'asked for already; it waits', until }
      const names = namesIn(allowing, set)
      return { state: 'requestable', says: `${describeRoles(names)} you ask for it`, until }
    }
    const [role] = hasPair(rows.denied, account, set) ? namesIn(denying, set) : []
    const says = role === undefined ? 'no role of yours lets you ask for it' : `denied by the role ${role}`
    return { state: 'no', says, until }
  }
  const described: PickedSet[] = []
  eachBit(row, (set) => {
    const permissionSet = permissionSets[set]
    if (permissionSet !== undefined) described.push({ permissionSet, ...judge(set, permissionSet) })
  })
  return described
}

function isWaiting({ waiting }: PickerPerson, { id }: Account, { arn }: PermissionSet): boolean {
  if (waiting === undefined || waiting.size === 0) return false
  return waiting.has(itemIdOf({ kind: 'assignment', accountId: id, permissionSetArn: arn }))
}

function describeUntil(until: Instant): string {
  return `until ${describeInstant(until)} by a request`
}

function describeRoles(names: readonly string[]): string {
  return names.length === 1 ? `the role ${join(names)} lets` : `the roles ${join(names)} let`
}

function join(names: readonly string[]): string {
  const more = names.length - maxNamed
  return `${names.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function findStart(accounts: readonly Account[], cursor: string): number {
  const { place, exact } = findPlace(accounts, accountTexts, parseCursor(cursor, 2))
  return exact ? place + 1 : place
}
