/** @module `POST /v1/identity-center/:plugin/connection-test`: proves that AWS lets us in, and names what is missing. */
import { connectionTestAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { testConnection } from '../../service/identity-center/test-connection.js'
import { json, route } from '../route.js'

export const testAwsicConnection = route({
  method: 'post',
  path: paths.awsicConnectionTest,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Who we are at AWS, which instance it is, and which actions are allowed; changes nothing',
  answer: { kind: 'json', schema: connectionTestAnswer },
  handler: async ({ deps, params }) => json(await testConnection(deps, params.plugin ?? '')),
})
