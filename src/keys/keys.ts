/**
 * @module What the rest of the house asks of the key room: sealing of secrets at rest, and signing keys by
 * purpose. Implementations beside this file; private keys never leave them except as KeyObject.
 */
import type { KeyObject } from 'node:crypto'

/** Seals small secrets for storage (JWE, `dir` + `A256GCM`); `context` is bound in and must match on unseal. */
export interface Sealer {
  seal(plaintext: string, context: string): Promise<string>
  /** @throws GatewayError `UNSEAL_FAILED` for a wrong key, a changed text or another context. */
  unseal(sealed: string, context: string): Promise<string>
}

export interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKeyPem: string
  /** PEM, for purposes that publish a certificate. */
  readonly certificatePem: string | undefined
}

export interface SigningKeys {
  /** The key that signs now; made at first use. */
  current(): Promise<SigningKey>
  /** Every certificate that relying parties should know: current first, then next. */
  publishedCertificates(): Promise<string[]>
}
