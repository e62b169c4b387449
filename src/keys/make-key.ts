/**
 * @module Makes a signing key: RSA 2048 with a self-signed certificate for SAML, RSA 2048 alone for tokens to AWS (which
 * takes RS256), Ed25519 for the audit chain. The private half leaves this file only sealed.
 */
import 'reflect-metadata' // @peculiar/x509 registers its algorithms with it and refuses to load without
import { createHash, createPublicKey, generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { GatewayError } from '../core/error.js'
import { day, minute, type DurationMs, type Instant } from '../core/time.js'
import type { Random } from '../lib/random.js'
import type { KeyPurpose, StoredKey } from '../store/store.js'
import type { Sealer } from './keys.js'

/**
 * How long a SAML certificate is good. Service providers pin it, so a short life protects nobody, while each rollover
 * is work by hand at AWS (console only); AWS warns 90 days before the end. Three years is the usual length.
 */
export const certificateLifetimeMs: DurationMs = 3 * 365 * day

/** AWS takes certificates of at most this many characters of PEM. */
const maxCertificateLength = 2500

export interface KeyOrder {
  readonly purpose: KeyPurpose
  /** CN of the certificate. */
  readonly commonName: string
  readonly now: Instant
  readonly random: Random
  readonly sealer: Sealer
}

const generate = promisify(generateKeyPair)

/** The context under which a private key is sealed: it opens only as the key that it is. */
export function sealContext(purpose: KeyPurpose, id: string): string {
  return `signing_key/${purpose}/${id}`
}

/** Makes a key, without storing it. */
export async function makeKey(order: KeyOrder): Promise<Omit<StoredKey, 'state'>> {
  const { purpose, now } = order
  const { publicKey, privateKey } =
    purpose === 'audit' ? await generate('ed25519') : await generate('rsa', { modulusLength: 2048 })
  const certificatePem = purpose === 'saml' ? await certify(order, privateKey, publicKey) : undefined
  const id = publicKeyId(publicKey)
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    id,
    purpose,
    sealedPrivateKey: await order.sealer.seal(pem, sealContext(purpose, id)),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    certificatePem,
    createdAt: now,
    // What the certificate says, not what was asked of the library.
    notAfter:
      certificatePem === undefined ? undefined : Date.parse(new X509Certificate(certificatePem).validTo),
  }
}

/** SHA-256 of the public key (SubjectPublicKeyInfo) in base64url: an ID that names exactly one key. */
export function publicKeyId(publicKey: KeyObject | string): string {
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}

async function certify(
  { commonName, now, random }: KeyOrder,
  privateKey: KeyObject,
  publicKey: KeyObject,
): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const { subtle } = globalThis.crypto
  const keys = {
    privateKey: await subtle.importKey(
      'pkcs8',
      privateKey.export({ type: 'pkcs8', format: 'der' }),
      algorithm,
      false,
      ['sign'],
    ),
    publicKey: await subtle.importKey(
      'spki',
      publicKey.export({ type: 'spki', format: 'der' }),
      algorithm,
      true,
      ['verify'],
    ),
  }
  // RFC 5280 §4.1.2.2: a positive number of at most 20 octets; the first one is kept below 0x80 and above 0.
  const serial = random.bytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString('hex'),
    // RFC 5280, appendix A: a common name has at most 64 characters.
    name: [{ CN: [commonName.slice(0, 64)] }],
    notBefore: new Date(now - 5 * minute), // for service providers whose clock is behind
    notAfter: new Date(now + certificateLifetimeMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    ],
  })
  const pem = `${certificate.toString('pem').trim()}\n`
  if (pem.length > maxCertificateLength) {
    throw new GatewayError(
      'INTERNAL',
      `the certificate has ${pem.length} characters, AWS takes ${maxCertificateLength}`,
    )
  }
  return pem
}
