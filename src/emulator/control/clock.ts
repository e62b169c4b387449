/**
 * @module `GET /_emulator/clock`, and `POST /_emulator/clock/advance`, which moves a virtual clock forward: what is due on
 * the way happens in order, each at its instant. A real clock refuses.
 */
import type { Router } from 'express'
import { z } from 'zod'
import { ManualClock } from '../../lib/clock.js'
import { formatTime, type EmulatorContext } from '../context.js'
import { EmulatorError, invalidInput } from '../error.js'
import { json, parseBody } from './body.js'

const maxSeconds = 10 * 366 * 86_400
/** Times after it have five digits of a year, which neither the AWS SDKs nor policies can read. */
const lastInstant = Date.parse('9999-12-31T23:59:59Z')
const Advance = z.strictObject({ seconds: z.number().positive().max(maxSeconds) })

export function mountClock(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/clock', (_req, res) => {
    context.settle()
    const { clock, state } = context
    const nextAt = state.schedule.nextAt()
    res.json({
      now: formatTime(clock.now()),
      kind: clock instanceof ManualClock ? 'virtual' : 'real',
      nextDueAt: nextAt === undefined ? null : formatTime(nextAt),
    })
  })
  router.post('/_emulator/clock/advance', json, (req, res) => {
    const { seconds } = parseBody(Advance, req.body)
    const { clock } = context
    if (!(clock instanceof ManualClock)) {
      throw new EmulatorError(
        409,
        'REAL_CLOCK',
        'the clock is real; start the emulator with --clock virtual to move it',
      )
    }
    const ms = Math.round(seconds * 1000)
    if (clock.now() + ms > lastInstant) {
      throw invalidInput('seconds: the clock goes to 9999-12-31T23:59:59Z and no further')
    }
    context.advance(clock, ms)
    context.events.emit({ type: 'clock', at: clock.now() })
    res.json({ now: formatTime(clock.now()) })
  })
}
