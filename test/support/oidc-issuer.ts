/**
 * @module A hand-made OpenID provider over real HTTP, which can say everything that an honest one would not: built on
 * `jose` alone, from OpenID Connect Core and Discovery. Who is there is who `person` says; consent is given at once.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'

interface Signer {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

interface Grant {
  readonly query: URLSearchParams
}

export class OidcIssuer implements AsyncDisposable {
  readonly #server: Server
  readonly #codes = new Map<string, Grant>()
  #signer: Signer
  #count = 0
  /** What the id_token says beside the protocol. */
  person: JWTPayload = { sub: 'u-1', email: 'zoe@example.com', email_verified: true, groups: ['platform'] }
  /** What the userinfo endpoint says; the person where undefined. */
  userinfo: JWTPayload | undefined
  /** Changes the id_token before it is signed; undefined takes a claim away. */
  spoil: (claims: JWTPayload) => JWTPayload = (claims) => claims
  /** Signs in place of the honest way. */
  sign: ((claims: JWTPayload, clientSecret: string) => Promise<string>) | undefined
  /** More of the discovery document. */
  metadata: Record<string, unknown> = {}
  /** Changes the answer that the browser brings back. */
  bend: (answer: URLSearchParams) => void = () => {}
  /** Keys that are published beside, or in place of, the one that signs. */
  hidesKey = false
  /** The last request to the authorization endpoint and to the token endpoint. */
  asked = new URLSearchParams()
  redeemed: Record<string, string> = {}

  private constructor(signer: Signer) {
    this.#signer = signer
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error))
      })
    })
  }

  static async open(): Promise<OidcIssuer> {
    const issuer = new OidcIssuer(await newSigner('k-1'))
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve))
    return issuer
  }

  get url(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  /** From here on another key signs, and only that one is published. */
  async rotate(): Promise<void> {
    this.#signer = await newSigner(`k-${++this.#count + 1}`)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const json = (body: unknown, status = 200) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json({
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          userinfo_endpoint: `${this.url}/userinfo`,
          jwks_uri: `${this.url}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
          ...this.metadata,
        })
        return
      case '/authorize': {
        this.asked = url.searchParams
        const code = `code-${++this.#count}`
        this.#codes.set(code, { query: url.searchParams })
        const answer = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' })
        this.bend(answer)
        response.writeHead(303, { location: `${url.searchParams.get('redirect_uri')}?${answer}` }).end()
        return
      }
      case '/token':
        await this.#token(request, json)
        return
      case '/userinfo':
        json(this.userinfo ?? this.person)
        return
      case '/jwks': {
        const jwk = await exportJWK(this.#signer.publicKey)
        json({ keys: this.hidesKey ? [] : [{ ...jwk, kid: this.#signer.kid, use: 'sig', alg: 'ES256' }] })
        return
      }
      default:
        json({ error: 'not_found' }, 404)
    }
  }

  async #token(request: IncomingMessage, json: (body: unknown, status?: number) => void): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    this.redeemed = Object.fromEntries(form)
    const [, basic = ''] = (request.headers.authorization ?? '').split(' ')
    const [clientId = '', clientSecret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
    const code = form.get('code') ?? ''
    const grant = this.#codes.get(code)
    this.#codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      grant?.query.get('code_challenge') !== challenge ||
      grant.query.get('code_challenge_method') !== 'S256' ||
      grant.query.get('redirect_uri') !== form.get('redirect_uri')
    ) {
      json(
        { error: 'invalid_grant', error_description: 'code, verifier or address do not belong together' },
        400,
      )
      return
    }
    const now = Math.floor(Date.now() / 1000)
    const claims = this.spoil({
      iss: this.url,
      aud: decodeURIComponent(clientId),
      iat: now,
      exp: now + 300,
      auth_time: now,
      nonce: grant.query.get('nonce') ?? '',
      ...this.person,
    })
    const sign = this.sign ?? (async (all) => await this.signHonestly(all))
    json({
      access_token: 'an-access-token',
      token_type: 'Bearer',
      id_token: await sign(claims, decodeURIComponent(clientSecret)),
    })
  }

  async signHonestly(claims: JWTPayload): Promise<string> {
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: this.#signer.kid })
      .sign(this.#signer.privateKey)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

async function newSigner(kid: string): Promise<Signer> {
  return { kid, ...(await generateKeyPair('ES256', { extractable: true })) }
}

/** Signed by the client secret, as HS256. */
export async function signBySecret(claims: JWTPayload, clientSecret: string): Promise<string> {
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(clientSecret))
}

/** Not signed at all. */
export function unsigned(claims: JWTPayload): Promise<string> {
  return Promise.resolve(new UnsecuredJWT(claims).encode())
}

/** By a key of nobody, under the name of the right one. */
export async function signByStranger(claims: JWTPayload): Promise<string> {
  const { privateKey } = await newSigner('k-1')
  return await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k-1' }).sign(privateKey)
}
