/**
 * @module GitHub as its documentation describes it ("Authorizing OAuth apps", REST API "Get the authenticated user" and
 * "List teams for the authenticated user"), over real HTTP: as strict with us as it is, and as it says errors.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export class GithubServer implements AsyncDisposable {
  readonly #server: Server
  readonly #codes = new Map<string, URLSearchParams>()
  #count = 0
  clientSecret = ''
  user: Record<string, unknown> = { id: 1001, login: 'zoe', type: 'User' }
  /** `ORGANIZATION/TEAM`. */
  teams: readonly string[] = ['Example/platform']
  asked = new URLSearchParams()
  denies = false

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
  }

  static async open(): Promise<GithubServer> {
    const server = new GithubServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const json = (body: unknown, status = 200) =>
      void response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(body))
    if (url.pathname === '/login/oauth/authorize') {
      this.asked = url.searchParams
      const answer = new URLSearchParams({ state: url.searchParams.get('state') ?? '' })
      if (this.denies) {
        answer.set('error', 'access_denied')
        answer.set('error_description', 'The user has denied your application access.')
      } else {
        const code = `code${++this.#count}`
        this.#codes.set(code, url.searchParams)
        answer.set('code', code)
      }
      response.writeHead(302, { location: `${url.searchParams.get('redirect_uri')}?${answer}` }).end()
      return
    }
    if (url.pathname === '/login/oauth/access_token' && request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      json(this.#redeem(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))))
      return
    }
    // Every request to the API has to name its agent and carry its token.
    if (
      request.headers['user-agent'] === undefined ||
      request.headers.authorization !== 'Bearer gho_0123456789'
    ) {
      json({ message: 'Bad credentials' }, 401)
      return
    }
    if (url.pathname === '/api/v3/user') {
      json(this.user)
      return
    }
    if (url.pathname === '/api/v3/user/teams') {
      const page = Number(url.searchParams.get('page') ?? '1')
      const size = Number(url.searchParams.get('per_page') ?? '30')
      const shown = this.teams.slice((page - 1) * size, page * size)
      json(
        shown.map((team) => {
          const [login = '', slug = ''] = team.split('/')
          return { id: 1, name: slug, slug, organization: { login, id: 2 } }
        }),
      )
      return
    }
    json({ message: 'Not Found' }, 404)
  }

  #redeem(form: URLSearchParams): object {
    if (form.get('client_secret') !== this.clientSecret) {
      return {
        error: 'incorrect_client_credentials',
        error_description: 'The client_id and/or client_secret are incorrect.',
      }
    }
    const code = form.get('code') ?? ''
    const asked = this.#codes.get(code)
    this.#codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      asked?.get('code_challenge') !== challenge ||
      asked.get('redirect_uri') !== form.get('redirect_uri')
    ) {
      return { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' }
    }
    return { access_token: 'gho_0123456789', scope: 'read:org', token_type: 'bearer' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
