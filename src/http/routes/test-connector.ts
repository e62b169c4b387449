/** @module `POST /v1/connectors/:name/test`: begins a test, which a browser then carries out. */
import { connectorTestStarted, paths } from '../../api/contract.js'
import { startTest } from '../../service/connectors/test-connector.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const testConnector = route({
  method: 'post',
  path: paths.connectorTest,
  // Which kind the connector has, and whether it may be changed, the use case asks.
  right: 'session',
  summary: 'Begins a test of a connector, for whoever may change it: a sign-in that signs nobody in',
  answer: { kind: 'json', schema: connectorTestStarted, status: 201 },
  handler: async ({ deps, params, actor }) => {
    const name = params['name'] ?? ''
    const id = await startTest(deps, name, personOf(actor).authority)
    const url = `${deps.publicUrl}/v1/sign-in/connectors/${encodeURIComponent(name)}?test=${id}`
    return json({ id, url }, 201)
  },
})
