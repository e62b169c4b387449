/**
 * @module `GET /_emulator/settings`, and `PUT` with those that shall change: the others stay, all are answered. A reset
 * brings back the settings of the start.
 */
import type { Router } from 'express'
import { z } from 'zod'
import type { EmulatorContext } from '../context.js'
import { SettingsSchema } from '../settings.js'
import { json, parseBody } from './body.js'

const Changes = z.looseObject({}, { error: 'must be an object of settings' })

export function mountSettings(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/settings', (_req, res) => {
    res.json(context.settings)
  })
  router.put('/_emulator/settings', json, (req, res) => {
    const changes = parseBody(Changes, req.body)
    // Checked as a whole: defaults would otherwise come back for all that the body leaves out.
    context.changeSettings(parseBody(SettingsSchema, { ...context.settings, ...changes }))
    res.json(context.settings)
  })
}
