/**
 * @module The external identity provider as an administrator imported it: one entity ID, sign-in addresses,
 * and certificates that are all active at once (AWS's way of certificate rollover).
 */
import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { EmulatorError, invalidInput } from '../error.js'

export interface Certificate {
  /** SHA-256 fingerprint, lower-case hex without colons. */
  readonly id: string
  readonly pem: string
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}

export interface IdentityProvider {
  readonly entityId: string
  /** Sign-in addresses by binding; at least one is there. */
  readonly redirectUrl: string | undefined
  readonly postUrl: string | undefined
  readonly nameIdFormats: readonly string[]
  readonly certificates: readonly Certificate[]
}

export const emailAddressFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'

/** AWS refuses longer uploads (UTF-8 characters of the PEM file). */
const certificateLimit = 2500

export const IdentityProviderSchema = z.strictObject({
  entityId: z.string().min(1).max(1024),
  redirectUrl: z.url().optional(),
  postUrl: z.url().optional(),
  nameIdFormats: z.array(z.string()).default([emailAddressFormat]),
  certificates: z.array(z.string()).min(1, 'needs at least one PEM certificate'),
})

/**
 * Reads a PEM certificate.
 * @throws EmulatorError when the text is not one X.509 certificate or is longer than AWS takes.
 */
export function parseCertificate(pem: string): Certificate {
  if (pem.length > certificateLimit) {
    throw invalidInput(
      `the certificate has ${pem.length} characters; at most ${certificateLimit} are allowed`,
    )
  }
  return readCertificate(pem)
}

/** Reads base64 DER as metadata carries it; there the limit of the whole document applies. */
export function parseMetadataCertificate(base64: string): Certificate {
  const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  return readCertificate(`-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`)
}

function readCertificate(pem: string): Certificate {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(pem)
  } catch {
    throw invalidInput('the certificate is not a readable X.509 certificate')
  }
  return {
    id: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    pem: certificate.toString(),
    subject: certificate.subject,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  }
}

/** Adds a certificate beside the active ones. */
export function addCertificate(idp: IdentityProvider, certificate: Certificate): IdentityProvider {
  if (idp.certificates.some((known) => known.id === certificate.id)) {
    throw new EmulatorError(409, 'ALREADY_EXISTS', `certificate ${certificate.id} is already imported`)
  }
  return { ...idp, certificates: [...idp.certificates, certificate] }
}

/** Removes a certificate; one that is valid at `now` stays always. */
export function removeCertificate(idp: IdentityProvider, id: string, now: number): IdentityProvider {
  const rest = idp.certificates.filter((certificate) => certificate.id !== id)
  if (rest.length === idp.certificates.length) {
    throw new EmulatorError(404, 'NOT_FOUND', `no certificate ${id} is imported`)
  }
  if (!rest.some((certificate) => isValidAt(certificate, now))) {
    throw new EmulatorError(409, 'LAST_CERTIFICATE', 'at least one valid certificate must remain')
  }
  return { ...idp, certificates: rest }
}

export function isValidAt(certificate: Certificate, now: number): boolean {
  return certificate.notBefore <= now && now < certificate.notAfter
}
