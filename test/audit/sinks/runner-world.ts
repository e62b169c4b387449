/** @module Sink runners over a real store, with a sink that the test tells what to do, and time that it moves. */
import { Writable } from 'node:stream'
import type { AuditSink, SinkRecord } from '../../../src/audit/sinks/sink.js'
import { SinkRunner, type SinkRunnerOptions } from '../../../src/audit/sinks/sink-runner.js'
import { sha256Hex } from '../../../src/audit/hash.js'
import { linkInput } from '../../../src/core/audit/chain.js'
import { buildEvent } from '../../../src/core/audit/event.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { moveSink, noteSinkFailure } from '../../../src/service/audit/sink-notes.js'
import type { Store } from '../../../src/store/store.js'
import { SteppedTimers } from '../../support/stepped-timers.js'
import { clusterName, start } from '../sample.js'

export type Deliver = (records: readonly SinkRecord[], signal: AbortSignal) => Promise<void>

export class SinkWorld {
  readonly store: Store
  readonly clock = new ManualClock(start)
  readonly timers = new SteppedTimers(this.clock)
  log = ''

  constructor(store: Store) {
    this.store = store
  }

  /** Appends events and gives them their places. */
  async happen(count: number): Promise<void> {
    await this.store.transaction(async (tx) => {
      for (let i = 0; i < count; i++) {
        const facts = { event: 'user.login', success: true, user: 'alice' } as const
        const envelope = { clusterName, uid: systemRandom.uuid(), now: this.clock.now() }
        await tx.audit.append(buildEvent(facts, envelope))
      }
    })
    await this.chain()
  }

  async chain(): Promise<void> {
    while ((await this.store.audit.chain(500, (hash, json) => sha256Hex(linkInput(hash, json)))) > 0);
  }

  async signHead(): Promise<void> {
    const last = await this.store.audit.last()
    if (last === undefined) throw new Error('nothing to sign')
    await this.store.audit.addHead({
      ...last,
      signedAt: this.clock.now(),
      keyId: 'key',
      signature: 'signature',
    })
  }

  /** A runner as one process has it. */
  runner(deliver: Deliver, options: Partial<SinkRunnerOptions> & { sink?: AuditSink } = {}): SinkRunner {
    const context = { store: this.store, clock: this.clock, random: systemRandom, clusterName }
    return new SinkRunner({
      sink: memorySink(deliver),
      store: this.store,
      notes: {
        move: (position, to) => moveSink(context, position, to),
        fail: (key, trouble, tell) => noteSinkFailure(context, key, trouble, tell),
      },
      clusterName,
      holder: systemRandom.uuid(),
      timers: this.timers,
      random: systemRandom,
      logger: createLogger(
        'info',
        new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            this.log += chunk.toString()
            done()
          },
        }),
      ),
      ...options,
    })
  }
}

export function memorySink(deliver: Deliver, more: Partial<AuditSink> = {}): AuditSink {
  return {
    name: 'siem',
    type: 'webhook',
    target: 'memory',
    format: 'reference',
    heads: true,
    start: 'beginning',
    machine: undefined,
    deliver,
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...more,
  }
}
