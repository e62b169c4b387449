/**
 * @module A person who signs in through a SAML connector: a browser with its cookies, as far as sites matter. What another
 * site posts takes no Lax cookie along.
 */
import { readLoginRequest, type ReadRequest } from './upstream-saml-idp.js'
import type { TestGateway } from './test-gateway.js'

export interface Visited {
  readonly status: number
  readonly location: string
  readonly text: string
}

export class Visitor {
  readonly #gateway: TestGateway
  readonly #cookies = new Map<string, string>()
  constructor(gateway: TestGateway) {
    this.#gateway = gateway
  }

  /** Whether a session cookie is there. */
  get isSignedIn(): boolean {
    return [...this.#cookies.keys()].some((name) => !name.endsWith('-connector'))
  }

  async get(path: string, accept = 'text/html'): Promise<Visited> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return await this.#ask(path, { headers: { accept, ...(cookie !== '' && { cookie }) } })
  }

  /** A session cookie from elsewhere, as `NAME=VALUE`. */
  keep(cookie: string | undefined): void {
    const [name = '', value = ''] = (cookie ?? '').split('=')
    this.#cookies.set(name, value)
  }

  /** Begins a test of a connector, and answers its id. */
  async startTest(connector: string): Promise<string> {
    const { text } = await this.post(`/v1/connectors/${connector}/test`)
    return (JSON.parse(text) as { id: string }).id
  }

  /** As a page of this gateway does. */
  async post(path: string, value?: object): Promise<Visited> {
    const session = JSON.parse((await this.get('/v1/session', 'application/json')).text) as {
      csrfToken: string
    }
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      cookie,
      origin: this.#gateway.publicUrl,
      'x-gatehouse-csrf': session.csrfToken,
      ...(value !== undefined && { 'content-type': 'application/json' }),
    }
    const body = value === undefined ? {} : { body: JSON.stringify(value) }
    return await this.#ask(path, { method: 'POST', headers, ...body })
  }

  /** The name of whoever is signed in. */
  async name(): Promise<string | undefined> {
    const { text } = await this.get('/v1/session', 'application/json')
    return (JSON.parse(text) as { user?: { name: string } }).user?.name
  }

  /** Goes to the identity provider of a connector. */
  async begin(connector: string, query = ''): Promise<ReadRequest> {
    const { status, location, text } = await this.get(`/v1/sign-in/connectors/${connector}${query}`)
    if (status !== 303) throw new Error(`${status}: ${text.slice(0, 400)}`)
    return readLoginRequest(location)
  }

  /** The identity provider posts, and the browser goes on as it is told within this gateway. */
  async answer(connector: string, xml: string, relayState?: string): Promise<Visited> {
    const form = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64') })
    if (relayState !== undefined) form.set('RelayState', relayState)
    const path = `/v1/connectors/callback/saml/${connector}`
    const posted = await this.#ask(path, { method: 'POST', body: form, headers: { accept: 'text/html' } })
    return posted.location.includes('/finish') ? await this.get(posted.location) : posted
  }

  async #ask(path: string, init: RequestInit): Promise<Visited> {
    const response = await fetch(this.#gateway.url + path, { redirect: 'manual', ...init })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const location = response.headers.get('location') ?? ''
    return { status: response.status, location, text: await response.text() }
  }
}
