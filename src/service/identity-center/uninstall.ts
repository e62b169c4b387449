/**
 * @module Removes a plugin with all that the gateway kept for it. First the sync is paused and whatever it began ends;
 * then grants that would end by themselves are taken from AWS, since nobody would end them any more (T26); then, where
 * asked for, everything else that we put there; and only then are rows and resources deleted, in one transaction. The
 * audit log and everything that people made stay.
 */
import { GatewayError } from '../../core/error.js'
import type { JobItem } from '../../api/contract/identity-center.js'
import { listNoteNames } from '../../core/identity-center/note-names.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmBefore } from '../people/confirm-change.js'
import { record, recordRefusal } from '../people/record.js'
import { applyResources } from '../resources/apply.js'
import { WorkingView } from '../resources/working-view.js'
import { deleteResource } from '../resources/write.js'
import type { IdentityCenterDeps } from './deps.js'
import { importedLists, soleIntegration } from './describe-uninstall.js'
import { editPlugin } from './edit-plugin.js'
import { findPlugin } from './find-plugin.js'
import { lastSignIn } from './last-sign-in.js'
import { removeAccess, waitForOpenChanges, type RemovalWork } from './remove-access.js'
import { chooseRows } from './rows-to-remove.js'
import type { Progress } from './sync-port.js'
import { endingRows, isOfRequests } from './time-boxed.js'
import { jobAnswerOf } from './words.js'
import { detachList, inTheNameOf } from './write-import.js'

export interface UninstallInput {
  readonly confirm: string
  readonly removeAccess: boolean
  readonly stillIdentitySource: boolean
}

/**
 * Begins the removal and answers the job.
 * @throws GatewayError `INVALID_INPUT` for another name in `confirm`, `STILL_IN_USE` while people sign in to AWS here
 * and nobody said that it is meant, `CONFLICT` while a job runs; as `confirmChange`.
 */
export async function uninstall(
  deps: IdentityCenterDeps,
  name: string,
  input: UninstallInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<JobItem> {
  const { settings } = await findPlugin(deps, name)
  if (input.confirm !== name) {
    const message = `type the name of the plugin, ${name}, to agree`
    throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'body.confirm', message }] })
  }
  const signedInAt = await lastSignIn(deps, settings.serviceProvider)
  if (signedInAt !== undefined && !input.stillIdentitySource) {
    throw new GatewayError(
      'STILL_IN_USE',
      'people still sign in to AWS here: change the identity source of Identity Center first, or say that you mean it (stillIdentitySource)',
      { plugin: name },
    )
  }
  const sync = await deps.syncs.of(name)
  const acts = [{ resource: 'plugin', verb: 'delete' }]
  const confirmed = await confirmBefore(deps, acts, authority, origin)
  const by = authority.name
  const job = await sync.run('uninstall', async (progress) => {
    const work = { deps, sync, by, origin, progress }
    try {
      await removeAll(work, name, input, confirmed)
    } catch (error) {
      const message = error instanceof Error ? error.message.slice(0, 500) : 'it failed'
      const fields = { name, updated_by: by, error: message }
      await recordRefusal(deps, { event: 'aws_identity_center.uninstall', user: by, fields }, origin)
      throw error
    }
  })
  return jobAnswerOf(job)
}

async function removeAll(
  work: RemovalWork,
  name: string,
  input: UninstallInput,
  authority: Authority,
): Promise<void> {
  const { deps, origin, progress } = work
  progress({ says: 'Pausing the sync' })
  const found = await findPlugin(deps, name)
  if (found.settings.sync === 'active') {
    const { parsed } = editPlugin(deps, found, { sync: 'paused' })
    await applyResources(
      deps,
      { documents: [parsed.written], mode: 'update', dryRun: false },
      authority,
      origin,
    )
  }
  await waitForOpenChanges(work)
  const ledger = await deps.store.ledger.list(name)
  const links = await deps.store.principalLinks.list(name)
  const ending = new Set(endingRows(ledger, links, await work.sync.plan()))
  const rows = await chooseRows(deps.store, name, ledger, ending, input.removeAccess)
  await removeAccess(work, rows, links)
  progress({ says: 'Deleting what was kept here' })
  await deleteHere(work, name, { removedFromAws: rows.length, timeBoxed: ending.size })
}

async function deleteHere(
  { deps, by, origin }: RemovalWork & { readonly progress: Progress },
  name: string,
  totals: { readonly removedFromAws: number; readonly timeBoxed: number },
): Promise<void> {
  await deps.catalog.read()
  await deps.store.transaction(async (tx) => {
    const view = await deps.catalog.readIn(tx)
    const catalog = new WorkingView(view)
    const entry = view.plugins().find(({ value }) => value.name === name)
    if (entry === undefined) throw new GatewayError('CONFLICT', `the plugin ${name} was changed meanwhile`)
    if (entry.value.sync === 'active') {
      throw new GatewayError('CONFLICT', 'somebody switched the sync on again; nothing was deleted')
    }
    // Somebody may have switched the sync on and off meanwhile, and a late answer may have been found.
    const open = (await tx.changes.listOpen(name)).length > 0
    if (open || (await tx.ledger.list(name)).some(isOfRequests)) {
      throw new GatewayError(
        'CONFLICT',
        'grants that end by themselves were made in AWS meanwhile; nothing was deleted, remove the integration once more',
      )
    }
    const writing = { deps, tx, catalog, authority: inTheNameOf(by), origin, dryRun: false }
    const remove = async (kindName: string, resource: string): Promise<void> => {
      const kind = deps.kinds.find(kindName)
      if (kind === undefined) throw new GatewayError('INTERNAL', `${kindName} is no kind of resource`)
      await deleteResource(writing, kind, { name: resource, expectedRevision: undefined })
    }
    const lists = importedLists(view, name)
    const integration = soleIntegration({ settings: entry.value, entry, catalog: view })
    for (const list of lists) {
      await detachList(writing, deps.kinds, { list: list.name, by })
      await remove('access_list', list.name)
    }
    await tx.ledger.deleteAll(name)
    await tx.principalLinks.deleteAll(name)
    await tx.observations.deleteAll(name)
    await tx.approvals.delete(
      name,
      (await tx.approvals.list(name)).map(({ key }) => key),
    )
    for (const { slot } of await tx.scimTokens.list(name)) await tx.scimTokens.delete(name, slot)
    for (const note of listNoteNames(name)) await tx.notes.delete(note)
    // Its history tells a later plugin of the same name that it began long ago; the audit log keeps it all.
    await tx.changes.deleteEndedBefore(name, deps.clock.now() + 1)
    await remove('plugin', name)
    if (integration !== undefined) await remove('integration', integration)
    const fields = {
      name,
      updated_by: by,
      access_lists: lists.length,
      removed_from_aws: totals.removedFromAws,
      time_boxed: totals.timeBoxed,
      integration,
    }
    const facts = { event: 'aws_identity_center.uninstall', success: true, user: by, fields } as const
    await record(deps, tx, facts, origin)
  })
}
