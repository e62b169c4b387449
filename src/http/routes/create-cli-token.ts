/** @module `POST /v1/cli/tokens`: a command line redeems the code that its person agreed to. */
import { cliTokenAnswer, cliTokenRequest, paths, type CliTokenAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { redeemCliCode } from '../../service/people/cli-sign-in.js'
import { json, route } from '../route.js'

export const createCliToken = route({
  method: 'post',
  path: paths.cliTokens,
  right: 'public',
  summary: 'Redeems the code of a command line with its verifier (RFC 7636), once',
  answer: { kind: 'json', schema: cliTokenAnswer, status: 201 },
  body: cliTokenRequest,
  handler: async ({ deps, body, origin }) => {
    const { token, session } = await redeemCliCode(deps, body, origin)
    const answer: CliTokenAnswer = {
      token,
      user: session.user,
      expiresAt: formatInstant(session.expiresAt),
    }
    return json(answer, 201)
  },
})
