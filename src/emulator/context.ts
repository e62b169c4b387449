/**
 * @module What every operation of the emulator is given, and the wrapper that counts the calls of the sign-in.
 */
import type { RequestHandler } from 'express'
import { ManualClock, type Clock } from '../lib/clock.js'
import type { Logger } from '../lib/logger.js'
import type { Random } from '../lib/random.js'
import { CallLog } from './control/call-log.js'
import { EventLog } from './control/event-log.js'
import { DueTimer } from './due-timer.js'
import { FaultPlan } from './faults/fault-plan.js'
import { Limits } from './limits/limits.js'
import type { Settings } from './settings.js'
import type { Organisation } from './state/organisation.js'
import { redactChange } from './state/redact.js'
import { EmulatorState } from './state/state.js'
import type { Change, Tables } from './state/tables.js'

export interface EmulatorParts {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly publicUrl: string
  /** Laid over the settings of the organisation file, also after a reset. */
  readonly settings?: Partial<Settings>
  /** `https` issuers of web identity tokens and where they are reached instead, by origin. */
  readonly issuers?: ReadonlyMap<string, string>
}

export class EmulatorContext {
  state: EmulatorState
  settings: Settings
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Without a trailing slash; the base of every address that we publish. */
  readonly publicUrl: string
  readonly issuers: ReadonlyMap<string, string>
  readonly calls = new CallLog()
  readonly events: EventLog
  readonly faults: FaultPlan
  readonly limits: Limits
  readonly #organisation: Organisation
  readonly #overrides: Partial<Settings>
  readonly #dueTimer: DueTimer | undefined

  constructor(organisation: Organisation, parts: EmulatorParts) {
    this.#organisation = organisation
    this.#overrides = parts.settings ?? {}
    this.clock = parts.clock
    this.random = parts.random
    this.logger = parts.logger
    this.publicUrl = parts.publicUrl
    this.issuers = parts.issuers ?? new Map()
    this.settings = { ...organisation.settings, ...this.#overrides }
    this.events = new EventLog()
    this.faults = new FaultPlan()
    this.limits = new Limits(() => this.settings)
    this.#dueTimer =
      parts.clock instanceof ManualClock ? undefined : new DueTimer(parts.clock, () => this.#settleUnasked())
    this.state = this.#freshState()
  }

  /** Forgets everything that happened; the clock stays where it is. */
  reset(): void {
    this.settings = { ...this.#organisation.settings, ...this.#overrides }
    this.calls.clear()
    this.faults.clear()
    this.limits.clear()
    this.state = this.#freshState()
    this.events.emit({ type: 'reset', at: this.clock.now() })
  }

  /** Puts other settings in force at once; a reset brings back those of the start. */
  changeSettings(settings: Settings): void {
    this.settings = settings
    this.events.emit({ type: 'settings', at: this.clock.now(), settings })
  }

  /** After this nothing happens by itself any more. */
  close(): void {
    this.#dueTimer?.close()
  }

  /** Carries out one change of the state, now. */
  commit(change: Change): void {
    this.state.commit(change, this.clock.now(), this.settings.readLagMs)
  }

  /** What reads see; behind `state.tables` by the setting `readLagMs`. */
  readable(): Tables {
    return this.state.readable(this.clock.now(), this.settings.readLagMs)
  }

  /** Ends what is due; every request calls this first. */
  settle(): void {
    this.state.schedule.runDue(this.clock.now())
  }

  /** Moves a virtual clock, stopping at each instant at which something is due. */
  advance(clock: ManualClock, ms: number): void {
    const end = clock.now() + ms
    for (let at = this.state.schedule.nextAt(); at !== undefined && at <= end;) {
      clock.set(Math.max(at, clock.now()))
      this.settle()
      at = this.state.schedule.nextAt()
    }
    clock.set(end)
    this.settle()
  }

  #freshState(): EmulatorState {
    const state = new EmulatorState(this.#organisation, this.clock.now(), (change, at) =>
      this.events.emit({ type: 'change', at, change: redactChange(change) }),
    )
    state.schedule.watch(() => this.#dueTimer?.arm(this.state.schedule.nextAt()))
    return state
  }

  /** On a real clock, what is due happens in time, so that the event stream tells it without a call. */
  #settleUnasked(): void {
    try {
      this.settle()
    } catch (error) {
      this.logger.error({ err: error }, 'work that was due failed')
    }
    this.#dueTimer?.arm(this.state.schedule.nextAt())
  }
}

/** Counts the call under `name`, then handles it. */
export function operation(context: EmulatorContext, name: string, handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    context.calls.count(name, 'browser')
    return handler(req, res, next)
  }
}

/** RFC 3339 in UTC with milliseconds. */
export function formatTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
