/**
 * @module `GET /v1/audit/events`: the audit log in chain order, by cursor, type, user, time or reference; with `wait` it
 * waits for the next ones, and as `text/event-stream` it goes on with what happens.
 */
import { auditEventsAnswer, auditQuery, paths, type AuditItem, type Page } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { second } from '../../core/time.js'
import { awaitEvents, followEvents } from '../../service/audit/follow-events.js'
import { listEvents } from '../../service/audit/list-events.js'
import type { ChainedEvent } from '../../store/store.js'
import type { StreamMessage } from '../event-stream.js'
import { actorName } from '../person.js'
import { json, route } from '../route.js'

export const listAuditEvents = route({
  method: 'get',
  path: paths.auditEvents,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary:
    'Audit events in the order of their chain; waits for the next ones, or streams them, where asked to',
  answer: { kind: 'json', schema: auditEventsAnswer, stream: true },
  query: auditQuery,
  handler: async ({ deps, query, actor, follow }) => {
    const { wait, order, ...filter } = query
    if (follow.wantsStream || wait !== undefined) {
      if (order === 'desc' || query.uid !== undefined) {
        throw new GatewayError(
          'INVALID_INPUT',
          'what waits for events gets them oldest first: leave out order=desc and uid, or ask without wait and as application/json',
        )
      }
    }
    const follower = { name: actorName(actor), gone: follow.gone(), assertAdmitted: follow.assertAdmitted }
    if (follow.wantsStream) {
      const cursor = follow.lastEventId ?? filter.cursor
      return { kind: 'events', messages: messagesOf(followEvents(deps, { ...filter, cursor }, follower)) }
    }
    if (wait !== undefined) {
      const { events, cursor } = await awaitEvents(deps, filter, wait * second, follower)
      return json({ items: events.map(itemOf), nextCursor: String(cursor) } satisfies Page<AuditItem>)
    }
    const { events, nextCursor } = await listEvents(deps, { ...filter, order: order ?? 'desc' })
    const answer: Page<AuditItem> = {
      items: events.map(itemOf),
      ...(nextCursor !== undefined && { nextCursor: String(nextCursor) }),
    }
    return json(answer)
  },
})

function itemOf({ sequence, hash, json: text }: ChainedEvent): AuditItem {
  return { sequence, hash, json: text }
}

async function* messagesOf(news: ReturnType<typeof followEvents>): AsyncGenerator<readonly StreamMessage[]> {
  for await (const { events, cursor } of news) {
    const messages = events.map((event) => ({
      id: String(event.sequence),
      data: JSON.stringify(itemOf(event)),
    }))
    yield messages.length > 0 ? messages : [{ id: String(cursor) }]
  }
}
