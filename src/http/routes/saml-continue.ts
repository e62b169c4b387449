/** @module `GET /saml/idp/continue`: a kept sign-in goes on, with whatever session the browser has by now. */
import { z } from 'zod'
import { continueSignIn } from '../../service/saml/continue-sign-in.js'
import { route } from '../route.js'
import { continuePath, samlAnswer } from '../saml-answer.js'

export const samlContinue = route({
  method: 'get',
  path: '/saml/idp/continue',
  right: 'public',
  summary: 'Goes on with a kept SAML sign-in',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({ handle: z.string().min(20).max(200) }),
  handler: async ({ deps, query, actor, origin }) => {
    const signedIn = actor?.kind === 'session' ? actor : undefined
    const step = await continueSignIn(deps, query.handle, signedIn, origin)
    return samlAnswer(deps, step, continuePath(query.handle))
  },
})
