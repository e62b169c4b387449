/**
 * @module Removes stored copies of computed resources, however they got there: they are never used, and whoever looks
 * into the database shall not believe in them (T25). At start and from time to time.
 */
import { systemAuthority } from '../authority.js'
import { recordChange } from './change-event.js'
import type { ResourceDeps } from './deps.js'

/** Answers `kind/name` of each that was removed. */
export async function removeStrays(deps: ResourceDeps): Promise<string[]> {
  const removed: string[] = []
  const catalog = await deps.catalog.read()
  for (const kind of deps.kinds.all) {
    const names = [...catalog.parsed(kind.name).keys()].filter((name) => kind.computed?.reserves(name))
    for (const name of names) {
      await deps.store.transaction(async (tx) => {
        const stored = await tx.resources.find(kind.name, name)
        if (stored === undefined) return
        await tx.resources.delete({ kind: kind.name, name, expectedRevision: stored.revision })
        const message = 'a stored copy of a computed resource'
        const value = catalog.parsed(kind.name).get(name)?.entry?.value
        const change = { action: 'delete', kind, name, value, message, catalog } as const
        await recordChange(deps, tx, change, systemAuthority, undefined)
      })
      deps.logger.warn({ kind: kind.name, name }, 'removed a stored copy of a computed resource')
      removed.push(`${kind.name}/${name}`)
    }
  }
  return removed
}
