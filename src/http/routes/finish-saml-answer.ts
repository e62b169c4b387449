/** @module `GET /v1/connectors/callback/saml/:name/finish`: the browser comes for its answer, with its cookie. */
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { finishSamlAnswer } from '../../service/connectors/receive-saml.js'
import { finishedAnswer } from '../connector-answer.js'
import { route } from '../route.js'

export const finishSaml = route({
  method: 'get',
  path: paths.connectorFinishSaml,
  right: 'public',
  summary: 'Finishes a sign-in through a SAML connector in the browser that began it',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({ state: z.string().min(20).max(100) }),
  handler: async ({ deps, params, query: { state }, connectorBinding: browser, origin, sessionToken }) => {
    const came = { state, browser, previousToken: sessionToken }
    return finishedAnswer(await finishSamlAnswer(deps, params['name'] ?? '', came, origin))
  },
})
