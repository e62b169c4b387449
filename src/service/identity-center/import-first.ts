/**
 * @module The import of a plugin that was switched on before anything was imported, as files alone do it: the same that
 * a person would begin, in the name of the gateway. The sync asks for it and changes nothing in AWS until it is over.
 */
import { GatewayError } from '../../core/error.js'
import { noteNames } from '../../core/identity-center/note-names.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { startImport } from './import.js'
import { hasStarted } from './started.js'
import type { FirstImport } from './sync-port.js'

/** Begins it where it is due and nothing else is under way. */
export async function importFirst(deps: IdentityCenterDeps, plugin: string): Promise<FirstImport> {
  const { settings } = await findPlugin(deps, plugin)
  if (await hasStarted(deps.store, settings)) return { state: 'done' }
  // Of the job that runs now, on whichever replica; a job that died with its process holds it for seconds only.
  const lease = await deps.store.leases.find(noteNames.job(plugin))
  if (lease !== undefined && deps.clock.now() < lease.expiresAt) return { state: 'running' }
  try {
    const begun = await startImport(deps, plugin, 'system', undefined)
    if (begun.job.state === 'failed') return { state: 'failed', says: begun.job.error ?? begun.job.says }
    return { state: begun.job.state === 'running' ? 'running' : 'done' }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { state: 'failed', says: error.message }
  }
}
