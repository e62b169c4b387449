/**
 * @module An authenticator for tests, made by hand of node:crypto: it answers what the gateway asks as WebAuthn Level 3
 * says, or wrongly where a test tells it to. It shares no code with what checks its answers.
 */
import 'reflect-metadata'
import {
  createHash,
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  randomBytes,
  webcrypto,
  type KeyObject,
} from 'node:crypto'
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509'

interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}

interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
}

/** What a test may have go wrong. */
export interface Twist {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  readonly signCount?: number
  readonly userPresent?: boolean
  readonly userVerified?: boolean
  readonly userHandle?: string
  /** Of a new passkey: the COSE algorithm that its key claims. */
  readonly algorithm?: number
  readonly backupEligible?: boolean
  /** Who vouches for the device; `none` attestation without. */
  readonly maker?: TestMaker
  /** Signs with another key. */
  readonly forged?: boolean
}

/** A maker of authenticators: what it signs devices with, and the certificate of its authority. */
export interface TestMaker {
  readonly ca: string
  /** DER. */
  readonly certificate: Buffer
  readonly privateKey: KeyObject
}

/** A maker with an authority of its own, whose certificates are good from a day before `now`; the library asks the clock of the machine, too. */
export async function makeMaker(now: number): Promise<TestMaker> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const valid = { notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 3650 * 86_400_000) }
  const generate = async () => await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const root = await generate()
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      ...valid,
      serialNumber: '01',
      name: 'CN=Maker of keys',
      signingAlgorithm: algorithm,
      keys: root,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto as Crypto,
  )
  const keys = await generate()
  const leaf = await X509CertificateGenerator.create(
    {
      ...valid,
      serialNumber: '02',
      // As WebAuthn Level 3 §8.2.1 wants it.
      subject: 'C=SE, O=Maker of keys, OU=Authenticator Attestation, CN=Key 1',
      issuer: ca.subject,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: root.privateKey,
      extensions: [new BasicConstraintsExtension(false, undefined, true)],
    },
    webcrypto as Crypto,
  )
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return {
    ca: ca.toString('pem'),
    certificate: Buffer.from(leaf.rawData),
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  }
}

export class TestAuthenticator {
  readonly #origin: string
  readonly #credentialId = randomBytes(32)
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  #userHandle = ''
  #signCount = 0

  constructor(origin: string) {
    this.#origin = origin
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = pair.privateKey
    this.#publicKey = pair.publicKey
  }

  get id(): string {
    return this.#credentialId.toString('base64url')
  }

  /** Answers `navigator.credentials.create`. */
  make({ challenge, rp, user }: CreationOptions, twist: Twist = {}): object {
    this.#userHandle = user.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.#credentialId.length)
    const attested = Buffer.concat([
      Buffer.alloc(16),
      length,
      this.#credentialId,
      this.#coseKey(twist.algorithm),
    ])
    const authData = Buffer.concat([this.#authData(rp.id, twist, 0x40), attested])
    const clientData = this.#clientData(twist.type ?? 'webauthn.create', challenge, twist)
    const { maker } = twist
    const attestationObject = cborMap([
      [cborText('fmt'), cborText(maker ? 'packed' : 'none')],
      [cborText('attStmt'), maker ? statement(maker, authData, clientData) : cborMap([])],
      [cborText('authData'), cborBytes(authData)],
    ])
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      },
      clientExtensionResults: { credProps: { rk: true } },
    }
  }

  /** Answers `navigator.credentials.get`. */
  use({ challenge, rpId }: RequestOptions, twist: Twist = {}): object {
    this.#signCount = twist.signCount ?? this.#signCount + 1
    const authData = this.#authData(rpId, twist, 0)
    const clientData = this.#clientData(twist.type ?? 'webauthn.get', challenge, twist)
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
    const key = twist.forged
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : this.#privateKey
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(key).toString('base64url'),
        userHandle: twist.userHandle ?? this.#userHandle,
      },
    }
  }

  #clientData(type: string, challenge: string, twist: Twist): Buffer {
    const origin = twist.origin ?? this.#origin
    return Buffer.from(
      JSON.stringify({ type, challenge: twist.challenge ?? challenge, origin, crossOrigin: false }),
    )
  }

  /** WebAuthn Level 3 §6.1: hash of the relying party, flags, sign count. */
  #authData(rpId: string, twist: Twist, more: number): Buffer {
    const flags =
      (twist.userPresent === false ? 0 : 0x01) |
      (twist.userVerified === false ? 0 : 0x04) |
      (twist.backupEligible ? 0x08 : 0) |
      more
    const rest = Buffer.alloc(5)
    rest.writeUInt8(flags)
    rest.writeUInt32BE(twist.signCount ?? this.#signCount, 1)
    const hash = createHash('sha256')
      .update(twist.rpId ?? rpId)
      .digest()
    return Buffer.concat([hash, rest])
  }

  /** RFC 9053 §7.1.1: an EC2 key on P-256. */
  #coseKey(algorithm = -7): Buffer {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' })
    return cborMap([
      [cborInt(1), cborInt(2)],
      [cborInt(3), cborInt(algorithm)],
      [cborInt(-1), cborInt(1)],
      [cborInt(-2), cborBytes(Buffer.from(x, 'base64url'))],
      [cborInt(-3), cborBytes(Buffer.from(y, 'base64url'))],
    ])
  }
}

/** WebAuthn Level 3 §8.2: signed with the key of a certificate of the maker. */
function statement({ certificate, privateKey }: TestMaker, authData: Buffer, clientData: Buffer): Buffer {
  const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
  return cborMap([
    [cborText('alg'), cborInt(-7)],
    [cborText('sig'), cborBytes(createSign('sha256').update(signed).sign(privateKey))],
    [cborText('x5c'), Buffer.concat([cborHead(4, 1), cborBytes(certificate)])],
  ])
}

/** RFC 8949 §3: the major type and a length or value up to 16 bits. */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff])
}

function cborInt(value: number): Buffer {
  return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value)
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes])
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, text.length), Buffer.from(text)])
}

function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()])
}
