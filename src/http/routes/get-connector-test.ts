/** @module `GET /v1/connectors/:name/tests/:id`: what came of a test, for whoever began it. */
import { connectorTestAnswer, paths } from '../../api/contract.js'
import { getTest } from '../../service/connectors/test-connector.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const getConnectorTest = route({
  method: 'get',
  path: paths.connectorTestResult,
  right: 'session',
  summary: 'What came of a test of a connector, for the person who began it',
  answer: { kind: 'json', schema: connectorTestAnswer },
  handler: async ({ deps, params, actor }) => {
    const { name = '', id = '' } = params
    return json(await getTest(deps, { name, id }, personOf(actor).authority))
  },
})
