/** @module The people of an access list through any path, by page: why each is in, and who is in and does not count. */
import type { z } from 'zod'
import type { listPerson, ListPeopleAnswer } from '../../api/contract/access-lists.js'
import type { Ineligible } from '../../core/access-list/flatten.js'
import { formatInstant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import { pageOf, type PageInput } from '../identity-center/page.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { lastAwsSignIns } from './last-sign-ins.js'
import { readPeople } from './people-of.js'
import { assertReadsList, loadViewer } from './rights.js'
import { shownPath } from './shown-list.js'
import { shownWays } from './ways-of.js'
import { sayIneligible } from './say-ineligible.js'

interface Person {
  readonly name: string
  readonly path: readonly string[]
  readonly ineligible: Ineligible | undefined
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for a cursor that no page gave. */
export async function listPeople(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  list: string,
  page: PageInput,
  authority: Authority,
): Promise<ListPeopleAnswer> {
  const catalog = await deps.catalog.read()
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  assertReadsList(viewer, list)
  const { now } = viewer
  const { flat, rows } = await readPeople(deps.store.members, catalog, list, now)
  const waysOf = shownWays(viewer, list, rows)
  const people: Person[] = [
    ...[...flat.users].map(([name, { path }]) => ({ name, path, ineligible: undefined })),
    ...[...flat.ineligible].map(([name, ineligible]) => ({ name, path: ineligible.path, ineligible })),
  ]
  const shown = pageOf(
    people,
    ({ name }) => [name],
    ({ name, path }) => [name, ...shownPath(viewer, path).map(({ title }) => title)].join('\n'),
    page,
  )
  const names = shown.items.map(({ name }) => name)
  const signIns = await lastAwsSignIns(deps, catalog, names)
  return {
    items: shown.items.map((person): z.infer<typeof listPerson> => {
      const signedIn = signIns.get(person.name)
      return {
        name: person.name,
        ...factsOf(catalog, person.name, now),
        path: shownPath(viewer, person.path),
        ...waysOf(person.name),
        ...(person.ineligible !== undefined && {
          ineligible: sayIneligible(viewer, list, person.ineligible),
        }),
        ...(signedIn !== undefined && { lastAwsSignIn: formatInstant(signedIn) }),
      }
    }),
    ...(shown.next !== undefined && { nextCursor: shown.next }),
    total: shown.total,
  }
}

/** Whether the user exists and is locked now. */
export function factsOf(
  catalog: CatalogView,
  name: string,
  now: number,
): { readonly hasUser: boolean; readonly isLocked: boolean } {
  const user = catalog.user(name) ?? { name, roles: [] }
  return {
    hasUser: catalog.parsed('user').has(name),
    isLocked: locksOn(catalog, { user }, now).length > 0,
  }
}
