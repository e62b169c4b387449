/**
 * @module Everybody who reaches an account, one permission set in it, or an application, as far as whoever asks may list
 * people: found in one pass over all, and written out with every way for the people of a page.
 */
import type { z } from 'zod'
import type { whoCanAnswer, whoCanItem } from '../../api/contract/insight.js'
import { lastsUntil, sortPaths, type AccessPath } from '../../core/insight/access-path.js'
import { findAccountHolders, type AccountHolder } from '../../core/insight/account-holders.js'
import { listHolderPaths, pathLimits, waysToList } from '../../core/insight/holder-paths.js'
import { rolesOfPeople, type PersonRoles } from '../../core/insight/roles-of-people.js'
import { opensFor } from '../../core/insight/sign-in-needs.js'
import { findPlace, formatCursor, parseCursor } from '../../core/inventory/cursor.js'
import { findAccount, findPermissionSet } from '../../core/inventory/find-pair.js'
import type { Account, PermissionSet } from '../../core/inventory/inventory.js'
import { formatInstant } from '../../core/time.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { GatewayError } from '../../core/error.js'
import { findApplication } from '../access/applications.js'
import { loadViewer, type Viewer } from '../access-lists/rights.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { mayOnResource, resourceJudge } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import { shownRoleNames } from '../resources/role-refs.js'
import { collectHolders, collectPeople, type Collected, type InsightDeps } from './collect.js'
import {
  applicationForAws,
  askSignIn,
  needsAt,
  tellPath,
  tellSet,
  tellSignIn,
  type ShownAccess,
} from './tell.js'

export interface SubjectInput {
  readonly app?: string | undefined
  readonly account?: string | undefined
  readonly permissionSet?: string | undefined
}

export interface WhoCanInput extends SubjectInput {
  readonly search?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export type Subject =
  | { readonly kind: 'app'; readonly serviceProvider: ServiceProvider }
  | {
      readonly kind: 'account'
      readonly account: Account
      readonly permissionSet: PermissionSet | undefined
    }

/** @throws GatewayError `INVALID_INPUT`, `NOT_FOUND`, `FORBIDDEN` for an application that is hidden. */
export function findSubject(
  deps: Pick<InsightDeps, 'kinds'>,
  catalog: CatalogView,
  { app, account, permissionSet }: SubjectInput,
  authority: Authority,
): Subject {
  if (app !== undefined && account === undefined && permissionSet === undefined) {
    const serviceProvider = findApplication(deps, catalog, app, authority)
    if (serviceProvider !== undefined) return { kind: 'app', serviceProvider }
    throw new GatewayError('NOT_FOUND', `there is no application named "${app.slice(0, 200)}"`)
  }
  if (app === undefined && account !== undefined) {
    return {
      kind: 'account',
      account: findAccount(catalog.inventory, account),
      permissionSet:
        permissionSet === undefined ? undefined : findPermissionSet(catalog.inventory, permissionSet),
    }
  }
  const message = 'give either app, or account with or without permissionSet'
  throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query', message }] })
}

export function tellSubject(subject: Subject): z.infer<typeof whoCanAnswer>['subject'] {
  if (subject.kind === 'app') return { app: subject.serviceProvider.name }
  const { account, permissionSet } = subject
  const { id, name, ouPath } = account
  return {
    account: { id, name, ...(ouPath !== undefined && { ouPath }) },
    ...(permissionSet !== undefined && {
      permissionSet: { arn: permissionSet.arn, name: permissionSet.name },
    }),
  }
}

/** Somebody of whom it is known that they reach it; the rest is worked out for a page. */
interface Reached {
  readonly user: string
  readonly tell: () => z.infer<typeof whoCanItem>
}

/** @throws GatewayError as `findSubject`, and `INVALID_INPUT` for a cursor that no page gave. */
export async function whoCan(
  deps: InsightDeps,
  input: WhoCanInput,
  authority: Authority,
): Promise<z.infer<typeof whoCanAnswer>> {
  const collected = await collectPeople(deps)
  const { catalog } = collected
  const subject = findSubject(deps, catalog, input, authority)
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  const { reached, denied } =
    subject.kind === 'app'
      ? reachApplication(viewer, collected, subject.serviceProvider)
      : await reachAccount(deps, viewer, collected, subject)
  const isVisible = visiblePeople(deps, catalog, authority)
  const words = (input.search ?? '').toLowerCase().split(/\s+/)
  const found = reached.filter(
    ({ user }) => words.every((word) => user.toLowerCase().includes(word)) && isVisible(user),
  )
  const start = input.cursor === undefined ? 0 : placeAfter(found, input.cursor)
  const page = found.slice(start, start + input.limit)
  const last = page.at(-1)
  const isLast = last === undefined || start + input.limit >= found.length
  const seesAll = mayOnResource(authority, listUsers).effect === 'allow'
  return {
    subject: tellSubject(subject),
    items: page.map(({ tell }) => tell()),
    ...(!isLast && { nextCursor: formatCursor([last.user]) }),
    total: found.length,
    denied: seesAll ? denied : 0,
  }
}

const listUsers = { resource: 'user', verb: 'list' }

/** Names that no user here has are for those who may list everybody. */
export function visiblePeople(
  { kinds }: Pick<InsightDeps, 'kinds'>,
  catalog: CatalogView,
  authority: Authority,
): (user: string) => boolean {
  const { effect } = mayOnResource(authority, listUsers)
  if (effect !== 'conditional') return () => effect === 'allow'
  const judge = resourceJudge(authority, listUsers)
  return (user) => {
    const parsed = catalog.parsed('user').get(user)
    if (parsed === undefined) return false
    return judge(shownDocument(kinds.known.user, parsed, catalog)) === 'allow'
  }
}

export function placeAfter(sorted: readonly { readonly user: string }[], cursor: string): number {
  const { place, exact } = findPlace(sorted, ({ user }) => [user], parseCursor(cursor, 1))
  return exact ? place + 1 : place
}

async function reachAccount(
  deps: InsightDeps,
  viewer: Viewer,
  collected: Collected,
  { account, permissionSet }: Extract<Subject, { kind: 'account' }>,
): Promise<{ readonly reached: readonly Reached[]; readonly denied: number }> {
  const input = await collectHolders(deps, collected, account.id)
  const { holders, refused } = findAccountHolders(input, { account, permissionSet })
  let people: ReadonlyMap<string, PersonRoles> | undefined
  const personOf = (name: string): PersonRoles | undefined => {
    people ??= new Map(rolesOfPeople(collected.people).map((person) => [person.name, person]))
    return people.get(name)
  }
  return {
    denied: refused.length,
    reached: holders.map((holder) => ({
      user: holder.user,
      tell: () => tellHolder(viewer, collected, holder, personOf),
    })),
  }
}

function tellHolder(
  viewer: Viewer,
  { catalog, paths }: Collected,
  holder: AccountHolder,
  personOf: (name: string) => PersonRoles | undefined,
): z.infer<typeof whoCanItem> {
  const { user, isUser, lock, isUnclear } = holder
  const { sets, moreSets } = listHolderPaths(holder, paths)
  const all = sets.flatMap((one) => one.paths)
  const hidden = moreSets > 0 || sets.some(({ morePaths }) => morePaths > 0)
  const until = hidden ? undefined : lastsUntil(all)
  const person = personOf(user)
  const application = applicationForAws(catalog)
  return {
    user,
    known: isUser,
    ...(lock !== undefined && { locked: true as const }),
    ...(isUnclear && { unclear: true as const }),
    ...(until !== undefined && { until: formatInstant(until) }),
    ...(person !== undefined &&
      application !== undefined && {
        signIn: tellSignIn(needsAt(catalog, application, rolesThatCount(person))),
      }),
    access: sets.map((one) => tellSet(viewer, user, one)),
    ...(moreSets > 0 && { moreAccess: moreSets }),
  }
}

export function rolesThatCount({ name, traits, own, listed }: PersonRoles) {
  return { name, traits, roles: [...new Set([...own, ...listed.map(({ role }) => role)])] }
}

function reachApplication(
  viewer: Viewer,
  { catalog, people, paths }: Collected,
  serviceProvider: ServiceProvider,
): { readonly reached: readonly Reached[]; readonly denied: number } {
  const reached = rolesOfPeople(people).flatMap((person): Reached[] => {
    const counting = rolesThatCount(person)
    if (counting.roles.length === 0) return []
    const { opens, roles } = opensFor(askSignIn(catalog, serviceProvider, counting))
    if (!opens) return []
    const opening = new Set(roles)
    const tell = (): z.infer<typeof whoCanItem> => {
      const isOpening = (name: string) =>
        shownRoleNames([name], catalog.inventory).some((r) => opening.has(r))
      const found = sortPaths([
        ...person.own.filter(isOpening).map((role): AccessPath => ({ ...bare, by: 'role', role })),
        ...person.listed
          .filter(({ role }) => isOpening(role))
          .flatMap((one) => waysToList(person.name, one, paths)),
      ])
      const access: ShownAccess = {
        paths: found.slice(0, pathLimits.paths).map((path) => tellPath(viewer, person.name, path)),
        ...(found.length > pathLimits.paths && { morePaths: found.length - pathLimits.paths }),
      }
      const until = lastsUntil(found)
      return {
        user: person.name,
        known: true,
        ...(person.lock !== undefined && { locked: true as const }),
        ...(until !== undefined && { until: formatInstant(until) }),
        signIn: tellSignIn(needsAt(catalog, serviceProvider, counting)),
        access: [access],
      }
    }
    return [{ user: person.name, tell }]
  })
  // A refusal says of many only that nothing lets them in; those a role denies are not told apart from these.
  return { reached, denied: 0 }
}

const bare = { lists: [], role: undefined, request: undefined, until: undefined }
