/** @module `GET /v1/explain/account`: what one person reaches in an account, why, and what would give the rest. */
import { explainAccountAnswer, explainAccountQuery, paths } from '../../api/contract.js'
import { explainAccount as explainAccess } from '../../service/insight/explain-account.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const explainAccount = route({
  method: 'get',
  path: paths.explainAccount,
  // People ask about themselves; about others the use case asks for the right.
  right: 'session',
  machine: true,
  summary: 'What a person reaches in an AWS account, by which ways, and what would give them the rest',
  answer: { kind: 'json', schema: explainAccountAnswer },
  query: explainAccountQuery,
  handler: async ({ deps, query, actor }) => json(await explainAccess(deps, query, authorityOf(actor))),
})
