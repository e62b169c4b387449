/**
 * @module `POST /_emulator/faults` plans a fault, `GET` lists all with their hits, `DELETE` removes all, or one by its
 * id. A reset removes them, too.
 */
import type { Router } from 'express'
import { services } from '../aws/mount.js'
import type { EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { listOperations } from '../faults/operations.js'
import { json } from './body.js'
import { parseFaultRequest } from './fault-request.js'

/** Each call asks every fault. */
const mostFaults = 100

export function mountFaults(router: Router, { state, faults }: EmulatorContext): void {
  const operations = listOperations(services)
  const { region } = state.instance
  router.post('/_emulator/faults', json, (req, res) => {
    const request = parseFaultRequest(req.body, operations, region)
    if (faults.size >= mostFaults) {
      throw new EmulatorError(409, 'TOO_MANY_FAULTS', `${mostFaults} faults are planned; remove some first`)
    }
    res.status(201).json({ id: faults.add(request) })
  })
  router.get('/_emulator/faults', (_req, res) => {
    res.json({ faults: faults.list() })
  })
  router.delete('/_emulator/faults', (_req, res) => {
    faults.clear()
    res.status(204).end()
  })
  router.delete('/_emulator/faults/:id', (req, res) => {
    if (!faults.remove(req.params.id))
      throw new EmulatorError(404, 'NOT_FOUND', `no fault has the id "${req.params.id}"`)
    res.status(204).end()
  })
}
