/**
 * @module One way by which somebody has a permission set in an account: from the person through lists to the role that
 * gives it, by a request, or by what is in AWS alone. Who has several keeps the access when one of them goes.
 */
import { compareText } from '../inventory/inventory-index.js'
import type { Instant } from '../time.js'

/**
 * `role`: held by the person. `list`, `list_owner`: by members or owners of access lists. `request`: approved, for a time.
 * `found`: assigned in AWS when import found it, and kept. `aws`: assigned there, and nothing here says why.
 */
export const pathKinds = ['role', 'list', 'list_owner', 'request', 'found', 'aws'] as const
export type PathKind = (typeof pathKinds)[number]

export interface AccessPath {
  readonly by: PathKind
  /** From the list that has the person as a member to the one that gives the role. */
  readonly lists: readonly string[]
  /** As people know it; of what a role gives. */
  readonly role: string | undefined
  /** Id of the request. */
  readonly request: string | undefined
  /** When this way ends by itself. */
  readonly until: Instant | undefined
}

/** The shortest first; of those as long, what lasts before what ends. */
export function sortPaths(paths: readonly AccessPath[]): AccessPath[] {
  return [...paths].sort(
    (a, b) =>
      pathKinds.indexOf(a.by) - pathKinds.indexOf(b.by) ||
      a.lists.length - b.lists.length ||
      (b.until ?? Infinity) - (a.until ?? Infinity) ||
      compareText(placeOf(a), placeOf(b)),
  )
}

/** When the last of them ends; undefined where one never does, or there is none. */
export function lastsUntil(paths: readonly Pick<AccessPath, 'until'>[]): Instant | undefined {
  let last: Instant | undefined
  for (const { until } of paths) {
    if (until === undefined) return undefined
    last = Math.max(last ?? until, until)
  }
  return last
}

/** In one sentence part for people: "access list Contractors within Platform, which gives role aws-admin". */
export function pathWords({ by, lists, role, request }: AccessPath, sayUntil?: string): string {
  const until = sayUntil === undefined ? '' : `, until ${sayUntil}`
  const gives = role === undefined ? '' : `, which gives role ${role}`
  switch (by) {
    case 'role':
      return `role ${role ?? ''}, held directly${until}`
    case 'list':
      return `access list ${lists.join(' within ')}${gives}${until}`
    case 'list_owner':
      return `as an owner of access list ${lists.at(-1) ?? ''}${lists.length > 1 ? ` (by ${lists.slice(0, -1).join(' within ')})` : ''}${gives}${until}`
    case 'request':
      return `request ${request ?? ''}${until}`
    case 'found':
      return 'assigned directly in AWS, kept as found at import'
    case 'aws':
      return 'assigned directly in AWS, and nothing here gives it'
  }
}

function placeOf({ lists, role, request }: AccessPath): string {
  return JSON.stringify([lists, role ?? '', request ?? ''])
}
