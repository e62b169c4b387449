/**
 * @module The audit event of what a directory asked, the failed ones too. One that changes something has it in its own
 * transaction; one that fails, in another. Directories read without end, so not each read has an event of its own.
 */
import { tellsOfRead } from '../../core/directory/reads.js'
import type { AuditEventName, AuditFacts } from '../../core/audit/event.js'
import { directoryName } from '../../core/directory/names.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { countDirectoryRead, mayRecordFault, takeBack } from '../people/limits.js'
import { record, recordRefusal } from '../people/record.js'
import type { Directory, DirectoryDeps } from './deps.js'

export type ScimEvent = Extract<AuditEventName, `scim.${string}`>

export interface Asked {
  readonly event: ScimEvent
  readonly type: 'User' | 'Group'
  readonly fields?: NonNullable<AuditFacts['fields']>
}

export function asked({ connector }: Directory, { event, type, fields }: Asked) {
  const told = { connector, resource_type: type, ...fields }
  return { event, user: directoryName(connector), fields: told }
}

/** In the transaction of the change. */
export async function recordAsked(
  deps: DirectoryDeps,
  tx: Pick<StoreTransaction, 'audit'>,
  directory: Directory,
  what: Asked,
  origin: RequestOrigin | undefined,
): Promise<void> {
  await record(deps, tx, { ...asked(directory, what), success: true }, origin)
}

/**
 * Of what was read, before it is answered: at once for the first of its sort from an address, then for the tenth, the
 * hundredth and so on of the same quarter of an hour, with how many there were.
 */
export async function recordRead(
  deps: DirectoryDeps,
  directory: Directory,
  what: Asked,
  origin: RequestOrigin,
): Promise<void> {
  const sort = `${what.event} ${what.type}`
  const hit = await countDirectoryRead(deps, directory.connector, sort, origin.address)
  if (!tellsOfRead(hit.count)) return
  const told = { ...what, fields: { ...what.fields, reads: hit.count } }
  try {
    await deps.store.transaction(async (tx) => await recordAsked(deps, tx, directory, told, origin))
  } catch (error) {
    // Nothing is answered that was not told: the next read is the first again.
    await takeBack(deps, { hits: [hit] })
    throw error
  }
}

/** Does the work; what is refused of it is told in the log and thrown on. */
export async function tellingFailure<T>(
  deps: DirectoryDeps,
  directory: Directory,
  what: Asked,
  origin: RequestOrigin,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GatewayError && (await mayRecordFault(deps, origin.address))) {
      const facts = asked(directory, what)
      const fields = { ...facts.fields, error: error.message.slice(0, 300), error_code: error.code }
      await recordRefusal(deps, { ...facts, fields }, origin)
    }
    throw error
  }
}
