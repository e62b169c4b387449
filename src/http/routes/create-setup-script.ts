/** @module `POST /v1/identity-center/setup-script`: what an administrator of AWS runs once, and what to know of it. */
import { paths, setupScriptAnswer, setupScriptRequest } from '../../api/contract.js'
import { writeSetupScript } from '../../service/trust/write-setup-script.js'
import { json, route } from '../route.js'

export const createSetupScript = route({
  method: 'post',
  path: paths.setupScript,
  right: { resource: 'integration', verb: 'create' },
  summary: 'Writes the script, template or policies that make AWS trust the gateway',
  answer: { kind: 'json', schema: setupScriptAnswer },
  body: setupScriptRequest,
  handler: async ({ deps, body }) => json(await writeSetupScript(deps, body)),
})
