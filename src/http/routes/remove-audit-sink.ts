/** @module `DELETE /v1/audit/sinks/:key`: forgets the position of a sink that no gateway has any more. */
import { paths } from '../../api/contract.js'
import { removeSink } from '../../service/audit/remove-sink.js'
import { actorName } from '../person.js'
import { route } from '../route.js'

export const removeAuditSink = route({
  method: 'delete',
  path: paths.auditSink,
  right: { resource: 'event', verb: 'delete' },
  operator: true,
  summary: 'Forgets the position of a sink that is in no configuration any more',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor, origin }) => {
    await removeSink(
      deps,
      { key: params.key ?? '', authority: { name: actor === undefined ? '' : actorName(actor) } },
      origin,
    )
    return { kind: 'empty' }
  },
})
