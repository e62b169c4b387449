/** @module Ways of access as somebody who asks is told of them: lists that they may not see have no name. */
import type { z } from 'zod'
import type { accessPathAnswer, heldAccess, signInProofs } from '../../api/contract/insight.js'
import { pathWords, type AccessPath } from '../../core/insight/access-path.js'
import type { HeldSet } from '../../core/insight/holder-paths.js'
import { signInNeeds, type SignInNeeds } from '../../core/insight/sign-in-needs.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { formatInstant } from '../../core/time.js'
import type { Traits } from '../../core/user/user.js'
import { rightsOn, type Viewer } from '../access-lists/rights.js'
import { hiddenList, shownList } from '../access-lists/shown-list.js'
import type { CatalogView } from '../resources/catalog-view.js'

export type ShownPath = z.infer<typeof accessPathAnswer>
export type ShownAccess = z.infer<typeof heldAccess>

/** A person knows the lists that give them something. */
export function tellPath(viewer: Viewer, person: string, path: AccessPath): ShownPath {
  const isOwn = viewer.authority.kind === 'person' && viewer.authority.name === person
  const lists = path.lists.map((name) => {
    if (isOwn) return { name, title: viewer.catalog.accessList(name)?.title ?? name }
    return rightsOn(viewer, name).sight === 'none' ? hiddenList : shownList(viewer, name)
  })
  const until = path.until === undefined ? undefined : formatInstant(path.until)
  const named = { ...path, lists: lists.map(({ name, title }) => name ?? title) }
  return {
    by: path.by,
    lists,
    ...(path.role !== undefined && { role: path.role }),
    ...(path.request !== undefined && { request: path.request }),
    ...(until !== undefined && { until }),
    says: pathWords(named, until),
  }
}

export function tellSet(viewer: Viewer, person: string, held: HeldSet): ShownAccess {
  const { permissionSet, paths, morePaths, isDenied } = held
  return {
    permissionSet: { arn: permissionSet.arn, name: permissionSet.name },
    paths: paths.map((path) => tellPath(viewer, person, path)),
    ...(morePaths > 0 && { morePaths }),
    ...(isDenied && { denied: true as const }),
  }
}

interface SignInFacts {
  readonly name: string
  readonly traits: Traits
  /** Names and references, as they are stored. */
  readonly roles: readonly string[]
}

/** What the sign-in to the application takes of them; a lock is told by itself. */
export function needsAt(
  catalog: CatalogView,
  serviceProvider: ServiceProvider,
  { name, traits, roles: names }: SignInFacts,
): SignInNeeds {
  return signInNeeds(askSignIn(catalog, serviceProvider, { name, traits, roles: names }))
}

export function askSignIn(
  catalog: CatalogView,
  serviceProvider: ServiceProvider,
  { name, traits, roles: names }: SignInFacts,
) {
  const { roles, missing } = catalog.rolesOf({ roles: names })
  return {
    user: { name, traits },
    roles,
    missingRoles: missing,
    serviceProvider,
    resource: catalog.parsed('saml_idp_service_provider').get(serviceProvider.name)?.stored.document,
    preference: catalog.preference(),
    locks: [],
  }
}

export function tellSignIn({ opens, needs, says }: SignInNeeds): z.infer<typeof signInProofs> {
  return { opens, needs: [...needs], ...(says !== undefined && { says }) }
}

/** The application through which people come to this account; where several instances have it, the first by name. */
export function applicationForAws(catalog: CatalogView): ServiceProvider | undefined {
  const [first] = catalog.plugins().flatMap(({ value }) => value.serviceProvider ?? [])
  return first === undefined ? undefined : catalog.serviceProviderByName(first)
}
