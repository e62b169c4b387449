/**
 * @module Client certificates of devices as whoever ends TLS passes them on, Gatehouse itself or a proxy: as RFC 9440
 * `Client-Cert`, or as PEM escaped for a URL, the way of nginx. The handshake has shown that the browser holds the key;
 * here it is checked that one of the company's authorities issued the certificate, for clients, and that it is valid now. Revocation lists
 * are not read: a lock or the removal of the device is at once.
 */
import { X509Certificate } from 'node:crypto'
import { GatewayError } from '../core/error.js'
import type { ClientCertificate } from '../core/device/certificate.js'
import type { Instant } from '../core/time.js'
import type { DeviceCertificates, RefusedAnswer } from './authn.js'

/** id-kp-clientAuth (RFC 5280 4.2.1.12). */
const clientAuth = '1.3.6.1.5.5.7.3.2'
const maxHeaderLength = 16_384

export class CompanyCertificates implements DeviceCertificates {
  readonly #authorities: readonly X509Certificate[]

  /** @throws GatewayError `INVALID_CONFIG` for what holds no certificate of an authority. */
  constructor(pem: string) {
    this.#authorities = readAuthorities(pem)
  }

  read(header: string, now: Instant): ClientCertificate | RefusedAnswer {
    const certificate = parseHeader(header)
    if (certificate === undefined) return { refused: 'what was passed on is no certificate' }
    const issuers = this.#authorities.filter(
      (one) => certificate.checkIssued(one) && certificate.verify(one.publicKey),
    )
    if (issuers.length === 0) return { refused: 'no authority of devices issued the certificate' }
    if (!issuers.some((one) => isCurrent(one, now))) {
      return { refused: 'the certificate of the authority is not valid at this time' }
    }
    if (!isCurrent(certificate, now)) return { refused: 'the certificate is not valid at this time' }
    if (certificate.ca) return { refused: 'the certificate is that of an authority' }
    // OpenSSL's name for what Node calls keyUsage is extended key usage; without the extension it is undefined.
    const usages = certificate.keyUsage as readonly string[] | undefined
    if (!usages?.includes(clientAuth)) return { refused: 'the certificate is not for clients (clientAuth)' }
    return { names: namesOf(certificate) }
  }
}

function readAuthorities(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const authorities = blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch (cause) {
      throw noAuthority({ cause })
    }
  })
  if (authorities.length === 0 || authorities.some(({ ca }) => !ca)) throw noAuthority()
  return authorities
}

function noAuthority(options?: { cause: unknown }): GatewayError {
  return new GatewayError(
    'INVALID_CONFIG',
    'GATEHOUSE_DEVICE_CA_FILE must hold certificates of authorities (CA:TRUE) in PEM',
    {},
    options,
  )
}

/** RFC 9440 2.1: an RFC 8941 byte sequence, base64 between colons. nginx `$ssl_client_escaped_cert`: PEM in percent. */
function parseHeader(header: string): X509Certificate | undefined {
  if (header.length > maxHeaderLength) return undefined
  const bytes = /^:([A-Za-z0-9+/=]+):$/.exec(header.trim())?.[1]
  try {
    if (bytes !== undefined) return new X509Certificate(Buffer.from(bytes, 'base64'))
    const pem = decodeURIComponent(header.trim())
    return pem.split('-----BEGIN CERTIFICATE-----').length === 2 ? new X509Certificate(pem) : undefined
  } catch {
    // No certificate that OpenSSL reads, or no escaped text.
    return undefined
  }
}

function isCurrent({ validFrom, validTo }: X509Certificate, now: Instant): boolean {
  return Date.parse(validFrom) <= now && now < Date.parse(validTo)
}

function namesOf(certificate: X509Certificate): string[] {
  const { CN } = certificate.toLegacyObject().subject as { CN?: string | string[] }
  const common = CN === undefined ? [] : [CN].flat()
  // Node quotes names that hold a comma, so nothing inside one can look like another; such are no asset tags.
  const alternative = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => /^DNS:([\w.-]+)$/.exec(name)?.[1] ?? [])
  return [...common, ...alternative]
}
