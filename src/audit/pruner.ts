/**
 * @module Removes events that are older than the retention, up to a signed head, and leaves a signed checkpoint in their
 * place. Before anything goes it is verified once more: what does not hold is evidence and stays. Which stretch goes is
 * decided by `core/audit/retention.ts`.
 */
import { sign } from 'node:crypto'
import { chainStart, checkpointText, findBreak, type AuditCheckpoint } from '../core/audit/chain.js'
import { buildEvent } from '../core/audit/event.js'
import { checkpointFields, readEvent } from '../core/audit/export.js'
import { choosePruneHead } from '../core/audit/retention.js'
import { GatewayError } from '../core/error.js'
import { parseInstant } from '../core/time.js'
import type { ManagedSigningKeys } from '../keys/signing-keys.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { ChainHead, Store } from '../store/store.js'
import { sha256Hex } from './hash.js'
import { isHeadSigned, readPublicKeys } from './signatures.js'

export interface PrunerOptions {
  readonly store: Store
  readonly keys: ManagedSigningKeys
  readonly clock: Clock
  readonly random: Random
  readonly clusterName: string
  readonly retentionDays: number
  /**
   * Signs the head of the chain now, and with it checks the chain against what was signed before.
   * @throws GatewayError `INTERNAL` where they contradict each other.
   */
  readonly signHead: () => Promise<void>
  /** The lowest sequence number that a sink has not taken yet; undefined: nothing waits. */
  readonly keptBack?: () => Promise<number | undefined>
  readonly atMost?: number
}

const batch = 1000

/**
 * Removes one stretch; answers how many events went, 0 where nothing is due.
 * @throws GatewayError `INTERNAL` where what should go does not hold; then nothing goes.
 */
export async function pruneAudit(options: PrunerOptions): Promise<number> {
  const before = (await options.store.audit.lastCheckpoint())?.sequence
  try {
    return await pruneAfter(options, before)
  } catch (error) {
    // Another replica did the same, and what was read here went away meanwhile.
    if ((await options.store.audit.lastCheckpoint())?.sequence !== before) return 0
    throw error
  }
}

async function pruneAfter(options: PrunerOptions, before: number | undefined): Promise<number> {
  const { store, keys, clock, random, clusterName, retentionDays } = options
  const head = await findDue(options)
  if (head === undefined) return 0
  await options.signHead()
  const stretch = await verifyStretch(options, head)
  const key = await keys.current()
  const prunedAt = clock.now()
  const facts = { sequence: head.sequence, hash: head.hash, prunedAt, ...stretch }
  const signature = sign(null, Buffer.from(checkpointText(clusterName, facts), 'utf8'), key.privateKey)
  const point: AuditCheckpoint = { ...facts, keyId: key.id, signature: signature.toString('base64url') }
  return await store.transaction(async (tx) => {
    if ((await tx.audit.lastCheckpoint())?.sequence !== before) return 0
    const { pruned, ...fields } = checkpointFields(point)
    const event = {
      event: 'audit.prune',
      success: true,
      user: 'system',
      fields: { ...fields, count: pruned, retention_days: retentionDays },
    } as const
    await tx.audit.append(buildEvent(event, { clusterName, uid: random.uuid(), now: prunedAt }))
    return await tx.audit.prune(point)
  })
}

async function findDue({
  store,
  clock,
  retentionDays,
  keptBack,
  atMost = 20_000,
}: PrunerOptions): Promise<ChainHead | undefined> {
  const first = await store.audit.first()
  const newest = await store.audit.lastHead()
  if (first === undefined || newest === undefined) return undefined
  const heads = await store.audit.listHeads({ afterSequence: first - 1, limit: batch })
  return choosePruneHead(heads, {
    first,
    newestHead: newest.sequence,
    now: clock.now(),
    retentionDays,
    keptBack: await keptBack?.(),
    atMost,
  })
}

/** Every link up to the head, and the one after it, so that a forged beginning does not fit what stays. */
async function verifyStretch(
  { store, keys, clusterName }: PrunerOptions,
  head: ChainHead,
): Promise<Pick<AuditCheckpoint, 'pruned' | 'firstAt' | 'lastAt'>> {
  const publicKeys = readPublicKeys(await keys.list())
  if (!isHeadSigned(publicKeys, clusterName, head))
    throw refused(head, `the head at ${head.sequence} is not signed`)
  const start = (await store.audit.lastCheckpoint()) ?? {
    sequence: chainStart.afterSequence,
    hash: chainStart.startHash,
  }
  let { sequence, hash } = start
  let [firstAt, lastAt] = [Infinity, -Infinity]
  while (sequence <= head.sequence) {
    const events = await store.audit.list({ cursor: sequence, limit: batch, order: 'asc' })
    if (events.length === 0) throw refused(head, `event ${sequence + 1} is missing`)
    for (const [index, event] of events.entries()) {
      const before = { sequence, previous: hash, hash: sha256Hex }
      const broken = findBreak(event, events[index + 1], before)
      if (broken) throw refused(head, broken.says)
      sequence = event.sequence
      hash = event.hash
      if (sequence === head.sequence && hash !== head.hash)
        throw refused(head, 'a signed head tells otherwise')
      if (sequence > head.sequence) break
      const at = parseInstant(readEvent(event.json)?.time ?? '') ?? head.signedAt
      firstAt = Math.min(firstAt, at)
      lastAt = Math.max(lastAt, at)
    }
  }
  return { pruned: head.sequence - start.sequence, firstAt, lastAt }
}

function refused({ sequence }: ChainHead, says: string): GatewayError {
  return new GatewayError(
    'INTERNAL',
    `audit events up to ${sequence} are due under retention and stay: ${says}. Keep the database as it is and run ` +
      '"gatehouse audit verify"',
    { sequence },
  )
}
