/**
 * @module `POST /_emulator/clock/advance`: moves the virtual clock forward; a real clock refuses.
 */
import type { Router } from 'express'
import { z } from 'zod'
import { ManualClock } from '../../lib/clock.js'
import { formatTime, type EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { json, parseBody } from './body.js'

const maxSeconds = 10 * 366 * 86_400
const Advance = z.strictObject({ seconds: z.number().positive().max(maxSeconds) })

export function mountClock(router: Router, context: EmulatorContext): void {
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
    clock.advance(Math.round(seconds * 1000))
    res.json({ now: formatTime(clock.now()) })
  })
}
