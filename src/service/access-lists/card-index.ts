/**
 * @module What pages of access lists are made from: all lists in their orders, with the words by which they are found
 * and whether AWS has them as groups. Made once for each state of the resources; a page then only walks it.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { RoleAccess } from '../../core/entitlement/role-access.js'
import type { CatalogView, ParsedByName } from '../resources/catalog-view.js'
import { sortForPages, type Placed } from '../identity-center/page.js'

export interface CardFacts {
  readonly name: string
  /** Undefined for a list that cannot be read. */
  readonly list: AccessList | undefined
  readonly problem: string | undefined
  /** Title, name, description and owners, in small letters. */
  readonly text: string
  readonly inAws: boolean
}

export interface IndexedFacts extends CardFacts {
  /** Its number in this index: what is known of each list is looked up by it, not by its name. */
  readonly at: number
}

export interface CardIndex {
  readonly byTitle: readonly Placed<IndexedFacts>[]
  /** Those whose review is due first, then those without a review; otherwise by title. */
  readonly byDue: () => readonly Placed<IndexedFacts>[]
}

interface Made {
  readonly from: Pick<CatalogView, 'inventory'> & Record<'roles' | 'plugins', ParsedByName>
  readonly index: CardIndex
}

/** By the lists themselves, which stay the same while other resources change. */
const indexes = new WeakMap<ParsedByName, Made>()

export function cardIndexOf(catalog: CatalogView): CardIndex {
  const lists = catalog.parsed('access_list')
  const from = {
    inventory: catalog.inventory,
    roles: catalog.parsed('role'),
    plugins: catalog.parsed('plugin'),
  }
  const known = indexes.get(lists)
  if (known !== undefined && isSame(known.from, from)) return known.index
  const index = buildIndex(catalog, lists)
  indexes.set(lists, { from, index })
  return index
}

function isSame(a: Made['from'], b: Made['from']): boolean {
  return a.inventory === b.inventory && a.roles === b.roles && a.plugins === b.plugins
}

function buildIndex(catalog: CatalogView, lists: ParsedByName): CardIndex {
  const isInAws = inAwsOf(catalog)
  const facts: IndexedFacts[] = []
  for (const parsed of lists.values()) {
    const { name } = parsed.stored
    const list = catalog.accessList(name)
    const problem = parsed.entry === undefined ? parsed.problem.message : undefined
    const inAws = list !== undefined && isInAws(list)
    facts.push({ at: facts.length, name, list, problem, text: textOf(name, list), inAws })
  }
  const byTitle = sortForPages(facts, ({ name, list }) => [(list?.title ?? name).toLowerCase(), name])
  let byDue: readonly Placed<IndexedFacts>[] | undefined
  return {
    byTitle,
    byDue: () =>
      (byDue ??= sortForPages(facts, ({ name, list }) => [
        dueKey(list),
        (list?.title ?? name).toLowerCase(),
        name,
      ])),
  }
}

/** Words are made once for each state of a list, of which most stay as they are. */
const texts = new WeakMap<AccessList, string>()

function textOf(name: string, list: AccessList | undefined): string {
  if (list === undefined) return name.toLowerCase()
  let text = texts.get(list)
  if (text === undefined) {
    const { title, description, owners } = list
    text = [title, name, description, ...owners.map((owner) => owner.name)].join('\n').toLowerCase()
    texts.set(list, text)
  }
  return text
}

/** Instants of one length, so that their order is that of the texts. */
function dueKey(list: AccessList | undefined): string {
  return list?.review === undefined ? '~' : String(list.review.dueAt).padStart(16, '0')
}

const judges = new WeakMap<CatalogView, (list: AccessList) => boolean>()

/** Whether a list is a group in Identity Center: it was imported, or its grants reach an account. */
export function inAwsOf(catalog: CatalogView): (list: AccessList) => boolean {
  const made = judges.get(catalog)
  if (made !== undefined) return made
  // Many lists grant the same.
  const known = new Map<string, boolean>()
  const plugins = new Set(catalog.plugins().map(({ value }) => value.name))
  const roles = new RoleAccess({
    inventory: catalog.inventory,
    rolesOf: (names) => ({ ...catalog.rolesOf({ roles: names }), unreadable: [] }),
  })
  const judge = ({ origin, grants }: AccessList): boolean => {
    if (origin.kind === 'imported' && plugins.has(origin.plugin)) return true
    if (grants.roles.length === 0) return false
    const granted = [...grants.roles].sort()
    const key = JSON.stringify(granted)
    let reaches = known.get(key)
    if (reaches === undefined) known.set(key, (reaches = roles.count(roles.given(granted)) > 0))
    return reaches
  }
  judges.set(catalog, judge)
  return judge
}
