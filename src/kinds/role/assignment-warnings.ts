/**
 * @module What looks wrong in the `account_assignments` of a role that is valid: placeholders of a guide that nobody
 * filled in, names where ids belong, and what matches nothing that exists. Such a role is stored, for it harms nobody;
 * whoever writes it is told why it gives nothing.
 */
import { indexInventory } from '../../core/inventory/inventory-index.js'
import type { Inventory } from '../../core/inventory/inventory.js'
import { isAccountId, isPermissionSetArn } from '../../core/inventory/pair.js'
import { parseMatcher } from '../../core/matcher.js'
import type { Role } from '../../core/role/role.js'

/** Longer lists help nobody; what is left out is counted. */
const maxNotes = 10
/** Each is compared with everything that exists. */
const maxPatterns = 200

/**
 * One sentence for each text that means nothing, at most ten and how many more. `inventory` is undefined for who may
 * not see what it holds.
 */
export function warnOfAssignments({ allow, deny }: Role, inventory: Inventory | undefined): string[] {
  const entries = [...allow.accountAssignments, ...deny.accountAssignments]
  const notes = [
    ...listPatterns(entries, ({ account }) => account).flatMap(
      (text) => warnOfAccount(text, inventory) ?? [],
    ),
    ...listPatterns(entries, ({ permissionSet }) => permissionSet).flatMap(
      (text) => warnOfSet(text, inventory) ?? [],
    ),
  ]
  const more = notes.length - maxNotes
  return more > 0 ? [...notes.slice(0, maxNotes), `and ${more} more of the same sort.`] : notes
}

function listPatterns<T>(entries: readonly T[], of: (entry: T) => string): string[] {
  return [...new Set(entries.map(of))].slice(0, maxPatterns)
}

function warnOfAccount(text: string, inventory: Inventory | undefined): string | undefined {
  if (isPlaceholder(text)) return `"${shorten(text)}" is a placeholder; no account has this id.`
  const isLiteral = parseMatcher(text, 'account').kind === 'literal'
  if (isLiteral && !isAccountId(text)) {
    const meant = inventory?.accounts.find(({ name }) => name === text)
    const what = `account "${shorten(text)}" is no account id (12 digits), glob or ^pattern$: it matches nothing`
    return meant === undefined ? `${what}.` : `${what} (did you mean ${meant.id}?).`
  }
  // Before the first import nothing is known, which says nothing about an id.
  if (inventory === undefined || inventory.accounts.length === 0) return undefined
  if (matchesAny(text, indexInventory(inventory).accountById)) return undefined
  return isLiteral
    ? `No account that is known has the id ${text}; it gives nothing until one has.`
    : `account "${shorten(text)}" matches no account of the inventory.`
}

function warnOfSet(text: string, inventory: Inventory | undefined): string | undefined {
  if (isPlaceholder(text)) return `"${shorten(text)}" is a placeholder; no permission set has this ARN.`
  const isLiteral = parseMatcher(text, 'permission_set').kind === 'literal'
  if (isLiteral && !isPermissionSetArn(text)) {
    const meant = inventory?.permissionSets.find(({ name }) => name === text)
    const what = `permission_set "${shorten(text)}" is a name and matches nothing`
    const nearest = meant === undefined ? '' : ` (did you mean ${meant.arn}?)`
    return `${what}; write its ARN, arn:aws:sso:::permissionSet/INSTANCE/ID, a glob or a ^pattern$${nearest}.`
  }
  if (inventory === undefined || inventory.permissionSets.length === 0) return undefined
  if (matchesAny(text, indexInventory(inventory).setByArn)) return undefined
  return `permission_set "${shorten(text)}" matches no permission set of the inventory.`
}

function matchesAny(pattern: string, known: ReadonlyMap<string, unknown>): boolean {
  const matcher = parseMatcher(pattern, 'account_assignments')
  if (matcher.kind === 'literal') return known.has(pattern)
  return [...known.keys()].some((text) => matcher.matches(text))
}

/** `<account_id>`, also inside an ARN. A regular expression may have angle brackets of its own: `(?P<name>…)`. */
function isPlaceholder(text: string): boolean {
  return /<[^<>]+>/.test(text) && !(text.startsWith('^') && text.endsWith('$'))
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
