/**
 * An issuer of web identity tokens on loopback, for the fixtures of AssumeRoleWithWebIdentity.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { wireIssuer, wireTime } from './names.js'

export interface Issuer extends AsyncDisposable {
  /** Where the true name of the issuer is reached instead. */
  readonly map: ReadonlyMap<string, string>
  /** A token of the subject `plugin-1` for an audience, valid for five minutes. */
  sign(audience: string): Promise<string>
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const key = { ...(await exportJWK(publicKey)), kid: 'wire', alg: 'RS256', use: 'sig' }
  const documents: Readonly<Record<string, unknown>> = {
    '/.well-known/openid-configuration': {
      issuer: wireIssuer,
      jwks_uri: `${wireIssuer}/.well-known/jwks.json`,
      claims_supported: ['aud', 'iat', 'iss', 'sub'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
    '/.well-known/jwks.json': { keys: [key] },
  }
  const server = createServer((req, res) => {
    const document = documents[req.url ?? '']
    res.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    map: new Map([[wireIssuer, `http://127.0.0.1:${port}`]]),
    sign: (audience) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'wire' })
        .setIssuer(wireIssuer)
        .setAudience(audience)
        .setSubject('plugin-1')
        .setIssuedAt(wireTime / 1000)
        .setExpirationTime(wireTime / 1000 + 300)
        .sign(privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
