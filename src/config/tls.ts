/**
 * @module TLS of Gatehouse itself: the certificate and key that it serves, read from files and judged as a browser would.
 * What a browser would refuse, or others could read, is a problem in words; `start` serves it and reads it anew while it runs.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import path from 'node:path'
import type { Instant } from '../core/time.js'
import { isInsideTestKeys } from './test-keys.js'

export interface TlsFiles {
  /** PEM: the certificate of the host, then those of the authorities between it and the root. */
  readonly certFile: string
  /** PEM: its key, without a passphrase. */
  readonly keyFile: string
}

export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** When the certificate ends. */
  readonly validTo: Instant
}

export interface TlsProblem {
  readonly setting: 'tls.cert_file' | 'tls.key_file'
  readonly message: string
}

/** What a file is to others, and on what kind of file system; see {@link FileFacts.fileSystem}. */
export interface FileFacts {
  /** The bits of `stat`. */
  readonly mode: number
  /** The number by which Linux knows the kind of file system (`statfs(2)`). */
  readonly fileSystem?: number | undefined
}

export interface TlsSources {
  /** Reads a text file or throws. */
  readonly readFile: (file: string) => string
  /** Undefined where there is no such file. */
  readonly inspect?: ((file: string) => FileFacts | undefined) | undefined
  /** Undefined: whether the certificate is valid by now is not asked. */
  readonly now?: Instant | undefined
}

/** id-kp-serverAuth (RFC 5280 4.2.1.12). */
const serverAuth = '1.3.6.1.5.5.7.3.1'

/** The certificate and key for this host (a name or an address), or everything that is wrong with them. */
export function readTlsMaterial(
  { certFile, keyFile }: TlsFiles,
  host: string,
  sources: TlsSources,
): TlsMaterial | readonly TlsProblem[] {
  const problems: TlsProblem[] = []
  const wrong = (setting: TlsProblem['setting'], message: string): void => {
    problems.push({ setting, message })
  }
  const read = (setting: TlsProblem['setting'], file: string): string | undefined => {
    try {
      return sources.readFile(file)
    } catch {
      wrong(setting, `cannot read ${file}`)
      return undefined
    }
  }
  const cert = read('tls.cert_file', certFile)
  const key = read('tls.key_file', keyFile)

  if (isInsideTestKeys(keyFile)) {
    wrong('tls.key_file', 'is one of the test keys that come with the source code; make your own')
  }
  const mode = key === undefined ? undefined : sources.inspect?.(keyFile)?.mode
  if (mode !== undefined && (mode & 0o007) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    wrong('tls.key_file', `${keyFile} is open to others (mode ${octal}); chmod o= ${path.basename(keyFile)}`)
  }
  const leaf = cert === undefined ? undefined : parseCertificates(cert)
  if (cert !== undefined && leaf === undefined) {
    wrong('tls.cert_file', `${certFile} holds no certificates in PEM, that of the host first`)
  }
  const privateKey = key === undefined ? undefined : parseKey(key)
  if (typeof privateKey === 'string') wrong('tls.key_file', `${keyFile} ${privateKey}`)
  if (leaf !== undefined) {
    for (const message of judge(leaf, host, sources.now)) wrong('tls.cert_file', `${certFile} ${message}`)
    if (typeof privateKey === 'object' && !leaf.checkPrivateKey(privateKey)) {
      wrong('tls.key_file', `${keyFile} is not the key of the certificate in ${certFile}; give the pair`)
    }
  }
  if (problems.length > 0 || cert === undefined || key === undefined || leaf === undefined) return problems
  return { cert, key, validTo: Date.parse(leaf.validTo) }
}

/** The first of them; undefined where any is malformed, as a browser would get a chain that is broken there. */
function parseCertificates(pem: string): X509Certificate | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))[0]
  } catch {
    return undefined
  }
}

function parseKey(pem: string): KeyObject | string {
  try {
    const key = createPrivateKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength
    return bits !== undefined && bits < 2048 ? `is a key of ${bits} bits; RSA takes 2048 or more` : key
  } catch (error) {
    const needsPassphrase = error instanceof Error && /passphrase/i.test(error.message)
    return needsPassphrase ? 'needs a passphrase; store it without one' : 'holds no private key in PEM'
  }
}

function judge(leaf: X509Certificate, host: string, now: Instant | undefined): string[] {
  const found: string[] = []
  // Browsers look at alternative names alone (RFC 9525 2).
  const fits = isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host)
  if (fits === undefined) {
    const names = leaf.subjectAltName ?? 'no name at all'
    found.push(
      `is for ${names.slice(0, 300)}, not for ${host}, the host of public_url; get one for that name`,
    )
  }
  if (now !== undefined && now >= Date.parse(leaf.validTo)) {
    found.push(`has expired on ${leaf.validTo}; renew it`)
  }
  if (now !== undefined && now < Date.parse(leaf.validFrom)) {
    found.push(`is not valid before ${leaf.validFrom}; check the clock`)
  }
  // OpenSSL's name for what Node calls keyUsage is extended key usage; without the extension it is undefined.
  const usages = leaf.keyUsage as readonly string[] | undefined
  if (usages !== undefined && !usages.includes(serverAuth)) {
    found.push('is not for servers (serverAuth); get one that is')
  }
  if (leaf.ca) found.push('begins with an authority; the certificate of the host comes first')
  return found
}
