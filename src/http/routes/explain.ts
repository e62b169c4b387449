/** @module `GET /v1/explain`: why a person may or may not, and what would change it. */
import { explainAnswer, explainQuery, paths, type ExplainAnswer } from '../../api/contract.js'
import { explain as explainAccess } from '../../service/explain/explain.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const explain = route({
  method: 'get',
  path: paths.explain,
  right: { resource: 'user', verb: 'read' },
  orRight: { resource: 'role', verb: 'read' },
  scoped: true,
  summary:
    'Why somebody, or a role by itself, may or may not sign in to an application or use a permission set, and what would change it',
  answer: { kind: 'json', schema: explainAnswer },
  query: explainQuery,
  handler: async ({ deps, query, actor }) => {
    const { reasons, changes, ...rest } = await explainAccess(deps, query, authorityOf(actor))
    const answer: ExplainAnswer = {
      ...rest,
      reasons: reasons.map((reason) => ({ ...reason })),
      changes: changes.map((change) => ({ ...change })),
    }
    return json(answer)
  },
})
