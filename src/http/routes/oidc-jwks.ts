/** @module `GET /.well-known/jwks.json`: the public keys that verify the gateway's tokens at AWS. */
import { jwksAnswer, paths } from '../../api/contract.js'
import { json, route } from '../route.js'

export const oidcJwks = route({
  method: 'get',
  path: paths.oidcJwks,
  right: 'public',
  summary: 'Public keys of the OIDC issuer by which the gateway signs in to AWS',
  answer: { kind: 'json', schema: jwksAnswer },
  handler: async ({ deps }) => ({ ...json(await deps.issuer.jwks()), publicForS: 60 }),
})
