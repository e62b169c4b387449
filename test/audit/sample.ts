/** @module A store with audit keys, timers that wait for the test, and events to append. */
import { createSecretKey } from 'node:crypto'
import { buildEvent } from '../../src/core/audit/event.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys, type ManagedSigningKeys } from '../../src/keys/signing-keys.js'
import type { HeadSink, SignedHead } from '../../src/audit/head-sink.js'
import type { Timers } from '../../src/audit/timers.js'
import type { Clock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import type { Store } from '../../src/store/store.js'

export const clusterName = 'gate.example.com'
export const start = 1_800_000_000_000

export function auditKeys(store: Store, clock: Clock): ManagedSigningKeys {
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 1)))
  return createSigningKeys({ store, sealer, clock, random: systemRandom, purpose: 'audit', clusterName })
}

/** Appends `count` sign-ins, each in a transaction of its own. */
export async function append(store: Store, count: number, now = start): Promise<void> {
  for (let i = 0; i < count; i++) {
    const facts = { event: 'user.login', success: true, user: `user-${i}` } as const
    const event = buildEvent(facts, { clusterName, uid: systemRandom.uuid(), now })
    await store.transaction((tx) => tx.audit.append(event))
  }
}

/** Timers that fire when the test says so. */
export class HeldTimers implements Timers {
  #waiting: { ms: number; action: () => void }[] = []

  after(ms: number, action: () => void): () => void {
    const entry = { ms, action }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
  }

  get delays(): number[] {
    return this.#waiting.map(({ ms }) => ms).sort((a, b) => a - b)
  }

  /** Fires what waits for exactly this long; answers how many that were. */
  fire(ms: number): number {
    const due = this.#waiting.filter((entry) => entry.ms === ms)
    this.#waiting = this.#waiting.filter((entry) => entry.ms !== ms)
    for (const { action } of due) action()
    return due.length
  }
}

/** A sink in memory that can be told to refuse. */
export class ListSink implements HeadSink {
  readonly name = 'list'
  readonly heads: SignedHead[] = []
  refuses = false

  async write(head: SignedHead): Promise<void> {
    if (this.refuses) throw new Error('disk full')
    this.heads.push(head)
  }
}
