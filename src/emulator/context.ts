/**
 * @module What every operation of the emulator is given, and the wrapper that counts its calls.
 */
import type { RequestHandler } from 'express'
import type { Clock } from '../lib/clock.js'
import type { Logger } from '../lib/logger.js'
import type { Random } from '../lib/random.js'
import type { Organisation } from './state/organisation.js'
import { EmulatorState } from './state/state.js'

export class EmulatorContext {
  state: EmulatorState
  readonly #organisation: Organisation
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Without a trailing slash; the base of every address that we publish. */
  readonly publicUrl: string

  constructor(
    organisation: Organisation,
    parts: { clock: Clock; random: Random; logger: Logger; publicUrl: string },
  ) {
    this.#organisation = organisation
    this.state = new EmulatorState(organisation)
    this.clock = parts.clock
    this.random = parts.random
    this.logger = parts.logger
    this.publicUrl = parts.publicUrl
  }

  /** Forgets everything that happened; the clock stays where it is. */
  reset(): void {
    this.state = new EmulatorState(this.#organisation)
  }
}

/** Counts the call under `name`, then handles it. */
export function operation(context: EmulatorContext, name: string, handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    context.state.countCall(name)
    return handler(req, res, next)
  }
}

/** RFC 3339 in UTC with milliseconds. */
export function formatTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
