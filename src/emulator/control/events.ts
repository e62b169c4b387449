/**
 * @module `GET /_emulator/events`: what happens, as server-sent events from now on, or after `Last-Event-ID` or `?since=`
 * (0 for all that is kept). With `Accept: application/json` it is a list of what is kept, at most `?limit=`
 * events, and ends: `lastId` is where to go on, `more` whether there is something now, `lost` counts what is kept no longer.
 */
import type { Request, Router } from 'express'
import type { EmulatorContext } from '../context.js'
import { EmulatorError, invalidInput } from '../error.js'
import { EventReader } from './event-stream.js'

const mostReaders = 100
const usualLimit = 1_000
const mostLimit = 10_000

/** `heartbeatMs` is real time, whatever the clock. */
export function mountEvents(router: Router, context: EmulatorContext, heartbeatMs = 15_000): void {
  const { events } = context
  let readers = 0
  router.get('/_emulator/events', (req, res) => {
    context.settle()
    const since = parseSince(req, events.lastId)
    if (req.accepts(['text/event-stream', 'application/json']) === 'application/json') {
      const from = since ?? 0
      const given = events.since(from, parseLimit(req))
      const lastId = given.at(-1)?.id ?? from
      const lost = Math.max(0, events.firstId - from - 1)
      res.json({ events: given, lost, lastId, more: lastId < events.lastId })
      return
    }
    if (readers >= mostReaders) {
      throw new EmulatorError(503, 'TOO_MANY_READERS', `${mostReaders} readers follow the events already`)
    }
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    res.write(': the events of the emulator\n\n')
    const reader = new EventReader(events, res, since ?? events.lastId)
    const stopListening = events.listen(() => reader.pump())
    const heartbeat = setInterval(() => reader.beat(), heartbeatMs).unref()
    readers += 1
    res.on('close', () => {
      readers -= 1
      clearInterval(heartbeat)
      stopListening()
    })
    reader.pump()
  })
}

/** An id that is still to come is of an earlier run: then everything that is kept is new. */
function parseSince(req: Request, lastId: number): number | undefined {
  const given = req.get('last-event-id') ?? req.query['since']
  if (given === undefined || given === '') return undefined
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) {
    throw invalidInput('since: give the id of an event, a whole number')
  }
  const id = Number(given)
  return id > lastId ? 0 : id
}

function parseLimit(req: Request): number {
  const given = req.query['limit']
  if (given === undefined) return usualLimit
  const limit = typeof given === 'string' && /^\d{1,5}$/.test(given) ? Number(given) : 0
  if (limit < 1 || limit > mostLimit) throw invalidInput(`limit: give a whole number from 1 to ${mostLimit}`)
  return limit
}
