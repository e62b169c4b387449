/**
 * @module The ways by which people come to lists, where some of them are frozen. Whoever comes into a list within a
 * frozen one after the freeze began is in that list and not in the frozen one: nobody can be added to it, in a
 * roundabout way either. So a frozen list is walked below as it stood: a list that it has as a member counts there with
 * those who were in it when the freeze began, or when it was put there itself, if that was later.
 */
import type { Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'

/** A list, or a list as it stood at an earlier instant. */
export type Place = string

export interface Ways {
  /** Rows of users by the place that they lead to, in the order of the rows. */
  readonly users: readonly (readonly [place: Place, row: AccessListMember])[]
  /** For each place those that have it as a member. */
  readonly above: ReadonlyMap<Place, readonly Place[]>
  /** For each list those that have it as a member, frozen or not. */
  readonly listsAbove: ReadonlyMap<string, readonly string[]>
  /** Lists that are members of a frozen one and count there with less than all who are in them. */
  readonly cut: readonly (readonly [below: string, frozen: string])[]
  /** The list that a place is. */
  readonly listOf: (place: Place) => string
}

/** `rows` are those that count, sorted; `frozenSince` has the lists that are frozen. */
export function findWays(
  names: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  rows: readonly AccessListMember[],
  frozenSince: ReadonlyMap<string, Instant>,
): Ways {
  return new Expansion(names, rows, frozenSince)
}

class Expansion implements Ways {
  readonly users: [Place, AccessListMember][] = []
  readonly above = new Map<Place, Place[]>()
  readonly listsAbove = new Map<string, string[]>()
  readonly cut: [string, string][] = []
  readonly #frozenSince: ReadonlyMap<string, Instant>
  readonly #names: { has: (name: string) => boolean }
  readonly #rowsOf = new Map<string, AccessListMember[]>()
  readonly #newest = new Map<string, Instant>()
  /** Lists as they stood, by place; the walk adds to it. */
  readonly #earlier = new Map<Place, { readonly list: string; readonly at: Instant }>()

  constructor(
    names: { has: (name: string) => boolean },
    rows: readonly AccessListMember[],
    frozenSince: ReadonlyMap<string, Instant>,
  ) {
    this.#names = names
    this.#frozenSince = frozenSince
    if (frozenSince.size > 0) for (const row of rows) push(this.#rowsOf, row.list, row)
    for (const row of rows) this.#follow(row.list, row, Infinity)
    // A Map is walked in the order of insertion, those that are added on the way included.
    for (const [place, { list, at }] of this.#earlier) {
      for (const row of this.#rowsOf.get(list) ?? []) if (row.joinedAt <= at) this.#follow(place, row, at)
    }
  }

  listOf = (place: Place): string => this.#earlier.get(place)?.list ?? place

  /** What a row of `place` says, where that is its list as it stood at `at`. */
  #follow(place: Place, row: AccessListMember, at: Instant): void {
    const { list, kind, name, joinedAt } = row
    if (kind === 'user') {
      this.users.push([place, row])
      return
    }
    if (name === list || !this.#names.has(name)) return
    const since = this.#frozenSince.get(list)
    const below = this.#place(name, since === undefined ? at : Math.min(at, Math.max(since, joinedAt)))
    push(this.above, below, place)
    if (place !== list) return
    push(this.listsAbove, name, list)
    if (below !== name) this.cut.push([name, list])
  }

  /** The list itself where nothing below it is newer. */
  #place(list: string, at: Instant): Place {
    if (at === Infinity || this.#newestBelow(list) <= at) return list
    // No name has a line end, and it comes before everything that a name has: places stand as their lists do.
    const place = `${list}\n${at}`
    if (!this.#earlier.has(place)) this.#earlier.set(place, { list, at })
    return place
  }

  /** When the last one came into the list, or into one below it. */
  #newestBelow(list: string): Instant {
    let newest = this.#newest.get(list)
    if (newest !== undefined) return newest
    newest = -Infinity
    const lists = new Set([list])
    for (const one of lists) {
      for (const { kind, name, joinedAt } of this.#rowsOf.get(one) ?? []) {
        newest = Math.max(newest, joinedAt)
        if (kind === 'list') lists.add(name)
      }
    }
    this.#newest.set(list, newest)
    return newest
  }
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const of = lists.get(key)
  if (of === undefined) lists.set(key, [value])
  else of.push(value)
}
