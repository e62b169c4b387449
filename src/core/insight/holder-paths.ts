/**
 * @module The ways by which one person has what they have in an account, written out for a page: every way into each
 * list with when it ends, at most so many, and how many more there are.
 */
import type { ListToFlatten, Moment } from '../access-list/flatten.js'
import type { LookUpPerson } from '../access-list/judge-person.js'
import { waysIn, type RowsBelow, type WayIn } from '../access-list/ways-in.js'
import { eachBit, countBits, hasBit } from '../bits.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Inventory, PermissionSet } from '../inventory/inventory.js'
import { sortPaths, type AccessPath } from './access-path.js'
import type { AccountHolder, Source } from './account-holders.js'
import type { ListedRole } from './roles-of-people.js'

/** Sets are named up to so many for one person, and ways up to so many for one set; people read no more. */
export const pathLimits = { sets: 20, paths: 6 }

export interface HeldSet {
  readonly permissionSet: PermissionSet
  /** Never empty. */
  readonly paths: readonly AccessPath[]
  readonly morePaths: number
  /** Whether a role denies it, and it is in AWS all the same. */
  readonly isDenied: boolean
}

export interface HolderPaths {
  /** By name. */
  readonly sets: readonly HeldSet[]
  readonly moreSets: number
}

export interface PathWorld {
  readonly inventory: Inventory
  readonly rows: RowsBelow
  readonly lists: (name: string) => ListToFlatten | undefined
  readonly people: LookUpPerson
  readonly moment: Moment
}

export function listHolderPaths(holder: AccountHolder, world: PathWorld): HolderPaths {
  const { permissionSets } = indexInventory(world.inventory)
  const known = new Map<Source, readonly AccessPath[]>()
  const pathsOf = (source: Source): readonly AccessPath[] => {
    let paths = known.get(source)
    if (paths === undefined) known.set(source, (paths = listPaths(holder.user, source, world)))
    return paths
  }
  const sets: HeldSet[] = []
  eachBit(holder.sets, (place) => {
    const permissionSet = permissionSets[place]
    if (permissionSet === undefined || sets.length >= pathLimits.sets) return
    const isDenied = hasBit(holder.denied, place)
    const giving = holder.sources.filter(
      (source) => hasBit(source.sets, place) && (!isDenied || source.by === 'aws'),
    )
    const paths = sortPaths(giving.flatMap(pathsOf))
    sets.push({
      permissionSet,
      paths: paths.slice(0, pathLimits.paths),
      morePaths: Math.max(0, paths.length - pathLimits.paths),
      isDenied,
    })
  })
  return { sets, moreSets: countBits(holder.sets) - sets.length }
}

function listPaths(user: string, source: Source, world: PathWorld): AccessPath[] {
  const bare = { lists: [], role: undefined, request: undefined, until: undefined }
  switch (source.by) {
    case 'role':
      return [{ ...bare, by: 'role', role: source.role }]
    case 'request':
      return [{ ...bare, by: 'request', request: source.request, until: source.until }]
    case 'found':
    case 'aws':
      return [{ ...bare, by: source.by }]
    case 'list':
    case 'list_owner':
      return waysToList(user, source, world)
  }
}

/** Every way by which somebody has a role by a list; of owners by a list the shortest. */
export function waysToList(
  user: string,
  { by, list, path: shortest, role }: ListedRole,
  world: PathWorld,
): AccessPath[] {
  const bare = { by, role, request: undefined }
  if (by === 'list_owner') {
    const [, owning] = shortest
    const [way] = owning === undefined ? [] : counting(user, owning, world)
    const through = way?.path ?? shortest.slice(1)
    return [{ ...bare, lists: [list, ...through].toReversed(), until: way?.until }]
  }
  const ways = counting(user, list, world)
  if (ways.length === 0) return [{ ...bare, lists: shortest.toReversed(), until: undefined }]
  return ways.map(({ path, until }) => ({ ...bare, lists: path.toReversed(), until }))
}

/** The ways into the list that count now. */
function counting(user: string, list: string, { rows, lists, people, moment }: PathWorld): WayIn[] {
  const { ways } = waysIn(
    rows,
    { list, person: user },
    { lists, people },
    { ...moment, limit: pathLimits.paths },
  )
  return ways.filter(({ ineligible }) => ineligible === undefined)
}
