/** @module What the OIDC issuer publishes for AWS: its discovery document and its keys. */
import { z } from 'zod'

/** Which issuer, where there are several: what is to be published as static files is read from here. */
export const discoveryQuery = z.strictObject({ issuer: z.string().max(300).optional() })
export const discoveryAnswer = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  response_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  claims_supported: z.array(z.string()),
})
export const jwksAnswer = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('RSA'),
      use: z.literal('sig'),
      alg: z.literal('RS256'),
      kid: z.string(),
      n: z.string(),
      e: z.string(),
    }),
  ),
})
