/** @module `GET /saml/idp/login/NAME`: IdP-initiated sign-in, where the Log In button leads. */
import { launch } from '../../service/saml/launch.js'
import { route } from '../route.js'
import { samlAnswer } from '../saml-answer.js'

export const samlLogin = route({
  method: 'get',
  path: '/saml/idp/login/:name',
  right: 'public',
  summary: 'Signs in to a service provider, started from here',
  answer: { kind: 'browser' },
  getOnly: true,
  handler: async ({ deps, params, actor, origin }) => {
    const name = params.name ?? ''
    const signedIn = actor?.kind === 'session' ? actor : undefined
    const step = await launch(deps, name, signedIn, origin)
    return samlAnswer(deps, step, `/saml/idp/login/${encodeURIComponent(name)}`)
  },
})
