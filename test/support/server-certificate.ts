/** @module Certificates of servers in PEM with their keys, self-signed, for tests of TLS. */
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { serverAuth } from './device.js'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

let issued = 0

export interface ServerCertificate {
  readonly cert: string
  readonly key: string
}

export interface ServerCertificateOptions {
  readonly names?: readonly string[]
  readonly addresses?: readonly string[]
  readonly from?: number
  readonly to?: number
  readonly usages?: readonly string[]
  readonly ca?: boolean
}

/** For `localhost` and 127.0.0.1, valid from yesterday for ten days, unless told otherwise. */
export async function issueServerCertificate(
  now: number,
  options: ServerCertificateOptions = {},
): Promise<ServerCertificate> {
  const { names = ['localhost'], addresses = ['127.0.0.1'], usages = [serverAuth], ca = false } = options
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '0a',
    // Each has its own: a client tells authorities of one name apart by nothing else.
    name: `CN=${++issued}.localhost`,
    notBefore: new Date(options.from ?? now - day),
    notAfter: new Date(options.to ?? now + 10 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(ca, undefined, true),
      new ExtendedKeyUsageExtension([...usages]),
      new SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
}
