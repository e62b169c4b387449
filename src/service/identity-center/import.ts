/** @module Imports what AWS has: access lists, members, bonds and ledger, in the background. May be run again. */
import type { z } from 'zod'
import type { importAnswer } from '../../api/contract/identity-center.js'
import { GatewayError } from '../../core/error.js'
import { buildImport } from '../../core/import/build-import.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmBefore } from '../people/confirm-change.js'
import { recordRefusal } from '../people/record.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { collectImportFacts } from './import-facts.js'
import { hasStarted, type ImportRecord } from './started.js'
import type { CurrentPlan } from './sync-port.js'
import { jobAnswerOf } from './words.js'
import { importIsOver, inTheNameOf, writeImport } from './write-import.js'

type ImportAnswer = z.infer<typeof importAnswer>

/**
 * Begins the import and answers the job; the counts stand beside one that has ended already.
 * @throws GatewayError `NOT_FOUND`, and `CONFLICT` where AWS was not read to the end yet, the last look is doubted,
 * nobody would own the lists, another job runs, or Gatehouse has changed AWS already; as `confirmChange`.
 */
export async function startImport(
  deps: IdentityCenterDeps,
  name: string,
  by: string,
  origin: RequestOrigin | undefined,
  authority: Authority = inTheNameOf(by),
): Promise<ImportAnswer> {
  const { settings } = await findPlugin(deps, name)
  if (await hasStarted(deps.store, settings)) throw importIsOver(name)
  if (settings.defaultOwners.length === 0) {
    throw refused('every access list has an owner: name access_list_default_owners in the plugin first')
  }
  const sync = await deps.syncs.of(name)
  assertReadable(await sync.plan())
  await confirmBefore(deps, [{ resource: 'plugin', verb: 'update' }], authority, origin)
  const outcome: { made?: ImportRecord } = {}
  const job = await sync.run('import', async (progress) => {
    try {
      progress({ says: 'Comparing with what there is' })
      const { facts, current } = await collectImportFacts(deps, settings)
      assertReadable(current)
      const work = { deps, plugin: name, by, origin, progress }
      const made = await writeImport(work, buildImport(facts, by), settings.defaultOwners)
      outcome.made = made
      progress({ says: sayImported(made) })
    } catch (error) {
      const message = error instanceof Error ? error.message : 'it failed'
      const fields = { name, updated_by: by, error: message.slice(0, 500) }
      await recordRefusal(deps, { event: 'aws_identity_center.import', user: by, fields }, origin)
      throw error
    }
  })
  const { made } = outcome
  if (made === undefined || job.state === 'running') return { job: jobAnswerOf(job) }
  const { created, updated, unchanged, removed, members, withoutUser, directAssignments } = made
  return {
    job: jobAnswerOf(job),
    lists: { created, updated, unchanged, removed },
    members,
    withoutUser,
    directAssignments,
  }
}

export function sayImported(made: ImportRecord): string {
  const parts = [
    `${made.created} access lists made`,
    `${made.updated} brought up to date`,
    `${made.unchanged} unchanged`,
    ...(made.removed > 0 ? [`${made.removed} removed`] : []),
  ]
  const without =
    made.withoutUser === 0 ? '' : `; ${made.withoutUser} of the people in them are no users here yet and stay`
  return `${parts.join(', ')}${without}`
}

function assertReadable({ observation }: CurrentPlan): void {
  if (observation.users === undefined || observation.groups === undefined) {
    throw refused('AWS was not read to the end yet: look at AWS first, then import what was found')
  }
  if (observation.doubts.has('users') || observation.doubts.has('groups')) {
    throw refused(
      'the last look at AWS found far fewer users or groups than the one before, so it is not taken for the truth; look again',
    )
  }
}

function refused(message: string): GatewayError {
  return new GatewayError('CONFLICT', message)
}
