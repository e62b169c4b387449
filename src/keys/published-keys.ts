/**
 * @module Whether AWS would find a key of ours: the issuer's discovery document and keys are read where AWS reads them,
 * over the public internet. A new key signs only after that (T13), or AWS refuses every token that it signs. The same
 * check holds where static files on another host are the issuer.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { discoveryPath } from '../core/identity-center/discovery.js'
import { GatewayError } from '../core/error.js'
import { EgressError, type Egress } from '../lib/egress.js'
import type { PublicKeyRecord } from './signing-keys.js'

/**
 * Passes where each issuer publishes the key.
 * @throws GatewayError `KEY_PHASE` with what was found instead, and what to do.
 */
export async function assertPublished(
  egress: Egress,
  key: Pick<PublicKeyRecord, 'id' | 'publicKeyPem'>,
  issuers: readonly string[],
): Promise<void> {
  for (const issuer of issuers) {
    const problem = await findPublicationProblem(egress, key, issuer)
    if (problem === undefined) continue
    throw new GatewayError(
      'KEY_PHASE',
      `the next oidc key is not yet where AWS reads it, so it must not sign: ${problem}. ` +
        'Where the issuer is static files, publish them again (gatehouse awsic publish-issuer DIR) and wait until caches let go',
      { issuer, key_id: key.id },
    )
  }
}

async function findPublicationProblem(
  egress: Egress,
  key: Pick<PublicKeyRecord, 'id' | 'publicKeyPem'>,
  issuer: string,
): Promise<string | undefined> {
  const discovery = await readObject(egress, `${issuer}${discoveryPath}`)
  if (typeof discovery === 'string') return discovery
  if (discovery['issuer'] !== issuer) return `${issuer}${discoveryPath} is of another issuer`
  const address = discovery['jwks_uri']
  if (typeof address !== 'string') return `${issuer}${discoveryPath} names no keys`
  const set = await readObject(egress, address)
  if (typeof set === 'string') return set
  const keys: unknown = set['keys']
  const found = Array.isArray(keys) && keys.some((jwk: unknown) => isSameKey(jwk, key))
  return found ? undefined : `${address} does not hold the key ${key.id}`
}

/** The document, or in words why there is none. */
async function readObject(egress: Egress, address: string): Promise<Record<string, unknown> | string> {
  try {
    const { status, body } = await egress.get(address)
    if (status !== 200) return `${address} answered ${status}`
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null) return `${address} answered no JSON object`
    return { ...parsed }
  } catch (error) {
    if (error instanceof EgressError) return error.message
    if (error instanceof SyntaxError) return `${address} answered no JSON`
    throw error
  }
}

/** The same public key under its id: AWS picks by `kid` and verifies by the key. */
function isSameKey(
  jwk: unknown,
  { id, publicKeyPem }: Pick<PublicKeyRecord, 'id' | 'publicKeyPem'>,
): boolean {
  if (typeof jwk !== 'object' || jwk === null || !('kid' in jwk) || jwk.kid !== id) return false
  const { n, e } = toRsa(createPublicKey(publicKeyPem))
  return 'kty' in jwk && jwk.kty === 'RSA' && 'n' in jwk && jwk.n === n && 'e' in jwk && jwk.e === e
}

function toRsa(key: KeyObject): { readonly n: string | undefined; readonly e: string | undefined } {
  const { n, e } = key.export({ format: 'jwk' })
  return { n, e }
}
