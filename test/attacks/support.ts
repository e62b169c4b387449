/**
 * @module What an attacker has: raw requests, browsers that follow redirects, requests signed by whichever key, and
 * a look at what the gateway keeps.
 */
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import type { Response as TestResponse } from 'supertest'
import { SignedXml } from 'xml-crypto'
import type { TestBrowser } from '../support/people.js'
import { spMetadata } from '../support/sp.js'
import type { TestGateway } from '../support/test-gateway.js'

export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
export const rsaSha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** An answer of the gateway, as far as attacks look at it. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `code` of the problem document, empty where there is none. */
  readonly code: string
  readonly detail: string
}

/** One request, without any help: no redirects followed, no cookies, no CSRF header. */
export async function raw(
  gateway: TestGateway,
  path: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    redirect: 'manual',
    ...init,
    headers: { accept: 'application/json', ...init.headers },
  })
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.includes('problem+json') === true
  const problem = isProblem ? (JSON.parse(text) as { code: string; detail: string }) : undefined
  return {
    status: response.status,
    headers: response.headers,
    text,
    code: problem?.code ?? '',
    detail: problem?.detail ?? '',
  }
}

/** A posted AuthnRequest, with or without encoding. */
export async function postRequest(
  gateway: TestGateway,
  xml: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const SAMLRequest = Buffer.from(xml).toString('base64')
  return await raw(gateway, '/saml/idp/sso', {
    method: 'POST',
    body: new URLSearchParams({ SAMLRequest, ...fields }),
  })
}

/** An AuthnRequest by Redirect, of any bytes. */
export async function redirectRequest(gateway: TestGateway, xml: string | Uint8Array): Promise<Answer> {
  const query = new URLSearchParams({ SAMLRequest: deflateRawSync(Buffer.from(xml)).toString('base64') })
  return await raw(gateway, `/saml/idp/sso?${query}`)
}

/** Octets to the gateway's socket; answers what came back until it closed the connection or `ms` passed. */
export async function socketExchange(
  gateway: TestGateway,
  chunks: readonly string[],
  ms = 5000,
): Promise<{ text: string; closed: boolean; written: number }> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  let text = ''
  let written = 0
  socket.setEncoding('latin1')
  socket.on('data', (data: string) => (text += data))
  // A reset after the answer is a closed connection too.
  socket.on('error', () => {})
  const closed = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
  for (const chunk of chunks) {
    if (socket.destroyed || !socket.writable) break
    await new Promise<void>((resolve) => socket.write(chunk, 'latin1', () => resolve()))
    written += chunk.length
  }
  const wasClosed = await closed
  socket.destroy()
  return { text, closed: wasClosed, written }
}

/** Opens a path and follows redirects within the gateway. */
export async function follow(
  browser: TestBrowser,
  path: string,
): Promise<{ response: TestResponse; last: string }> {
  let last = path
  let response = await browser.get(path)
  for (let hops = 0; response.status === 303 && hops < 5; hops++) {
    last = String(response.headers.location)
    response = await browser.get(last)
  }
  return { response, last }
}

/** The handle in the query of one of our pages, also inside its `next`. */
export function handleOf(location: string): string {
  const url = new URL(location, 'http://localhost:3080')
  const handle = url.searchParams.get('handle')
  if (handle !== null) return handle
  return new URL(url.searchParams.get('next') ?? '/', url).searchParams.get('handle') ?? ''
}

export function pem(file: string): string {
  return readFileSync(new URL(`../../certs/${file}`, import.meta.url), 'utf8')
}

/** The metadata of the test SP with a signing certificate. */
export function keyedMetadata(certificate = 'dev-sp'): string {
  const body = pem(`${certificate}.crt`).replace(/-----[A-Z ]+-----|\s/g, '')
  const key =
    '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>' +
    `<ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
  return spMetadata.replace('<md:NameIDFormat>', `${key}<md:NameIDFormat>`)
}

/** A query signed as SAML Bindings 3.4.4.1 has it; parts in the order in which they are given. */
export function signedQuery(
  xml: string,
  options: {
    relayState?: string
    key?: string
    sigAlg?: string
    digest?: string
    order?: readonly string[]
  } = {},
): string {
  const { key = 'dev-sp', sigAlg = rsaSha256, digest = 'sha256', relayState } = options
  const values: Record<string, string | undefined> = {
    SAMLRequest: deflateRawSync(Buffer.from(xml)).toString('base64'),
    RelayState: relayState,
    SigAlg: sigAlg,
  }
  const octets = (options.order ?? ['SAMLRequest', 'RelayState', 'SigAlg'])
    .flatMap((name) => (values[name] === undefined ? [] : [`${name}=${encodeURIComponent(values[name])}`]))
    .join('&')
  const value = sign(digest, Buffer.from(octets), createPrivateKey(pem(`${key}.key`))).toString('base64')
  return `${octets}&Signature=${encodeURIComponent(value)}`
}

/** An enveloped signature over the root, made by xml-crypto. */
export function signXml(
  xml: string,
  options: { key?: string; signatureAlgorithm?: string; digestAlgorithm?: string } = {},
): string {
  const { key = 'dev-sp', signatureAlgorithm = rsaSha256, digestAlgorithm = sha256 } = options
  const signer = new SignedXml({
    privateKey: pem(`${key}.key`),
    publicCert: pem(`${key}.crt`),
    idAttribute: 'ID',
    signatureAlgorithm,
    canonicalizationAlgorithm: exclusiveC14n,
  })
  signer.addReference({ xpath: '/*', transforms: [enveloped, exclusiveC14n], digestAlgorithm })
  const location = { reference: "/*/*[local-name()='Issuer']", action: 'after' as const }
  signer.computeSignature(xml.replace(/^<\?xml.*?\?>/, ''), { prefix: 'ds', location })
  return signer.getSignedXml()
}
