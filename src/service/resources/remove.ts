/** @module Deletes one resource of any kind, readable or not, with whatever has to go with it. */
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { StoreTransaction } from '../../store/store.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import type { ApplyDeps } from './apply.js'
import type { RemoveInput, ResourceChange } from './changes.js'
import type { ResourceDeps } from './deps.js'
import { inTransaction } from './in-transaction.js'
import type { Kind, Kinds } from './kind.js'
import { keepAdministrator } from './last-administrator.js'
import { recordRefusedRemoval } from './refused-documents.js'
import { WorkingView } from './working-view.js'
import { deleteResource } from './write.js'

/**
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`, `REVISION_MISMATCH`, `SYSTEM_RESOURCE`, `RESERVED_NAME`,
 * `LAST_ADMINISTRATOR`, and as `confirmChange`.
 */
export async function removeResource(
  deps: ResourceDeps,
  input: RemoveInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ResourceChange> {
  const kind = findKind(deps.kinds, input.kind)
  const { name, expectedRevision, dryRun } = input
  await deps.catalog.read()
  const removed = inTransaction(deps.store, dryRun, async (tx) => {
    const preference = (await deps.catalog.readIn(tx)).preference()
    const what = { kind: kind.name, name, expectedRevision, dryRun }
    const change = await removeWithin(deps, tx, what, authority, origin)
    if (!dryRun) {
      const acts = [{ resource: kind.name, verb: 'delete' }]
      await confirmChange(tx, authority, { acts, preference, now: deps.clock.now() })
    }
    return change
  })
  try {
    return await tellingInvalidProofs(deps, origin, () => removed)
  } catch (error) {
    if (!dryRun) await recordRefusedRemoval(deps, { kind, name, error }, authority, origin)
    throw error
  }
}

/** {@link removeResource} as a part of a larger change. */
export async function removeWithin(
  deps: ApplyDeps,
  tx: StoreTransaction,
  input: Omit<RemoveInput, 'dryRun' | 'expectedRevision'> & {
    readonly expectedRevision?: string | undefined
    readonly dryRun?: boolean
  },
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ResourceChange> {
  const kind = findKind(deps.kinds, input.kind)
  const { name, expectedRevision, dryRun = false } = input
  const before = await deps.catalog.readIn(tx)
  const catalog = new WorkingView(before)
  const writing = { deps, tx, catalog, authority, origin, dryRun }
  return await keepAdministrator(
    tx,
    { before, after: catalog },
    { kinds: [kind.name], authority, now: deps.clock.now() },
    async () => await deleteResource(writing, kind, { name, expectedRevision }),
  )
}

/** By name, plural or alias. @throws GatewayError `NOT_FOUND` that names those there are. */
export function findKind(kinds: Kinds, word: string): Kind {
  const kind = kinds.find(word)
  if (kind !== undefined) return kind
  const known = kinds.all.map(({ name }) => name).join(', ')
  throw new GatewayError('NOT_FOUND', `"${word.slice(0, 60)}" is no kind of resource; there are ${known}`, {
    kind: word.slice(0, 60),
  })
}
