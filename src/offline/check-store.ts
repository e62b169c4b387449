/** @module What a store must show before anybody relies on it: its audit chain, and that the master key opens it. */
import type { KeyObject } from 'node:crypto'
import { verifyAudit } from '../audit/verify.js'
import type { ChainLink } from '../core/audit/chain.js'
import type { AuditReport } from '../core/audit/verification.js'
import { GatewayError } from '../core/error.js'
import { checkMasterKey, hasCanary } from '../keys/master-key-check.js'
import { createSealer } from '../keys/sealer.js'
import type { StoreTransaction } from '../store/store.js'

const pageSize = 1000

/** The whole log with all that was signed of it. */
export async function checkChain(
  { audit, keys }: Pick<StoreTransaction, 'audit' | 'keys'>,
  clusterName: string,
): Promise<AuditReport> {
  return await verifyAudit({
    clusterName,
    events: eventsOf(audit),
    heads: await audit.listHeads(),
    checkpoint: await audit.lastCheckpoint(),
    keys: (await keys.list('audit')).map(({ id, publicKeyPem }) => ({ id, publicKeyPem })),
  })
}

async function* eventsOf(audit: StoreTransaction['audit']): AsyncGenerator<ChainLink> {
  for (let cursor = 0; ;) {
    const events = await audit.list({ cursor, limit: pageSize, order: 'asc' })
    yield* events
    const last = events.at(-1)
    if (last === undefined || events.length < pageSize) return
    cursor = last.sequence
  }
}

/** @throws GatewayError `CONFLICT` for a chain that does not hold, unless that is accepted. */
export function assertChain(report: AuditReport, { accept }: { readonly accept: boolean }): void {
  const [first] = report.breaks
  if (first === undefined || accept) return
  throw new GatewayError(
    'CONFLICT',
    `the audit chain does not hold: event ${first.sequence} (${first.kind}: ${first.says}), ${report.breaksFound} in all; ` +
      'nothing was written. Keep this copy for whoever looks into it; to go on all the same, add --accept-broken-chain',
    { breaks: report.breaksFound },
  )
}

/**
 * Whether secrets are sealed in the store, and this key opens them.
 * @throws GatewayError `UNSEAL_FAILED` for another key.
 */
export async function checkKey(
  { meta }: Pick<StoreTransaction, 'meta'>,
  masterKey: KeyObject,
): Promise<boolean> {
  if (!(await hasCanary(meta))) return false
  await checkMasterKey(meta, createSealer(masterKey))
  return true
}
