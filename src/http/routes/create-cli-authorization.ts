/** @module `POST /v1/cli/authorizations`: a person agrees in the browser to sign in a command line. */
import { cliAuthorizationAnswer, cliAuthorizationRequest, paths } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { agreeToCommandLine } from '../../service/people/cli-sign-in.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const createCliAuthorization = route({
  method: 'post',
  path: paths.cliAuthorizations,
  right: 'session',
  summary: 'Agrees to sign in a command line: where the browser takes the code that it redeems',
  answer: { kind: 'json', schema: cliAuthorizationAnswer, status: 201 },
  body: cliAuthorizationRequest,
  handler: async ({ deps, body, actor }) => {
    const { redirectUrl, expiresAt } = await agreeToCommandLine(deps, body, personOf(actor))
    return json({ redirectUrl, expiresAt: formatInstant(expiresAt) }, 201)
  },
})
