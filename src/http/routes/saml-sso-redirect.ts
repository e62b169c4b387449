/** @module `GET /saml/idp/sso`: an AuthnRequest by HTTP-Redirect (SAML Bindings 3.4). */
import { receiveRequest } from '../../service/saml/receive-request.js'
import { route } from '../route.js'
import { samlAnswer } from '../saml-answer.js'

export const samlSsoRedirect = route({
  method: 'get',
  path: '/saml/idp/sso',
  right: 'public',
  summary: 'An AuthnRequest by HTTP-Redirect (SAML Bindings 3.4)',
  answer: { kind: 'browser' },
  getOnly: true,
  handler: async ({ deps, rawQuery, origin }) =>
    samlAnswer(deps, await receiveRequest(deps, () => deps.saml.parseRedirect(rawQuery), origin)),
})
