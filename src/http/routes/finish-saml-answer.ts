/** @module `GET /v1/connectors/callback/saml/:name/finish`: the browser comes for its answer, with its cookie. */
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { finishSamlAnswer } from '../../service/connectors/receive-saml.js'
import { route } from '../route.js'

export const finishSaml = route({
  method: 'get',
  path: paths.connectorFinishSaml,
  right: 'public',
  summary: 'Finishes a sign-in through a SAML connector in the browser that began it',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({ state: z.string().min(20).max(100) }),
  handler: async ({ deps, params, query, connectorBinding: browser, origin, sessionToken }) => {
    const came = { state: query.state, browser }
    const { result, pending } = await finishSamlAnswer(deps, params['name'] ?? '', came, origin, {
      previousToken: sessionToken,
      testerOf: async (test) => (await deps.store.connectors.findTest(test))?.user ?? '',
    })
    const location = pending.next ?? '/'
    if (result.status !== 'signed_in') return { kind: 'redirect', location }
    const { token, session } = result
    return { kind: 'redirect', location, setSession: { token, expiresAt: session.expiresAt } }
  },
})
