/**
 * A real issuer of web identity tokens on loopback: discovery document, keys, and tokens signed by them. Each part can
 * be replaced, to be wrong in one way.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { startTime } from '../portal.js'

export const issuerName = 'https://id.example.com'
export const audience = 'sts.amazonaws.com'
export const subject = 'repo:northwind/web'
export const startSeconds = startTime / 1000

export interface SigningKey {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
  readonly alg: string
}

export async function makeKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, alg, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export type Handler = (req: IncomingMessage, res: ServerResponse) => void

export class TestIssuer implements AsyncDisposable {
  readonly url: string
  /** What was asked for, in order. */
  readonly asked: string[] = []
  readonly keys: readonly SigningKey[]
  /** Answers that stand in for the right ones, by path. */
  readonly instead = new Map<string, Handler>()
  readonly #server: Server

  private constructor(server: Server, keys: readonly SigningKey[]) {
    this.#server = server
    this.keys = keys
    // A server that listens on TCP has an address.
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (req, res) => this.#answer(req, res))
  }

  static async start(...algorithms: readonly string[]): Promise<TestIssuer> {
    const keys = await Promise.all(
      (algorithms.length === 0 ? ['RS256'] : algorithms).map((alg) => makeKey(alg, `key-${alg}`)),
    )
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new TestIssuer(server, keys)
  }

  discovery(): Record<string, unknown> {
    return {
      issuer: issuerName,
      jwks_uri: `${issuerName}/.well-known/jwks.json`,
      claims_supported: ['aud', 'iat', 'iss', 'sub'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  /** Signed by the first key, or another. */
  async sign(
    claims: Readonly<Record<string, unknown>> = {},
    key: SigningKey | undefined = this.keys[0],
  ): Promise<string> {
    if (key === undefined) throw new Error('there is no key')
    const payload = Object.entries({
      iss: issuerName,
      aud: audience,
      sub: subject,
      iat: startSeconds,
      exp: startSeconds + 300,
      ...claims,
    }).filter(([, value]) => value !== undefined)
    return await new SignJWT(Object.fromEntries(payload))
      .setProtectedHeader({ alg: key.alg, ...(key.jwk.kid !== undefined && { kid: key.jwk.kid }) })
      .sign(key.privateKey)
  }

  /** Answers a path with this JSON from now on. */
  answerJson(path: string, body: unknown): void {
    this.instead.set(path, (_req, res) => sendJson(res, body))
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const path = req.url ?? ''
    this.asked.push(path)
    const other = this.instead.get(path)
    if (other !== undefined) other(req, res)
    else if (path === '/.well-known/openid-configuration') sendJson(res, this.discovery())
    else if (path === '/.well-known/jwks.json') sendJson(res, { keys: this.keys.map(({ jwk }) => jwk) })
    else res.writeHead(404).end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export function sendJson(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
