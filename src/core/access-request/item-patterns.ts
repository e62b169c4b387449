/**
 * @module What a rule or a webhook is about: patterns of what can be asked for. An assignment needs both its account and
 * its permission set named, or its role; a role and an application theirs. No patterns at all are about nothing.
 */
import type { Account, Inventory } from '../inventory/inventory.js'
import { indexInventory } from '../inventory/inventory-index.js'
import { parseMatcher, type Matcher } from '../matcher.js'
import type { RequestItem } from './access-request.js'
import { namesOfAssignment, type RequestWorld } from './world.js'

/** Literals, globs and `^regex$`. */
export interface ItemPatterns {
  /** By id or name. */
  readonly accounts: readonly string[]
  /** By path, as `Root/Workloads/Production`; what is within one is meant too. */
  readonly organizationalUnits: readonly string[]
  /** By ARN or name. */
  readonly permissionSets: readonly string[]
  readonly roles: readonly string[]
  readonly apps: readonly string[]
}

/**
 * Which items they are about. What a former name of an account or permission set meant another may be called today, and
 * of an account whose unit is not known any may be meant: with `formerNames` all that may be meant, without it only what
 * surely is (T25).
 */
export function coverItems(
  patterns: ItemPatterns,
  world: RequestWorld,
  { formerNames }: { readonly formerNames: boolean },
): (item: Pick<RequestItem, 'asked'>) => boolean {
  const { accounts, organizationalUnits, permissionSets, roles, apps } = matchersOf(patterns)
  const isAny = (matchers: readonly Matcher[], names: readonly string[]) =>
    names.some((name) => matchers.some(({ matches }) => matches(name)))
  const { accounts: known, permissionSets: sets, accountById, setByArn } = indexInventory(world.inventory)
  const namesRole = (names: readonly string[]) => {
    const [present = '', ...others] = names
    const literal = roles.filter(({ kind }) => formerNames || kind === 'literal')
    return isAny(roles, [present]) || isAny(literal, others)
  }
  // Where units are not read, and of an account that is not known, every one of them may be meant.
  const isWithin = (account: Pick<Account, 'ouPath'> | undefined) =>
    account?.ouPath === undefined
      ? formerNames && organizationalUnits.length > 0
      : isAny(organizationalUnits, unitsOf(account.ouPath))
  return ({ asked }) => {
    switch (asked.kind) {
      case 'role':
        return isAny(roles, [asked.name])
      case 'app':
        return isAny(apps, [asked.name])
      case 'assignment': {
        if (namesRole(namesOfAssignment(world, asked))) return true
        const account = known[accountById.get(asked.accountId) ?? -1]
        const set = sets[setByArn.get(asked.permissionSetArn) ?? -1]
        const names = account === undefined ? [] : [account.name, ...(formerNames ? account.formerNames : [])]
        return (
          (isAny(accounts, [asked.accountId, ...names]) || isWithin(account)) &&
          isAny(permissionSets, [asked.permissionSetArn, ...(set === undefined ? [] : [set.name])])
        )
      }
    }
  }
}

/** In a line of a table: "ReadOnly on prod-*, in Root/Production; roles deploy-*". */
export function describeItems(items: ItemPatterns): string {
  const { accounts, organizationalUnits, permissionSets, roles, apps } = items
  const where = [
    ...(accounts.length === 0 ? [] : [`on ${some(accounts)}`]),
    ...(organizationalUnits.length === 0 ? [] : [`in ${some(organizationalUnits)}`]),
  ]
  return [
    ...(where.length === 0 ? [] : [`${some(permissionSets)} ${where.join(' and ')}`]),
    ...(roles.length === 0 ? [] : [`roles ${some(roles)}`]),
    ...(apps.length === 0 ? [] : [`applications ${some(apps)}`]),
  ].join('; ')
}

/** What to tell whoever names units; the path of another one may be meant. */
export function noteUnknownUnits(
  patterns: Pick<ItemPatterns, 'organizationalUnits'>,
  inventory: Pick<Inventory, 'accounts'>,
): string[] {
  const unknown = findUnknownUnits(patterns, inventory)
  if (unknown.length === 0) return []
  return [
    `No account is in ${some(unknown)} now; a unit is named by its whole path, such as Root/Production.`,
  ]
}

const shown = 3

export function some(all: readonly string[]): string {
  const text = all.slice(0, shown).join(', ')
  return all.length > shown ? `${text} and ${all.length - shown} more` : text
}

/** Units that are named by their whole path and hold no account now; none where no unit of any account is known. */
function findUnknownUnits(
  { organizationalUnits }: Pick<ItemPatterns, 'organizationalUnits'>,
  { accounts }: Pick<Inventory, 'accounts'>,
): readonly string[] {
  const paths = new Set(accounts.flatMap(({ ouPath }) => (ouPath === undefined ? [] : unitsOf(ouPath))))
  if (paths.size === 0) return []
  return organizationalUnits.filter((unit) => {
    const { kind } = parseMatcher(unit, 'organizational_units')
    return kind === 'literal' && !paths.has(unit)
  })
}

/** The path of its unit and of each that this one is within. */
function unitsOf(path: string): string[] {
  const names = path.split('/')
  return names.map((_, place) => names.slice(0, place + 1).join('/'))
}

type Matchers = Readonly<Record<keyof ItemPatterns, readonly Matcher[]>>

const compiled = new WeakMap<ItemPatterns, Matchers>()

/** Parsed once for each rule or webhook. */
function matchersOf(patterns: ItemPatterns): Matchers {
  const known = compiled.get(patterns)
  if (known !== undefined) return known
  const parse = (all: readonly string[], field: string) => all.map((one) => parseMatcher(one, field))
  const matchers = {
    accounts: parse(patterns.accounts, 'accounts'),
    organizationalUnits: parse(patterns.organizationalUnits, 'organizational_units'),
    permissionSets: parse(patterns.permissionSets, 'permission_sets'),
    roles: parse(patterns.roles, 'roles'),
    apps: parse(patterns.apps, 'apps'),
  }
  compiled.set(patterns, matchers)
  return matchers
}
