/**
 * @module The one place that orders the audit log. Services append events in the transaction of their change; the
 * sequencer then gives each committed event its place in the hash chain, signs the head of the chain at intervals and
 * hands the signed head to sinks outside the database. Several processes may each run one: the store lets one chain at
 * a time. It never changes an event, and it signs nothing that contradicts what it signed before. Failures in the
 * background are logged and tried again with the next wake. Rules: `core/audit/chain.ts`; checking: `verify.ts`.
 */
import { sign } from 'node:crypto'
import { headText, linkInput, type AuditCheckpoint } from '../core/audit/chain.js'
import { GatewayError } from '../core/error.js'
import { minute, type DurationMs } from '../core/time.js'
import type { ManagedSigningKeys } from '../keys/signing-keys.js'
import type { Clock } from '../lib/clock.js'
import type { Logger } from '../lib/logger.js'
import type { ChainHead, Store } from '../store/store.js'
import { sha256Hex } from './hash.js'
import type { HeadSink, SignedHead } from './head-sink.js'
import { isCheckpointSigned, readPublicKeys } from './signatures.js'
import { systemTimers, type Timers } from './timers.js'

export interface AuditSequencerOptions {
  readonly store: Store
  /** Keys of purpose `audit`: Ed25519. */
  readonly keys: ManagedSigningKeys
  readonly clock: Clock
  readonly logger: Logger
  readonly clusterName: string
  readonly sinks: readonly HeadSink[]
  /** Sign after this many new events … */
  readonly headEveryEvents?: number
  /** … or this long after the first unsigned one. */
  readonly headEveryMs?: DurationMs
  /** The first head of a process comes sooner: events of a new gateway, or since a crash, are soon covered. */
  readonly firstHeadMs?: DurationMs
  /** How long a wake waits for more commits, so that a burst is chained in one transaction. */
  readonly gatherMs?: DurationMs
  readonly timers?: Timers
  /** Told when events have joined the chain and when a head was signed: there is something for sinks. Must not throw. */
  readonly onExtended?: () => void
}

/** Events that one transaction chains at most: writers wait no longer than for these. */
const batchSize = 500

export class AuditSequencer implements AsyncDisposable {
  readonly #options: AuditSequencerOptions
  readonly #timers: Timers
  readonly #headEveryEvents: number
  readonly #headEveryMs: DurationMs
  /** How long the next unsigned event waits for its head: short for the first attempt of this process only. */
  #headDelayMs: DurationMs
  #cancelGather: (() => void) | undefined
  #cancelHead: (() => void) | undefined
  /** Work goes one after the other; this settles when the newest is done. */
  #tail: Promise<void> = Promise.resolve()
  #signed: { readonly sequence: number; readonly hash: string } | undefined
  /** For each sink the newest head that it did not take; a newer head says all that an older one says. */
  readonly #undelivered = new Map<HeadSink, SignedHead>()
  #stopped = false

  constructor(options: AuditSequencerOptions) {
    this.#options = options
    this.#timers = options.timers ?? systemTimers
    this.#headEveryEvents = options.headEveryEvents ?? 1000
    this.#headEveryMs = options.headEveryMs ?? minute
    this.#headDelayMs = options.firstHeadMs ?? 5000
  }

  /** Says that events were committed. Returns at once; never throws. */
  wake(): void {
    if (this.#stopped || this.#cancelGather !== undefined) return
    this.#cancelGather = this.#timers.after(this.#options.gatherMs ?? 20, () => {
      this.#cancelGather = undefined
      this.#background(() => this.#run('when_due'))
    })
  }

  /**
   * Chains everything that is committed by now.
   * @throws what the store throws.
   */
  async flush(): Promise<void> {
    await this.#enqueue(() => this.#run('when_due'))
  }

  /**
   * Chains everything and signs the head now, however few events are new.
   * @throws GatewayError `INTERNAL` where the chain contradicts what was signed before; what the store throws.
   */
  async signHead(): Promise<void> {
    await this.#enqueue(() => this.#run('now'))
  }

  /** Chains and signs what is left; afterwards a wake does nothing. Failures are logged. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#cancelGather?.()
    this.#cancelHead?.()
    this.#background(() => this.#run('now'))
    await this.#tail
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined) // the caller has the error; the queue goes on
    return done
  }

  #background(work: () => Promise<void>): void {
    this.#enqueue(work).catch((error: unknown) => {
      this.#options.logger.error(
        { err: error },
        'the audit chain could not be extended; it is tried again soon',
      )
      this.#signLater()
    })
  }

  async #run(head: 'when_due' | 'now'): Promise<void> {
    const { store } = this.#options
    const link = (previousHash: string, json: string) => sha256Hex(linkInput(previousHash, json))
    for (;;) {
      if ((await store.audit.chain(batchSize, link)) === 0) break
      this.#options.onExtended?.()
    }

    const last = await store.audit.last()
    if (last !== undefined && last.sequence !== this.#signed?.sequence) {
      const unsigned = last.sequence - (this.#signed?.sequence ?? 0)
      // Whoever flushes waits for the chain, not for a signature, and does not fail with it.
      if (head === 'now') await this.#sign(last)
      else if (unsigned >= this.#headEveryEvents) this.#background(() => this.#run('now'))
      else this.#signLater()
    }
    await this.#deliver()
  }

  #signLater(): void {
    if (this.#stopped) return
    this.#cancelHead ??= this.#timers.after(this.#headDelayMs, () => {
      this.#cancelHead = undefined
      this.#headDelayMs = this.#headEveryMs
      this.#background(() => this.#run('now'))
    })
  }

  async #sign(last: { readonly sequence: number; readonly hash: string }): Promise<void> {
    const { store, keys, clock, clusterName, sinks } = this.#options
    this.#cancelHead?.()
    this.#cancelHead = undefined
    await this.#assertUnchanged()
    // Another process may have signed this place, or a later one, already.
    const [other] = await store.audit.listHeads({ afterSequence: last.sequence - 1, limit: 1 })
    if (other === undefined) {
      const key = await keys.current()
      const signedAt = clock.now()
      const text = headText(clusterName, last.sequence, last.hash, signedAt)
      const signature = sign(null, Buffer.from(text, 'utf8'), key.privateKey).toString('base64url')
      const head: ChainHead = { ...last, signedAt, keyId: key.id, signature }
      await store.audit.addHead(head)
      this.#options.onExtended?.()
      for (const sink of sinks) this.#undelivered.set(sink, { clusterName, ...head })
    }
    this.#signed = last
    this.#headDelayMs = this.#headEveryMs
  }

  /**
   * A chain that no longer holds what was signed was rewritten; signing on would make the new one look whole. The
   * first time it is checked against what earlier processes signed, as the store and the sinks tell it.
   */
  async #assertUnchanged(): Promise<void> {
    const signed = this.#signed ? [this.#signed] : await this.#readEarlierHeads()
    const pruned = await this.#readCheckpoint()
    for (const { sequence, hash } of signed) {
      if (pruned && (sequence < pruned.sequence || (sequence === pruned.sequence && hash === pruned.hash)))
        continue
      const [event] = await this.#options.store.audit.list({ cursor: sequence - 1, limit: 1, order: 'asc' })
      if (event?.sequence === sequence && event.hash === hash) continue
      throw new GatewayError(
        'INTERNAL',
        `the audit chain was changed: event ${sequence} is not the one that was signed; no further head is signed ` +
          'by this process. Keep the database as it is and compare it with the copies of the heads (audit verify). ' +
          'If an older backup was restored on purpose, move the file of heads in the data folder aside and restart',
        { sequence },
      )
    }
  }

  /**
   * What stands for events that were pruned. A key that only the database tells of does not count: whoever cuts off the
   * beginning could have put it there.
   */
  async #readCheckpoint(): Promise<AuditCheckpoint | undefined> {
    const { store, keys, sinks, clusterName } = this.#options
    const point = await store.audit.lastCheckpoint()
    if (point === undefined) return undefined
    const kept = await Promise.all(sinks.map(async (sink) => await sink.readLast?.()))
    const known = [(await keys.current()).id, ...kept.flatMap((head) => (head ? [head.keyId] : []))]
    const trusted = (await keys.list()).filter(({ id }) => known.includes(id))
    return isCheckpointSigned(readPublicKeys(trusted), clusterName, point) ? point : undefined
  }

  async #readEarlierHeads(): Promise<{ readonly sequence: number; readonly hash: string }[]> {
    const { store, sinks, clusterName } = this.#options
    const kept = await Promise.all(sinks.map(async (sink) => await sink.readLast?.()))
    const copies = kept.filter((head) => head?.clusterName === clusterName)
    return [await store.audit.lastHead(), ...copies].flatMap((head) => (head ? [head] : []))
  }

  async #deliver(): Promise<void> {
    for (const [sink, head] of [...this.#undelivered]) {
      try {
        await sink.write(head)
        if (this.#undelivered.get(sink) === head) this.#undelivered.delete(sink)
      } catch (error) {
        this.#options.logger.error(
          { err: error, sink: sink.name, sequence: head.sequence },
          'a sink did not take a signed audit head; it is tried again soon',
        )
        this.#signLater()
      }
    }
  }
}
