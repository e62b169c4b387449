/**
 * @module The kind `user`. A new user inherits nothing from an earlier one of the name and looks like no other; a
 * deleted one is out at once. Passwords and second factors are no part of the document.
 */
import { resourceError } from '../../api/resource/parse.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Authority } from '../../service/authority.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, KindChange, ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { shownRoleNames } from '../../service/resources/role-refs.js'
import { endRequestsOf } from '../../service/access-requests/end-of-person.js'
import { forgetUser } from '../../service/people/forget-user.js'
import { assertNoLookAlike } from '../../service/people/look-alike.js'
import type { StoreTransaction } from '../../store/store.js'
import { presentHeldRoles, storeHeldRoles, warnOfMissingRoles } from '../shared/held-roles.js'
import { endUser } from './end-user.js'
import { parseUserDocument, userForm } from './form.js'

const example = `kind: user
version: v2
metadata:
  name: alice@example.com
spec:
  roles: [access]
  traits:
    team: [platform]
`

export const userKind: Kind<User> = {
  name: 'user',
  plural: 'users',
  title: 'user',
  aliases: [],
  description:
    'A person: the roles and traits that decide what they may do. Its name is the user name in AWS.',
  versions: ['v2'],
  example,
  schema: userForm,
  parse: parseUserDocument,
  audit: { create: 'user.create', update: 'user.update', delete: 'user.delete' },
  auditFields: ({ roles, origin }, { inventory }) => ({
    roles: shownRoleNames(roles, inventory),
    connector: connectorOf(origin),
  }),
  columns: [
    {
      key: 'roles',
      title: 'Roles',
      of: ({ roles }, { inventory }) => shownRoleNames(roles, inventory).join(', '),
    },
    {
      key: 'traits',
      title: 'Traits',
      of: ({ traits }) =>
        Object.entries(traits)
          .map(([name, values]) => `${name}: ${values.join(', ')}`)
          .join('; '),
    },
    { key: 'origin', title: 'Signs in by', of: ({ origin }) => connectorOf(origin) },
  ],
  prepare: (document, change) => Promise.resolve(prepareUser(document, change)),
  present: presentHeldRoles,
  effects: async ({ action, name, authority, origin, catalog }, tx, context) => {
    switch (action) {
      case 'create':
        // A recycled name inherits nothing from whoever had it before (T7).
        await forgetUser(tx, name)
        await endRequestsOf(context, { tx, view: catalog, user: name, by: authority.name, origin })
        await releaseFound(tx, name, catalog, context.clock.now())
        return {}
      case 'update':
        return {}
      case 'delete':
        assertOwnsNoList(name, catalog, authority)
        return {
          notes: await endUser(context, { tx, view: catalog, user: name, by: authority.name, origin }),
        }
    }
  },
  warn: ({ roles }, catalog, authority) => warnOfMissingRoles(roles, catalog, authority),
}

/**
 * Owners are named: a later user of the name would own these lists (T7), and until then nobody might answer for them.
 * Whoever deletes the user says who takes over.
 * @throws GatewayError `STILL_IN_USE`, which names the lists to those alone who may see them all.
 */
function assertOwnsNoList(name: string, catalog: CatalogView, authority: Authority): void {
  const lists = [...catalog.listsOwnedBy('user', name)].sort()
  if (lists.length === 0) return
  const seesLists = ['list', 'read'].some(
    (verb) => mayOnResource(authority, { resource: 'access_list', verb }).effect === 'allow',
  )
  const owned = lists.length === 1 ? 'one access list' : `${lists.length} access lists`
  const more = lists.length > maxListsTold ? ` and ${lists.length - maxListsTold} more` : ''
  const told = seesLists ? `: ${lists.slice(0, maxListsTold).join(', ')}${more}` : ''
  throw new GatewayError(
    'STILL_IN_USE',
    `user "${name}" owns ${owned} and cannot be deleted; first take the name out of the owners${told}. A lock shuts the user out at once`,
    { kind: 'user', name, count: lists.length, ...(seesLists && { lists: lists.slice(0, 200) }) },
  )
}

const maxListsTold = 10

/**
 * Whoever had the name before may still have a user in Identity Center, with assignments that import found there. The
 * new one gets the user, and by this date the plan knows that what was found is not theirs (T7).
 */
async function releaseFound(
  { principalLinks }: Pick<StoreTransaction, 'principalLinks'>,
  name: string,
  catalog: CatalogView,
  now: Instant,
): Promise<void> {
  for (const plugin of catalog.parsed('plugin').keys()) {
    const link = await principalLinks.find(plugin, 'user', name)
    if (link === undefined || link.unwantedSince !== undefined) continue
    await principalLinks.put(plugin, { ...link, unwantedSince: now })
  }
}

function prepareUser(
  document: ResourceDocument,
  { action, before, after, catalog }: Pick<KindChange<User>, 'action' | 'before' | 'after' | 'catalog'>,
): ResourceDocument {
  if (action === 'create') assertNoLookAlike(catalog, document.metadata.name)
  if (before !== undefined && after !== undefined) assertSameOrigin(document, before, after)
  return storeHeldRoles(document, catalog)
}

/** A name belongs to whoever made it; another connector never takes it over (T7). */
function assertSameOrigin(document: ResourceDocument, before: User, after: User): void {
  // A connector may be called "local", too.
  if (before.origin.kind === after.origin.kind && connectorOf(before.origin) === connectorOf(after.origin))
    return
  const message =
    `this user signs in by ${connectorOf(before.origin)}, which cannot be changed; keep created_by as it was, ` +
    'or delete the user and create it anew'
  throw resourceError('user', document, [{ path: 'spec.created_by', message }])
}

function connectorOf(origin: User['origin']): string {
  return origin.kind === 'local' ? 'local' : origin.connector
}
