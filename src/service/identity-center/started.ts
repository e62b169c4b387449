/**
 * @module Whether Gatehouse ever changed AWS for a plugin. Before, AWS is the truth and may be imported again; from
 * then on Gatehouse is. Told by what there is: the setting, the import, objects that we made, changes on record. One
 * that is active and was never imported has not begun: the sync imports first.
 */
import { noteNames } from '../../core/identity-center/note-names.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { isMap } from '../resources/present.js'

export async function hasStarted(
  tx: Pick<StoreTransaction, 'changes' | 'principalLinks' | 'notes'>,
  settings: Pick<PluginSettings, 'name' | 'sync'>,
): Promise<boolean> {
  const { name, sync } = settings
  if (sync === 'active' && (await tx.notes.find(noteNames.imported(name))) !== undefined) return true
  if ((await tx.notes.find(noteNames.started(name))) !== undefined) return true
  if ((await tx.changes.list(name, { limit: 1 })).length > 0) return true
  return (await tx.principalLinks.list(name)).some(({ origin }) => origin !== 'imported')
}

/** What the last import did; kept so that it can be told after the job has ended. */
export interface ImportRecord {
  readonly at: Instant
  readonly by: string
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly removed: number
  readonly members: number
  readonly withoutUser: number
  readonly directAssignments: number
  /** The default owners at that time. */
  readonly owners: readonly string[]
}

/** Undefined where nothing was imported yet. */
export async function lastImport(
  tx: Pick<StoreTransaction, 'notes'>,
  plugin: string,
): Promise<ImportRecord | undefined> {
  const note = await tx.notes.find(noteNames.imported(plugin))
  if (!isMap(note)) return undefined
  const number = (key: string): number => (typeof note[key] === 'number' ? note[key] : 0)
  return {
    at: number('at'),
    by: typeof note['by'] === 'string' ? note['by'] : '',
    created: number('created'),
    updated: number('updated'),
    unchanged: number('unchanged'),
    removed: number('removed'),
    members: number('members'),
    withoutUser: number('withoutUser'),
    directAssignments: number('directAssignments'),
    owners: Array.isArray(note['owners']) ? note['owners'].filter((name) => typeof name === 'string') : [],
  }
}
