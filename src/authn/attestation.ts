/**
 * @module Whether a maker of authenticators vouches for a device: the chain of certificates of an attestation (WebAuthn
 * Level 3 §6.5.4) up to one of given certificates. No list is fetched: certificates that a stranger sent would say from
 * where.
 */
import { X509Certificate } from 'node:crypto'
import type { Instant } from '../core/time.js'

/** More would be no chain of a device. */
const maxChain = 5

/** Whether the first certificate, or one that issued it, is an anchor or was issued by one. */
export function chainsTo(chain: readonly Uint8Array[], anchors: readonly string[], now: Instant): boolean {
  if (chain.length === 0 || chain.length > maxChain) return false
  const trusted = anchors.map((pem) => new X509Certificate(pem))
  const certificates = chain.map((der) => new X509Certificate(der))
  for (const [at, certificate] of certificates.entries()) {
    if (!isValid(certificate, now)) return false
    const isTrusted = trusted.some(
      (anchor) => anchor.fingerprint256 === certificate.fingerprint256 || isIssuedBy(certificate, anchor),
    )
    if (isTrusted) return true
    const issuer = certificates[at + 1]
    if (issuer === undefined || !issuer.ca || !isIssuedBy(certificate, issuer)) return false
  }
  return false
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isValid(certificate: X509Certificate, now: Instant): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo)
}
