/**
 * @module Who may do what with an access list. Rules of roles on `access_list` decide as for any kind; beside them
 * people who own a list manage its members and what it asks of them, and review it, and people who are in it, or could
 * ask to be, see as much of it as concerns them. To everyone else it does not exist. A role that denies takes away
 * what ownership gives, too. Machine users and the operator have their rules only.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Store, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import { limitPerson, type LimitDeps } from '../people/limits.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { forbidden, mayOnResource } from '../resources/may.js'
import { askable, type Askable } from './could-ask.js'
import { keepStanding, loadStanding, noStanding, type Belonging, type Standing } from './standing.js'
import { judgeOf, type Judge, type ListKind } from './verdicts.js'

/** Who asks, with what they are to every list at one moment. */
export interface Viewer {
  readonly authority: Authority
  readonly catalog: CatalogView
  readonly kinds: ListKind
  readonly now: Instant
  /** The person with their own roles and traits; undefined for whoever is none. */
  readonly user: User | undefined
  readonly standing: Standing
  readonly askable: Askable
  readonly judge: Judge
}

/**
 * How much of a list somebody sees. `all`: members too. `member`: what it is, who owns it and what it gives, and their
 * own membership. `card`: the same without a membership. `none`: not that it exists.
 */
export type Sight = 'all' | 'member' | 'card' | 'none'

export interface ListRights {
  readonly sight: Sight
  /** Members, what is asked of them, and reviews. */
  readonly members: boolean
  /** The document: owners and grants. */
  readonly edit: boolean
  readonly delete: boolean
  /** What it is in Identity Center: for who owns it, and for who may read what is connected there. */
  readonly aws: boolean
  readonly owner: Belonging | undefined
  readonly member: Belonging | undefined
  readonly couldAsk: boolean
}

/** `store` may be a transaction, and `catalog` what it sees. */
export async function loadViewer(
  { kinds, clock }: Pick<ResourceDeps, 'clock'> & { readonly kinds: ListKind },
  store: Pick<StoreTransaction, 'members'>,
  catalog: CatalogView,
  authority: Authority,
): Promise<Viewer> {
  const ask = (user: User, now: Instant) => loadStanding(store.members, catalog, user, now)
  return await viewerOf({ kinds, clock }, catalog, authority, ask)
}

/** The same outside of transactions, for pages that follow each other: what the person is to lists is kept. */
export async function keepViewer(
  { kinds, clock }: Pick<ResourceDeps, 'clock'> & { readonly kinds: ListKind },
  store: Pick<Store, 'members'>,
  catalog: CatalogView,
  authority: Authority,
): Promise<Viewer> {
  const ask = (user: User, now: Instant) => keepStanding(store.members, catalog, user, now)
  return await viewerOf({ kinds, clock }, catalog, authority, ask)
}

async function viewerOf(
  { kinds, clock }: Pick<ResourceDeps, 'clock'> & { readonly kinds: ListKind },
  catalog: CatalogView,
  authority: Authority,
  ask: (user: User, now: Instant) => Promise<Standing>,
): Promise<Viewer> {
  const now = clock.now()
  const user = authority.kind === 'person' ? catalog.user(authority.name) : undefined
  const standing = user === undefined ? noStanding : await ask(user, now)
  return {
    authority,
    catalog,
    kinds,
    now,
    user,
    standing,
    askable: askable(authority, user, catalog),
    judge: judgeOf(authority, catalog, kinds),
  }
}

/** How much the viewer sees of a list that is there; `list` is undefined for one that cannot be read. */
export function sightOn(viewer: Viewer, name: string, list: AccessList | undefined): Sight {
  return sightAs(viewer, name, list !== undefined && viewer.askable(list), belongsTo(viewer, name))
}

/** What the viewer is to a list. */
export interface Part {
  readonly isOwner: boolean
  readonly isMember: boolean
}

function belongsTo({ standing }: Viewer, name: string): Part {
  return { isOwner: standing.owners.has(name), isMember: standing.members.has(name) }
}

/** As {@link sightOn}, where it is known already what they are to it and whether they could ask to join it. */
export function sightAs(
  { judge }: Viewer,
  name: string,
  couldAsk: boolean,
  { isOwner, isMember }: Part,
): Sight {
  const read = judge('read', name)
  if (read === 'allow') return 'all'
  if (read === 'deny') return 'none'
  if (isOwner) return 'all'
  if (isMember) return 'member'
  return couldAsk || judge('list', name) === 'allow' ? 'card' : 'none'
}

export function couldAskFor(
  { standing, askable: may }: Viewer,
  name: string,
  list: AccessList | undefined,
): boolean {
  return list !== undefined && !standing.members.has(name) && may(list)
}

/** What the viewer may do with the list of this name, readable or not; there may be none. */
export function rightsOn(viewer: Viewer, name: string): ListRights {
  const { catalog, standing, judge } = viewer
  if (!catalog.parsed('access_list').has(name)) return nothing
  const list = catalog.accessList(name)
  const owner = standing.owners.get(name)
  const update = judge('update', name)
  const sight = sightOn(viewer, name, list)
  return {
    sight,
    // Whom a role keeps from reading would read by what changing answers.
    members: update === 'allow' || (owner !== undefined && update === 'silent' && sight === 'all'),
    edit: update === 'allow',
    delete: judge('delete', name) === 'allow',
    aws: sight !== 'none' && ((owner !== undefined && sight === 'all') || readsPlugins(viewer.authority)),
    owner,
    member: standing.members.get(name),
    couldAsk: couldAskFor(viewer, name, list),
  }
}

const nothing: ListRights = {
  sight: 'none',
  members: false,
  edit: false,
  delete: false,
  aws: false,
  owner: undefined,
  member: undefined,
  couldAsk: false,
}

function readsPlugins(authority: Authority): boolean {
  return mayOnResource(authority, { resource: 'plugin', verb: 'read' }).effect === 'allow'
}

/**
 * Whether somebody may know of users beyond what the members of their lists tell. Owners without such a right add
 * people by name: they are given names that are like what they write, no other addresses, and not what people hold.
 */
export function seesUsers(authority: Authority): boolean {
  return ['list', 'read'].some(
    (verb) => mayOnResource(authority, { resource: 'user', verb }).effect === 'allow',
  )
}

/**
 * A look at what a change would do leaves no event, and tells whoever may not see users of some of them.
 * @throws GatewayError `TOO_MANY_ATTEMPTS`.
 */
export async function limitPreviews(deps: LimitDeps, authority: Authority): Promise<void> {
  if (!seesUsers(authority)) await limitPerson(deps, 'preview', authority.name)
}

/**
 * The rights on a list that the viewer may see.
 * @throws GatewayError `NOT_FOUND`; `FORBIDDEN` for machine users and the operator, who know by their roles.
 */
export function assertSeesList(viewer: Viewer, name: string): ListRights {
  const rights = rightsOn(viewer, name)
  if (rights.sight !== 'none') return rights
  throw hidden(viewer, name, 'read')
}

/** The rights on a list of which the viewer may see all. @throws GatewayError `NOT_FOUND`, `FORBIDDEN`. */
export function assertReadsList(viewer: Viewer, name: string): ListRights {
  const rights = assertSeesList(viewer, name)
  if (rights.sight === 'all') return rights
  throw new GatewayError(
    'FORBIDDEN',
    `only owners of access list "${name}", and whoever a role allows "read" on it, see its members`,
    { resource: 'access_list', verb: 'read', name },
  )
}

/**
 * The rights on a list whose members the viewer may change, and which they may review.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`.
 */
export function assertManagesMembers(viewer: Viewer, name: string): ListRights {
  const rights = rightsOn(viewer, name)
  if (rights.members) return rights
  if (rights.sight === 'none') throw hidden(viewer, name, 'update')
  throw new GatewayError(
    'FORBIDDEN',
    `only owners of access list "${name}", and whoever a role allows "update" on it, change its members`,
    { resource: 'access_list', verb: 'update', name },
  )
}

/** As if it did not exist; whoever has rules on lists, and is no person, is told of those. */
function hidden({ authority, catalog }: Viewer, name: string, verb: string): GatewayError {
  const right = { resource: 'access_list', verb }
  const { effect } = mayOnResource(authority, right)
  const exists = catalog.parsed('access_list').has(name)
  if (authority.kind !== 'person' && (effect === 'deny' || exists)) return forbidden(authority, right, name)
  return new GatewayError('NOT_FOUND', `there is no access list named "${name.slice(0, 200)}"`, {
    kind: 'access_list',
    name: name.slice(0, 200),
  })
}

/** The list as it is read. @throws GatewayError `INVALID_RESOURCE` for one that cannot be. */
export function readableList(catalog: CatalogView, name: string): AccessList {
  const list = catalog.accessList(name)
  if (list !== undefined) return list
  throw new GatewayError(
    'INVALID_RESOURCE',
    `access list "${name}" cannot be read as it is stored; correct its document first`,
  )
}
