/** @module `GET /v1/identity-center/:plugin/preflight`: would everybody still get in once people sign in to AWS here. */
import { preflightAnswer, preflightView } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { preflight } from '../../service/identity-center/preflight.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getAwsicPreflight = route({
  method: 'get',
  path: paths.awsicPreflight,
  right: { resource: 'plugin', verb: 'read' },
  summary:
    'The check before Gatehouse becomes the identity source: every user, whoever asks, and the certificate',
  answer: { kind: 'json', schema: preflightAnswer },
  query: preflightView,
  handler: async ({ deps, params, query, actor }) =>
    json(await preflight(deps, params.plugin ?? '', authorityOf(actor), query)),
})
