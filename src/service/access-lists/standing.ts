/**
 * @module In which access lists somebody is and which ones they own now, directly or through lists: those where they
 * count, that is no membership on the way has ended and the person has what each list on the way asks for. What a role
 * allows beside it is `rights.ts`.
 */
import { judgeOwner } from '../../core/access-list/judge-person.js'
import { listsOfPerson } from '../../core/access-list/person-lists.js'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Store, StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { momentOf } from './review-summary.js'

export interface Belonging {
  /** `explicit`: named by the list itself; `inherited`: as a member of a list that it names. */
  readonly via: 'explicit' | 'inherited'
  /** When a membership that is named ends. */
  readonly expiresAt: Instant | undefined
}

/** By name of the list; only where the person counts. */
export interface Standing {
  readonly members: ReadonlyMap<string, Belonging>
  readonly owners: ReadonlyMap<string, Belonging>
  /** The next instant at which a membership on the way ends. */
  readonly nextExpiry: Instant | undefined
}

export const noStanding: Standing = { members: new Map(), owners: new Map(), nextExpiry: undefined }

interface Kept {
  readonly membersGeneration: number
  readonly from: Instant
  readonly standing: Standing
}

/** Of few people: pages follow each other, and one who owns thousands of lists asks for many. */
const kept = new WeakMap<CatalogView, Map<string, Kept>>()
const maxKept = 8

/**
 * As {@link loadStanding}, made anew after each change of resources or members and when a membership ends. Never within a
 * transaction: what that does to members may not be kept.
 */
export async function keepStanding(
  members: Pick<Store['members'], 'edgesAbove' | 'generation'>,
  catalog: CatalogView,
  user: Pick<User, 'name' | 'roles' | 'traits'>,
  now: Instant,
): Promise<Standing> {
  const membersGeneration = await members.generation()
  const of = kept.get(catalog) ?? new Map<string, Kept>()
  kept.set(catalog, of)
  const known = of.get(user.name)
  if (known?.membersGeneration === membersGeneration && isInForce(known, now)) return known.standing
  const standing = await loadStanding(members, catalog, user, now)
  const oldest = of.size >= maxKept ? of.keys().next().value : undefined
  if (oldest !== undefined) of.delete(oldest)
  of.set(user.name, { membersGeneration, from: now, standing })
  return standing
}

function isInForce({ from, standing: { nextExpiry = Infinity } }: Kept, now: Instant): boolean {
  return from <= now && now < nextExpiry
}

/** One question to the store, whatever the depth of the lists. */
export async function loadStanding(
  members: Pick<StoreTransaction['members'], 'edgesAbove'>,
  catalog: CatalogView,
  user: Pick<User, 'name' | 'roles' | 'traits'>,
  now: Instant,
): Promise<Standing> {
  const edges = await members.edgesAbove('user', user.name)
  const names = new Set(edges.map(({ list }) => list))
  for (const list of [...names]) for (const owned of catalog.listsOwnedBy('list', list)) names.add(owned)
  const lists = [...names].map((name) => catalog.accessList(name) ?? { name })
  const { memberships, ownerships, nextExpiry } = listsOfPerson(
    { name: user.name, own: user, edges, lists },
    momentOf(catalog, now),
  )
  const ends = endsOf(edges, user.name)
  const owners = new Map<string, Belonging>()
  for (const [list, { path }] of ownerships) owners.set(list, path.length === 1 ? named : inherited)
  // Somebody may own thousands of lists that no row leads to: of each it takes a look at what it asks.
  for (const name of catalog.listsOwnedBy('user', user.name)) {
    const list = names.has(name) ? undefined : catalog.accessList(name)
    if (list !== undefined && judgeOwner(list.ownershipRequires, () => user, user.name) === undefined)
      owners.set(name, named)
  }
  return {
    nextExpiry,
    members: new Map<string, Belonging>(
      [...memberships].map(([list, { path }]) =>
        path.length === 1 ? [list, { via: 'explicit', expiresAt: ends.get(list) }] : [list, inherited],
      ),
    ),
    owners,
  }
}

const named: Belonging = { via: 'explicit', expiresAt: undefined }
const inherited: Belonging = { via: 'inherited', expiresAt: undefined }

function endsOf(edges: readonly AccessListMember[], user: string): ReadonlyMap<string, Instant | undefined> {
  return new Map(
    edges
      .filter(({ kind, name }) => kind === 'user' && name === user)
      .map((edge) => [edge.list, edge.expiresAt]),
  )
}
