/** @module `POST /v1/resources`: creates or replaces the resources of a file, all of them or none. */
import { applyAnswer, applyQuery, paths, type ApplyAnswer } from '../../api/contract.js'
import { applyResources } from '../../service/resources/apply.js'
import { authorityOf } from '../person.js'
import { readDocuments, toChangeAnswer } from '../resource-answer.js'
import { json, route, sentDocuments } from '../route.js'

export const applyDocuments = route({
  method: 'post',
  path: paths.resources,
  right: 'documents',
  summary: 'Creates or replaces the resources of a file, all of them or none',
  answer: { kind: 'json', schema: applyAnswer },
  documents: sentDocuments,
  query: applyQuery,
  handler: async ({ deps, body, query, actor, origin }) => {
    const dryRun = query.dryRun ?? false
    const documents = readDocuments(body, query.source ?? 'request')
    const changes = await applyResources(
      deps,
      { documents, mode: query.mode, dryRun },
      authorityOf(actor),
      origin,
    )
    const answer: ApplyAnswer = {
      dryRun,
      changes: changes.map((change) => toChangeAnswer(change, changes.length)),
    }
    return json(answer)
  },
})
