/**
 * @module A device for tests: a key pair, and a command line that is signed in as its person, which enrols it and
 * vouches with it by the same requests as the real one. And a company's authority that issues client certificates.
 */
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import supertest, { type Response } from 'supertest'
import { confirmationStatement, enrolmentStatement } from '../../src/core/device/statement.js'
import { systemRandom } from '../../src/lib/random.js'
import type { TestBrowser, TestPerson } from './people.js'
import type { TestGateway } from './test-gateway.js'

/** Signs in a command line as the person of the browser; answers its bearer token. */
export async function commandLineOf(gateway: TestGateway, browser: TestBrowser): Promise<string> {
  const verifier = systemRandom.secret()
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const consent = { challenge, port: 49_152, state: systemRandom.secret(), host: 'laptop' }
  const agreed = await browser.post('/v1/cli/authorizations', consent)
  const { redirectUrl } = agreed.body as { redirectUrl: string }
  const code = new URL(redirectUrl).searchParams.get('code') ?? ''
  const redeemed = await supertest(gateway.url).post('/v1/cli/tokens').send({ code, verifier, port: 49_152 })
  return (redeemed.body as { token: string }).token
}

/** What a challenge tells the device. */
export interface AskedChallenge {
  readonly nonce: string
  readonly signIn: string
  readonly session: string
  readonly application: string
  readonly user: string
  readonly serviceProvider: string
}

export class TestDevice {
  readonly #gateway: TestGateway
  readonly #bearer: string
  readonly #user: string
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  /** The device id. */
  readonly name: string

  constructor(gateway: TestGateway, given: { bearer: string; user: string; name: string; keys?: 'ed25519' }) {
    this.#gateway = gateway
    this.#bearer = given.bearer
    this.#user = given.user
    this.name = given.name
    this.#keys =
      given.keys === 'ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  }

  get publicKey(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')
  }

  async post(path: string, body: object): Promise<Response> {
    return await supertest(this.#gateway.url)
      .post(path)
      .set('authorization', `Bearer ${this.#bearer}`)
      .send(body)
  }

  signText(statement: string): string {
    const algorithm = this.#keys.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
    return sign(algorithm, Buffer.from(statement), this.#keys.privateKey).toString('base64url')
  }

  async enroll(token: string, storage: 'key_file' | 'key_store' = 'key_file'): Promise<Response> {
    const offer = await this.post('/v1/devices/enroll/inspect', { token })
    if (offer.status !== 200) return offer
    const { nonce, gateway } = offer.body as { nonce: string; gateway: string }
    const facts = { gateway, device: this.name, user: this.#user, nonce }
    const signature = this.signText(enrolmentStatement(facts))
    return await this.post('/v1/devices/enroll', { token, publicKey: this.publicKey, storage, signature })
  }

  /** Looks at what is asked and vouches; `change` spoils what is signed. */
  async vouch(
    key: { ticket: string } | { code: string },
    change: Partial<Parameters<typeof confirmationStatement>[0]> = {},
  ): Promise<Response> {
    const found = await this.post('/v1/device-challenges/inspect', { key })
    if (found.status !== 200) return found
    const { nonce, signIn, session, application, user } = found.body as AskedChallenge
    const facts = {
      nonce,
      signIn,
      session,
      application,
      user,
      gateway: this.#gateway.publicUrl,
      device: this.name,
    }
    const signature = this.signText(confirmationStatement({ ...facts, ...change }))
    return await this.post('/v1/device-challenges/sign', { key, device: this.name, signature })
  }
}

let made = 0
/** Registers a device; answers its id. */
export async function addDevice(
  admin: TestBrowser,
  spec: object = {},
): Promise<{ name: string; assetTag: string }> {
  const number = ++made
  const name = `device-${number}`
  const assetTag = `TAG-${number}`
  const document = {
    kind: 'device',
    version: 'v1',
    metadata: { name },
    spec: { os_type: 'linux', asset_tag: assetTag, ...spec },
  }
  const added = await admin.post('/v1/resources', document)
  if (added.status >= 300) throw new Error(`no device was added: ${added.text.slice(0, 400)}`)
  return { name, assetTag }
}

export async function enrollToken(admin: TestBrowser, name: string): Promise<string> {
  const issued = await admin.post(`/v1/devices/${name}/enroll-token`, {})
  if (issued.status !== 200) throw new Error(`no token was made: ${issued.text.slice(0, 400)}`)
  return (issued.body as { token: string }).token
}

/** A device that this person has enrolled. */
export async function enrolledDevice(
  gateway: TestGateway,
  admin: TestBrowser,
  given: { person: Pick<TestPerson, 'name'>; browser: TestBrowser; storage?: 'key_file' | 'key_store' },
): Promise<TestDevice> {
  const { name } = await addDevice(admin)
  const bearer = await commandLineOf(gateway, given.browser)
  const device = new TestDevice(gateway, { bearer, user: given.person.name, name })
  const enrolled = await device.enroll(await enrollToken(admin, name), given.storage)
  if (enrolled.status !== 200) throw new Error(`nothing was enrolled: ${enrolled.text.slice(0, 400)}`)
  return device
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000
export const clientAuth = '1.3.6.1.5.5.7.3.2'
export const serverAuth = '1.3.6.1.5.5.7.3.1'

interface IssueOptions {
  readonly now: number
  readonly days?: number
  readonly usages?: readonly string[]
  readonly dns?: string
  readonly ca?: boolean
}

/** A certificate authority of devices. */
export class TestAuthority {
  readonly #certificate: X509Certificate
  readonly #keys: CryptoKeyPair
  private constructor(certificate: X509Certificate, keys: CryptoKeyPair) {
    this.#certificate = certificate
    this.#keys = keys
  }

  static async create(name: string, now: number): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: `CN=${name}`,
      notBefore: new Date(now - 100 * day),
      notAfter: new Date(now + 1000 * day),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    })
    return new TestAuthority(certificate, keys)
  }

  get pem(): string {
    return this.#certificate.toString('pem')
  }

  /** A client certificate of this subject; `usages` empty leaves the extension out. */
  async issue(subject: string, given: IssueOptions): Promise<X509Certificate> {
    return (await this.issueWithKey(subject, given)).certificate
  }

  /** The same with its key in PEM, for a client of TLS. */
  async issueWithKey(
    subject: string,
    given: IssueOptions,
  ): Promise<{ readonly certificate: X509Certificate; readonly key: string }> {
    const { now, days = 30, usages = [clientAuth], dns, ca = false } = given
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const extensions: Extension[] = [new BasicConstraintsExtension(ca, undefined, true)]
    if (usages.length > 0) extensions.push(new ExtendedKeyUsageExtension([...usages]))
    if (dns !== undefined) extensions.push(new SubjectAlternativeNameExtension([{ type: 'dns', value: dns }]))
    const certificate = await X509CertificateGenerator.create({
      serialNumber: '02',
      subject,
      issuer: this.#certificate.subject,
      notBefore: new Date(now - 60 * day),
      notAfter: new Date(now + days * day),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions,
    })
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    return { certificate, key: PemConverter.encode(key, 'PRIVATE KEY') }
  }
}

/** As RFC 9440 writes it. */
export function clientCertHeader(certificate: X509Certificate): string {
  return `:${Buffer.from(certificate.rawData).toString('base64')}:`
}

/** As nginx writes it (`$ssl_client_escaped_cert`). */
export function escapedCertHeader(certificate: X509Certificate): string {
  return encodeURIComponent(certificate.toString('pem'))
}
