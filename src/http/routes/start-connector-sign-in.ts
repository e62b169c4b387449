/** @module `GET /v1/sign-in/connectors/:name`: sends the browser to the upstream of a connector. */
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { beginSignIn } from '../../service/connectors/begin-sign-in.js'
import { route } from '../route.js'

export const startConnectorSignIn = route({
  method: 'get',
  path: paths.signInConnector,
  right: 'public',
  summary: 'Sends the browser to the identity provider of a connector, to come back signed in',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({
    next: z.string().max(4096).optional(),
    reauth: z.literal('1').optional(),
    test: z.string().max(100).optional(),
  }),
  handler: async ({ deps, params, query, actor, connectorBinding, origin }) => {
    const { next, reauth, test } = query
    const input = {
      name: params['name'] ?? '',
      next,
      reauthenticates: reauth === '1',
      test,
      user: actor?.kind === 'session' ? actor.user.name : undefined,
      browser: connectorBinding,
    }
    const { location, browser } = await beginSignIn(deps, input, origin)
    return { kind: 'redirect', location, bindConnector: browser }
  },
})
