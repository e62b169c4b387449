/**
 * @module The accounts that a person chooses from when they ask for access, with what they have there and what they may
 * ask for. What a session has assumed does not count, as in every request.
 */
import { grantsOf } from '../../core/access-request/grants.js'
import {
  listPicker,
  type PickedAccount,
  type PickedSet,
  type PickerPage,
  type PickerPageInput,
} from '../../core/access-request/picker.js'
import { preparePicker, type HeldRole, type PickerPerson } from '../../core/access-request/picker-rows.js'
import { GatewayError } from '../../core/error.js'
import { effectiveInAws, effectiveUser, type EffectiveUser } from '../access/effective.js'
import { workInSlices } from '../access/prepare-reach.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { mayOnResource } from '../resources/may.js'
import { isOfInstance } from '../../core/access-request/picker-portal.js'
import { listPortals, portalUrls, type KnownPortal } from './portal.js'
import { requestWorld } from './world.js'

export type PickerDeps = Pick<ResourceDeps, 'catalog' | 'clock' | 'store'>

export interface PickerInput extends Pick<PickerPageInput, 'show' | 'search' | 'limit'> {
  readonly cursor: string | undefined
}

export interface PickedSetView extends PickedSet {
  /** Of what the person has, where the portal is known. */
  readonly portalUrl: string | undefined
}

export interface PickerView extends Omit<PickerPage, 'items'> {
  /** Roles whose access the person may ask for, and sees here for that reason. */
  readonly searchAsRoles: readonly string[]
  readonly items: readonly (Pick<PickedAccount, 'account'> & {
    readonly permissionSets: readonly PickedSetView[]
  })[]
  /** Of the instances in which the person has something of this page. */
  readonly portals: readonly KnownPortal[]
}

/** @throws GatewayError `NOT_FOUND` for a person who is gone, `INVALID_INPUT` for a cursor that no page gave. */
export async function pickForPerson(
  deps: PickerDeps,
  { cursor, ...input }: PickerInput,
  authority: Authority,
): Promise<PickerView> {
  const view = await deps.catalog.read()
  const world = requestWorld(view)
  const person = await loadPickerPerson(deps, view, authority.name)
  await workInSlices(preparePicker(person, world))
  const knowsAll = mayOnResource(authority, { resource: 'role', verb: 'list' }).effect === 'allow'
  const page = listPicker(person, world, { ...input, after: cursor, knowsAll })
  const urlOf = portalUrls(view)
  const held = page.items.flatMap(({ permissionSets }) =>
    permissionSets.flatMap(({ state, permissionSet }) => (state === 'have' ? permissionSet.arn : [])),
  )
  const searchAsRoles = person.requester.roles.flatMap(({ allow }) => allow.request?.searchAsRoles ?? [])
  return {
    ...page,
    searchAsRoles: [...new Set(searchAsRoles)],
    portals: listPortals(view).filter(({ instanceArn }) =>
      held.some((arn) => isOfInstance(arn, instanceArn)),
    ),
    items: page.items.map(({ account, permissionSets }) => ({
      account,
      permissionSets: permissionSets.map((one) => ({
        ...one,
        portalUrl: one.state === 'have' ? urlOf({ account, permissionSet: one.permissionSet }) : undefined,
      })),
    })),
  }
}

/** More live, or waiting, requests of one person than are looked at; each is an answer to one of theirs. */
const maxRequests = 500

/** @throws GatewayError `NOT_FOUND` where there is no such person, or none that can be read. */
export async function loadPickerPerson(
  { store, clock }: Pick<PickerDeps, 'store' | 'clock'>,
  view: CatalogView,
  name: string,
): Promise<PickerPerson> {
  const now = clock.now()
  const effective = await effectiveUser(store.members, view, name, now)
  if (effective === undefined) {
    throw new GatewayError('NOT_FOUND', `there is no user "${name}"`, { kind: 'user', name })
  }
  const current = await store.accessRequests.list({
    user: name,
    states: ['pending', 'approved'],
    limit: maxRequests,
  })
  const waiting = current.filter(({ state }) => state === 'pending').flatMap(({ items }) => items)
  return {
    held: listHeld(effectiveInAws(effective), view),
    grants: grantsOf(current, requestWorld(view), now),
    requester: { user: effective.user, roles: view.rolesOf(effective.user).roles },
    waiting: new Set(waiting.filter(({ state }) => state === 'pending').map(({ id }) => id)),
  }
}

/** Each role once: as the person's own before lists, as a member before owners. */
function listHeld({ user, own, given }: EffectiveUser, view: CatalogView): HeldRole[] {
  const says = new Map<string, string>()
  for (const side of ['member', 'owner'] as const) {
    for (const one of given.filter((some) => some.side === side)) {
      const title = view.accessList(one.list)?.title ?? one.list
      const by = side === 'member' ? `by the access list ${title}` : `as an owner of the access list ${title}`
      for (const role of one.grants.roles) if (!says.has(role)) says.set(role, by)
    }
  }
  const ownRoles = new Set(own.roles)
  return user.roles.flatMap((name) =>
    view.rolesOf({ roles: [name] }).roles.map((role) => {
      const list = ownRoles.has(name) ? undefined : says.get(name)
      return { role, says: list ?? `by the role ${role.name}` }
    }),
  )
}
