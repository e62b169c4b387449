/**
 * @module Locks as far as whoever asks about somebody may know of them. That a lock is in force is part of every
 * answer about access; its name, its end and its words are for those who may read the lock.
 */
import type { Lock } from '../../core/lock/lock.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Kinds } from '../resources/kind.js'
import { mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'

/** The same locks in the same order; of those that the authority may not read only that they are in force. */
export function locksSeenBy(
  authority: Authority,
  locks: readonly Lock[],
  { kinds, catalog }: { readonly kinds: Kinds; readonly catalog: CatalogView },
): Lock[] {
  const right = { resource: 'lock', verb: 'read' }
  return locks.map((lock) => {
    const parsed = catalog.parsed('lock').get(lock.name)
    const document = parsed && shownDocument(kinds.known.lock, parsed, catalog)
    if (mayOnResource(authority, right, document).effect === 'allow') return lock
    return { ...lock, name: '', message: undefined, expiresAt: undefined, concealed: true }
  })
}
