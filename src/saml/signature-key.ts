/**
 * @module The signing key as the SAML room takes it, and what a signature says of it (KeyInfo).
 */
import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../core/error.js'

/** The part of `keys/` SigningKey that a signature needs. */
export interface ResponseSigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  /** PEM. */
  readonly certificatePem: string | undefined
}

const keyInfos = new WeakMap<ResponseSigningKey, string>()

/**
 * KeyInfo with the certificate, in canonical form as a child of `ds:Signature`; worked out once for each key.
 * @throws GatewayError `INTERNAL` for a key without certificate or of a kind other than RSA.
 */
export function signatureKeyInfo(key: ResponseSigningKey): string {
  const known = keyInfos.get(key)
  if (known !== undefined) return known
  if (key.certificatePem === undefined || key.privateKey.asymmetricKeyType !== 'rsa') {
    throw new GatewayError('INTERNAL', `the signing key ${key.id} is not an RSA key with a certificate`, {
      key: key.id,
    })
  }
  const keyInfo =
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateBody(key.certificatePem)}` +
    '</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
  keyInfos.set(key, keyInfo)
  return keyInfo
}

/**
 * The base64 of a PEM certificate, on one line.
 * @throws GatewayError `INTERNAL` for anything but exactly one certificate.
 */
export function certificateBody(pem: string): string {
  const body = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(
    pem,
  )?.[1]
  if (body === undefined) throw new GatewayError('INTERNAL', 'the certificate of a signing key is not PEM')
  return body.replace(/\s+/g, '')
}
