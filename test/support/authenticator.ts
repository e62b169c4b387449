/**
 * @module An authenticator for tests, made by hand of node:crypto: it answers what the gateway asks as WebAuthn Level 3
 * says, or wrongly where a test tells it to. It shares no code with what checks its answers.
 */
import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

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
  /** Signs with another key. */
  readonly forged?: boolean
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
    const attestationObject = cborMap([
      [cborText('fmt'), cborText('none')],
      [cborText('attStmt'), cborMap([])],
      [cborText('authData'), cborBytes(authData)],
    ])
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData(twist.type ?? 'webauthn.create', challenge, twist).toString(
          'base64url',
        ),
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
