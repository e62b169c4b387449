/**
 * @module When the members of an access list are not to be changed here: those of a list that is managed as code are
 * documents, those of one that a directory pushes are changed there, and nobody is added to one that is frozen until
 * its review is finished.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { overdueEffect } from '../../core/access-list/review-schedule.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { isMap, readStored } from '../resources/present.js'
import { reviewFactsOf } from './review-summary.js'

/** Where people look for who manages a resource. */
const managedByLabel = 'managed-by'
const maxShown = 200

/** Who changes members: people here, `apply` with documents, or the directory that pushes the list. */
export type MemberSource = 'people' | 'documents' | 'directory'

export function memberSourceOf({ type }: Pick<AccessList, 'type'>): MemberSource {
  switch (type) {
    case 'standard':
      return 'people'
    case 'static':
      return 'documents'
    case 'scim':
      return 'directory'
  }
}

/** Why people cannot change the members of the list here, and where they can; undefined where they can. */
export function sayManagedElsewhere(catalog: CatalogView, list: AccessList): string | undefined {
  switch (memberSourceOf(list)) {
    case 'people':
      return undefined
    case 'documents': {
      const where = findManager(catalog, list.name)
      return `The members of access list "${list.name}" are managed as code: ${
        where === undefined
          ? 'change its documents (access_list_member) and apply them'
          : `change them in ${where}`
      }.`
    }
    case 'directory':
      return `Access list "${list.name}" is pushed by a directory: change its members there.`
  }
}

/** What the document of the list says of where it is managed: its label, or the description in its metadata. */
function findManager(catalog: CatalogView, name: string): string | undefined {
  const parsed = catalog.parsed('access_list').get(name)
  const metadata = parsed && readStored(parsed.stored)['metadata']
  if (!isMap(metadata)) return undefined
  const labels = metadata['labels']
  const told =
    isMap(labels) && Object.hasOwn(labels, managedByLabel) ? labels[managedByLabel] : metadata['description']
  return typeof told === 'string' && told.trim() !== '' ? told.trim().slice(0, maxShown) : undefined
}

/** @throws GatewayError `MANAGED_ELSEWHERE`. */
export function assertChangedBy(
  source: Exclude<MemberSource, 'directory'>,
  catalog: CatalogView,
  list: AccessList,
): void {
  const allowed = memberSourceOf(list)
  if (allowed === source || (source === 'documents' && allowed === 'people')) return
  const message = sayManagedElsewhere(catalog, list) ?? ''
  throw new GatewayError('MANAGED_ELSEWHERE', message, { kind: 'access_list', name: list.name })
}

/** Why nobody can be added now; undefined where somebody can. */
export function sayFrozen(
  catalog: CatalogView,
  list: AccessList,
  hasMembers: boolean,
  now: Instant,
): string | undefined {
  const facts = reviewFactsOf(list, catalog, hasMembers)
  if (facts.review === undefined || overdueEffect(facts, now) !== 'frozen') return undefined
  const due = formatInstant(facts.review.dueAt).slice(0, 10)
  return `The review of access list "${list.name}" was due on ${due}; nobody can be added until it is finished.`
}
