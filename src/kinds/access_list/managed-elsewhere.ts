/**
 * @module Documents of lists that are managed elsewhere. What a directory says of a list that it pushes is refused in a
 * document of anybody else, and a document by which a list stops being managed elsewhere, or stops saying where, is told.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { changedByDirectory } from '../../core/access-list/directory.js'
import { GatewayError } from '../../core/error.js'
import { findManager, managerOf } from '../../service/access-lists/managed.js'
import type { KindChange, ResourceDocument } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'
import { parseAccessListDocument } from './form.js'

/** `document` is as it will be stored. @throws GatewayError `MANAGED_ELSEWHERE`. */
export function assertNotPushed(
  document: ResourceDocument,
  { before, authority }: Pick<KindChange<AccessList>, 'before' | 'authority'>,
): void {
  if (before?.type !== 'scim' || authority.kind === 'system') return
  const { value: after } = parseAccessListDocument(document)
  const parts = changedByDirectory(before, after)
  if (parts.length === 0) return
  const what = parts.map(({ words }) => words).join(', ')
  const there = `Access list "${before.name}" is pushed by a directory: change its ${what} there.`
  const message =
    after.type === 'scim'
      ? there
      : `${there} To take it from the directory first, apply a document that differs in spec.type alone.`
  throw new GatewayError('MANAGED_ELSEWHERE', message, {
    kind: 'access_list',
    name: before.name,
    problems: parts.map(({ path }) => ({ path, message })),
  })
}

/** Sentences for whoever wrote the document; none where it is managed where it was. */
export async function noteManagement(
  { name, before, after, catalog }: Pick<KindChange<AccessList>, 'name' | 'before' | 'after' | 'catalog'>,
  tx: Pick<StoreTransaction, 'resources'>,
): Promise<string[]> {
  if (before === undefined || after === undefined) return []
  const where = findManager(catalog, name)
  if (before.type !== after.type) return [sayHandedOver(before.type, after.type, where)]
  if (after.type === 'standard' || where === undefined) return []
  const stored = await tx.resources.find('access_list', name)
  if (stored !== undefined && managerOf(stored) !== undefined) return []
  return [
    `The document does not say any more where the list is managed (the label managed-by, or the description), which was ${where}: whoever is refused a change is not told where to make it.`,
  ]
}

function sayHandedOver(from: AccessList['type'], to: AccessList['type'], where: string | undefined): string {
  const was = {
    standard: 'Its owners changed the members of the list',
    static: `The list was managed as code${where === undefined ? '' : ` (${where})`}`,
    scim: 'A directory pushed the list',
  }
  const is = {
    standard: 'its owners change its members here',
    static: 'its members are documents that are applied',
    scim: 'a directory pushes it, and nobody changes its members here',
  }
  return `${was[from]}; from now on ${is[to]}.`
}
