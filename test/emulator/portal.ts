/**
 * An emulator with the demo organisation, an imported test identity provider and a browser with cookies: what
 * the tests of the SAML sign-in start from. Real HTTP on loopback, a clock that stands still.
 */
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { startEmulator, type Emulator } from '../../src/emulator/main.js'
import {
  emailAddress,
  makeTestIdp,
  signBoth,
  writeIdpMetadata,
  writeResponse,
  type ResponseParts,
  type TestIdp,
} from '../support/saml-signer.js'

export const demoFile = fileURLToPath(new URL('../../fixtures/orgs/demo.yaml', import.meta.url))
export const startTime = Date.parse('2026-11-22T12:00:00Z')
export const spEntityId = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f1c0b'
export const acsPath = '/platform/saml/acs/65752d63656e7472-5d31-4c0e-9a77-1f6b0e2d84c9'

export interface SignInRecord {
  readonly outcome: string
  readonly userName: string | null
  readonly errorMessage: string | null
  readonly userMessage: string | null
  readonly failedCheck: string | null
  readonly checks: readonly { name: string; outcome: string }[]
  readonly acsUrl: string
  readonly initiatedBy: string
  readonly inResponseTo: string | null
  readonly relayState: { sent: string | null; returned: string | null; equal: boolean }
  readonly sessionNotOnOrAfter: string | null
  readonly portalSessionExpiresAt: string | null
  readonly signed: readonly string[]
  readonly attributes: Record<string, string[]>
}

/** One browser: keeps cookies, does not follow redirects. */
export class Browser {
  readonly cookies = new Map<string, string>()

  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      ...(cookie !== '' && { cookie }),
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  post(url: string, fields: Record<string, string>): Promise<Response> {
    return this.send(url, { method: 'POST', body: new URLSearchParams(fields) })
  }
}

export class Portal {
  readonly clock: ManualClock
  readonly emulator: Emulator
  readonly idp: TestIdp

  private constructor(emulator: Emulator, idp: TestIdp, clock: ManualClock) {
    this.emulator = emulator
    this.idp = idp
    this.clock = clock
  }

  /** Starts with the identity provider imported; the caller closes `emulator`. */
  static async start(orgFile = demoFile): Promise<Portal> {
    const idp = await makeTestIdp('https://idp.example.com/saml')
    const clock = new ManualClock(startTime)
    const logger = createLogger('silent')
    const emulator = await startEmulator({ listen: '127.0.0.1:0', orgFile, clock, logger })
    const portal = new Portal(emulator, idp, clock)
    await portal.importIdp(writeIdpMetadata(idp))
    return portal
  }

  get url(): string {
    return this.emulator.url
  }

  get acsUrl(): string {
    return `${this.url}${acsPath}`
  }

  async importIdp(metadata: string): Promise<void> {
    const response = await this.control('PUT', 'saml/idp-metadata', metadata)
    if (!response.ok) throw new Error(await response.text())
  }

  /** A control call; objects go as JSON, text as it is. */
  control(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const type = typeof body === 'string' ? 'application/xml' : 'application/json'
    return fetch(`${this.url}/_emulator/${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  async signIns(): Promise<SignInRecord[]> {
    const answer = (await (await this.control('GET', 'sign-ins')).json()) as { signIns: SignInRecord[] }
    return answer.signIns
  }

  async lastSignIn(): Promise<SignInRecord> {
    const last = (await this.signIns()).at(-1)
    if (last === undefined) throw new Error('no sign-in was recorded')
    return last
  }

  /** Opens the start page and answers the request that the portal sent. */
  async begin(browser: Browser): Promise<{ requestId: string; relayState: string }> {
    const response = await browser.send(`${this.url}/start`)
    const location = new URL(response.headers.get('location') ?? '')
    const xml = inflate(location.searchParams.get('SAMLRequest') ?? '')
    return {
      requestId: /\bID="([^"]+)"/.exec(xml)?.[1] ?? '',
      relayState: location.searchParams.get('RelayState') ?? '',
    }
  }

  /** A Response that is right in every point, but for what `changes` says. */
  parts(changes: Partial<ResponseParts> = {}): ResponseParts {
    const at = (seconds: number) => new Date(this.clock.now() + seconds * 1000).toISOString()
    return {
      responseId: `_r${crypto.randomUUID()}`,
      assertionId: `_a${crypto.randomUUID()}`,
      issueInstant: at(0),
      issuer: this.idp.entityId,
      destination: this.acsUrl,
      recipient: this.acsUrl,
      inResponseTo: undefined,
      subjectInResponseTo: changes.inResponseTo,
      audience: spEntityId,
      nameId: 'dev@example.com',
      nameIdFormat: emailAddress,
      notBefore: at(-60),
      notOnOrAfter: at(300),
      subjectNotOnOrAfter: at(300),
      sessionNotOnOrAfter: undefined,
      statements: '',
      ...changes,
    }
  }

  /** The right Response, signed twice. */
  signed(changes: Partial<ResponseParts> = {}): string {
    return signBoth(writeResponse(this.parts(changes)), this.idp)
  }

  postResponse(browser: Browser, xml: string, relayState?: string, acsUrl = this.acsUrl): Promise<Response> {
    const SAMLResponse = Buffer.from(xml).toString('base64')
    return browser.post(acsUrl, { SAMLResponse, ...(relayState !== undefined && { RelayState: relayState }) })
  }
}

/** The XML of a `SAMLRequest` that came by HTTP-Redirect. */
export function inflate(samlRequest: string): string {
  return inflateRawSync(Buffer.from(samlRequest, 'base64')).toString('utf8')
}
