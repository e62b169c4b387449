/**
 * @module What an issuer publishes about itself: its discovery document and its keys, held to what IAM's
 * documentation asks of both.
 */
import type { JSONWebKeySet, JWK } from 'jose'
import { z } from 'zod'
import type { Settings } from '../settings.js'
import { fetchJson, IssuerError } from './fetch-json.js'
import type { IssuerMap } from './issuer-map.js'

/** The algorithms that AWS verifies. */
export const signingAlgorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const

const maxKeysOfAType = 100

const texts = z.array(z.string())

const DocumentSchema = z.object({ issuer: z.string(), jwks_uri: z.string() })

/** The members that the documentation lists besides. */
const DocumentedSchema = DocumentSchema.extend({
  claims_supported: texts.refine((claims) =>
    ['aud', 'iat', 'iss', 'sub'].every((name) => claims.includes(name)),
  ),
  response_types_supported: texts.refine((types) => types.includes('id_token')),
  subject_types_supported: texts.refine((types) => types.includes('public')),
  id_token_signing_alg_values_supported: texts.refine((algorithms) =>
    algorithms.some((name) => signingAlgorithms.some((known) => known === name)),
  ),
})

const KeySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** What a call to an issuer needs of the emulator. */
export interface IssuerAccess {
  readonly issuers: IssuerMap
  readonly settings: Pick<Settings, 'oidcDiscovery'>
}

/**
 * Reads the discovery document; answers the address of the keys.
 * @throws IssuerError where it cannot be had, is of another issuer, or lacks what AWS needs
 */
export async function fetchDiscovery({ issuers, settings }: IssuerAccess, issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(issuers, address)
  const schema = settings.oidcDiscovery === 'documented' ? DocumentedSchema : DocumentSchema
  const parsed = schema.safeParse(document)
  if (!parsed.success) {
    const members = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'document')))]
    throw new IssuerError('unusable', `${address} does not have what AWS needs of: ${members.join(', ')}`)
  }
  if (parsed.data.issuer !== issuer) throw new IssuerError('unusable', `${address} is of another issuer`)
  return parsed.data.jwks_uri
}

/** The RSA and EC keys for signatures; others are left out. @throws IssuerError */
export async function fetchKeys({ issuers }: IssuerAccess, address: string): Promise<JSONWebKeySet> {
  const parsed = KeySetSchema.safeParse(await fetchJson(issuers, address))
  if (!parsed.success) throw new IssuerError('unusable', `${address} is not a set of keys`)
  const ofType = (kty: string): JWK[] => parsed.data.keys.filter((key) => key.kty === kty)
  const sets = [ofType('RSA'), ofType('EC')]
  if (sets.some((keys) => keys.length > maxKeysOfAType)) {
    throw new IssuerError('unusable', `${address} has more than ${maxKeysOfAType} keys of a type`)
  }
  return { keys: sets.flat().filter((key) => key.use === undefined || key.use === 'sig') }
}
