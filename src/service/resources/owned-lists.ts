/** @module Which lists somebody is named as an owner of, and which a list is; kept up to date list by list. */
import type { AccessList } from '../../core/access-list/access-list.js'
import { compareText } from '../../core/inventory/inventory-index.js'
import type { CatalogView, Parsed, ParsedByName } from './catalog-view.js'
import { Derived, type Change, type Earlier } from './derived.js'

type NamesByOwner = ReadonlyMap<string, readonly string[]>

/** By name of the owner the names of lists, sorted, each once. */
export interface OwnedLists {
  readonly user: NamesByOwner
  readonly list: NamesByOwner
}

const derived = new Derived<OwnedLists>()

export function ownedListsOf(
  view: Pick<CatalogView, 'contents'>,
  lists: ParsedByName<AccessList>,
): OwnedLists {
  return derived.of(view, lists, (earlier) =>
    // Of many changes each would move the names of all who own much.
    earlier === undefined || earlier.changes.length > 100 ? build(lists) : update(earlier),
  )
}

function build(lists: ParsedByName<AccessList>): OwnedLists {
  const owned = { user: new Map<string, string[]>(), list: new Map<string, string[]>() }
  for (const { entry } of lists.values()) {
    if (entry === undefined) continue
    const { value } = entry
    for (const { kind, name } of value.owners) {
      const of = owned[kind].get(name)
      if (of === undefined) owned[kind].set(name, [value.name])
      else if (of.at(-1) !== value.name) of.push(value.name)
    }
  }
  for (const of of [owned.user, owned.list]) for (const names of of.values()) names.sort(compareText)
  return owned
}

function update({ value, changes }: Earlier<OwnedLists>): OwnedLists {
  return { user: updateOf(value.user, changes, 'user'), list: updateOf(value.list, changes, 'list') }
}

function updateOf(known: NamesByOwner, changes: readonly Change[], kind: 'user' | 'list'): NamesByOwner {
  let next: Map<string, readonly string[]> | undefined
  const replace = (owner: string, names: readonly string[]) => {
    next ??= new Map(known)
    if (names.length === 0) next.delete(owner)
    else next.set(owner, names)
  }
  const listsOf = (owner: string) => (next ?? known).get(owner) ?? []
  for (const { name, before, after } of changes) {
    const was = ownersOf(before, kind)
    const is = ownersOf(after, kind)
    for (const owner of was) if (!is.has(owner)) replace(owner, without(listsOf(owner), name))
    for (const owner of is) if (!was.has(owner)) replace(owner, withName(listsOf(owner), name))
  }
  return next ?? known
}

function ownersOf(parsed: Parsed | undefined, kind: 'user' | 'list'): ReadonlySet<string> {
  // Parsed by the kind of lists.
  const owners = (parsed as Parsed<AccessList> | undefined)?.entry?.value.owners ?? []
  return new Set(owners.flatMap((owner) => (owner.kind === kind ? [owner.name] : [])))
}

function without(names: readonly string[], name: string): readonly string[] {
  return names.filter((one) => one !== name)
}

function withName(names: readonly string[], name: string): readonly string[] {
  const at = names.findIndex((one) => one > name)
  return at < 0 ? [...names, name] : [...names.slice(0, at), name, ...names.slice(at)]
}
