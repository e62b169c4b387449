/** @module `GET /.well-known/openid-configuration`: what AWS reads of our issuer, for which no cookie counts. */
import { discoveryAnswer, discoveryQuery, paths } from '../../api/contract.js'
import { describeIssuer } from '../../service/trust/issuers.js'
import { json, route } from '../route.js'

export const oidcDiscovery = route({
  method: 'get',
  path: paths.oidcDiscovery,
  right: 'public',
  summary: 'Discovery document of the OIDC issuer by which the gateway signs in to AWS',
  answer: { kind: 'json', schema: discoveryAnswer },
  query: discoveryQuery,
  handler: async ({ deps, query }) => ({
    ...json(await describeIssuer(deps, query.issuer)),
    publicForS: 60,
  }),
})
