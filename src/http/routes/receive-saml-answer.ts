/** @module `POST /v1/connectors/callback/saml/:name`: the answer of an upstream identity provider, from its site (T2). */
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { receiveSamlAnswer } from '../../service/connectors/receive-saml.js'
import { finishedAnswer } from '../connector-answer.js'
import { route } from '../route.js'

export const receiveSaml = route({
  method: 'post',
  path: paths.connectorCallbackSaml,
  right: 'public',
  summary: 'The SAML Response of an upstream identity provider by HTTP-POST (SAML Bindings 3.5)',
  answer: { kind: 'browser' },
  // It comes from another site by design: it is kept, and the browser sent on with GET, which brings the cookie.
  sameOrigin: false,
  form: z.string(),
  handler: async ({ deps, params, body, origin }) => {
    const received = await receiveSamlAnswer(deps, params['name'] ?? '', body, origin)
    if (received.step === 'continue') {
      const name = encodeURIComponent(params['name'] ?? '')
      const state = encodeURIComponent(received.state)
      return { kind: 'redirect', location: `/v1/connectors/callback/saml/${name}/finish?state=${state}` }
    }
    return finishedAnswer(received.finished)
  },
})
