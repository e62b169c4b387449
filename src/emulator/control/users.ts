/**
 * @module `PUT /_emulator/users/<userName>`: the console's "enable or disable user access".
 */
import type { Router } from 'express'
import { z } from 'zod'
import type { EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { json, parseBody } from './body.js'

const UserChange = z.strictObject({ active: z.boolean() })

export function mountUsers(router: Router, context: EmulatorContext): void {
  router.put('/_emulator/users/:userName', json, (req, res) => {
    const { active } = parseBody(UserChange, req.body)
    const userName = req.params.userName
    const user = context.state.findUserByName(userName)
    if (user === undefined)
      throw new EmulatorError(404, 'NOT_FOUND', `no user has the userName "${userName}"`)
    const changed = { ...user, active, updatedAt: context.clock.now() }
    context.commit({ table: 'users', put: changed })
    res.json(changed)
  })
}
