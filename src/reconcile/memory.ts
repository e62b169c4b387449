/** @module What the holder of the lease keeps in memory beside the store, valid while it holds the lease. */
import type { Random } from '../lib/random.js'
import type { Store } from '../store/store.js'
import { Failures } from './failures.js'
import { keepNote, noteNames, readProgress, readReading, type Progress, type Reading } from './notes.js'
import { loadSeen, type Seen } from './seen.js'

export interface Memory {
  readonly seen: Seen
  readonly reading: Reading
  readonly failures: Failures
  progress: Progress
}

export async function loadMemory(
  { store, random }: { readonly store: Store; readonly random: Random },
  plugin: string,
  isHolder: boolean,
): Promise<Memory> {
  const progress = await readProgress(store.notes, plugin)
  let reading = await readReading(store.notes, plugin)
  if (reading === undefined) {
    reading = { mark: random.uuid(), mayAskByPrincipal: true, doubts: {} }
    if (isHolder) await keepNote(store, plugin, noteNames.reading(plugin), reading)
  }
  const seen = await loadSeen(store.observations, plugin)
  return { seen, reading, failures: new Failures(progress.failures), progress }
}

/** What AWS refused to everybody: the credentials are bad until a look at AWS comes to its end. */
export function refuse(memory: Memory, says: string): void {
  memory.progress = { ...memory.progress, credentials: { ok: false, says } }
}
