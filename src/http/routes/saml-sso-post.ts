/** @module `POST /saml/idp/sso`: an AuthnRequest by HTTP-POST (SAML Bindings 3.5), from the application's site. */
import { z } from 'zod'
import { receiveRequest } from '../../service/saml/receive-request.js'
import { route } from '../route.js'
import { samlAnswer } from '../saml-answer.js'

export const samlSsoPost = route({
  method: 'post',
  path: '/saml/idp/sso',
  right: 'public',
  summary: 'An AuthnRequest by HTTP-POST (SAML Bindings 3.5)',
  answer: { kind: 'browser' },
  // It comes from another site by design; it only keeps the request and sends the browser on with GET.
  sameOrigin: false,
  // Its octets: RelayState goes back as it came.
  form: z.string(),
  handler: async ({ deps, body, origin }) =>
    samlAnswer(deps, await receiveRequest(deps, () => deps.saml.parsePost(body), origin)),
})
