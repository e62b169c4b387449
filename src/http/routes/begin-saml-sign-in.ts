/** @module `GET /v1/sign-in/connectors/:name`: sends the browser to the upstream. */
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { beginSaml } from '../../service/connectors/begin-saml.js'
import { findSamlConnector } from '../../service/connectors/receive-saml.js'
import { limitAddress } from '../../service/people/limits.js'
import { route } from '../route.js'

export const beginSamlSignIn = route({
  method: 'get',
  path: paths.signInConnector,
  right: 'public',
  summary: 'Sends the browser to the upstream of a connector',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({ next: z.string().max(2000).optional(), reauth: z.enum(['1']).optional() }),
  handler: async ({ deps, params, query, connectorBinding: browser, origin }) => {
    await limitAddress(deps, 'saml', origin.address)
    const connector = await findSamlConnector(deps, params['name'] ?? '')
    const { next, reauth } = query
    const begun = await beginSaml(deps, connector, { next, reauthenticates: reauth === '1', browser })
    return { kind: 'redirect', location: begun.url, bindConnector: begun.browser }
  },
})
