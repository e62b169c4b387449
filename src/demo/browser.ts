/**
 * @module A browser without a window: cookies by host, redirects step by step, forms filled from the page. The
 * self-check signs people in with it exactly as their own browser would, over real HTTP.
 */

/** An answer after redirects: where it ended, its status and its text. */
export interface PageAnswer {
  readonly url: string
  readonly status: number
  readonly text: string
}

const maxRedirects = 10

interface Request {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | URLSearchParams
}

export class HeadlessBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** The Cookie header that this browser would send to a host. */
  cookieHeader(host: string): string {
    return [...(this.#cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Navigates, following redirects as a browser does (303 and 302 become GET). */
  async open(url: string, form?: Readonly<Record<string, string>>): Promise<PageAnswer> {
    let target = new URL(url)
    let body: URLSearchParams | undefined = form && new URLSearchParams(form)
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const response = await this.#send(target, {
        method: body ? 'POST' : 'GET',
        headers: { accept: 'text/html' },
        ...(body && { body }),
      })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url: target.href, status: response.status, text: await response.text() }
      }
      await response.body?.cancel()
      target = new URL(location, target)
      body = undefined
    }
    throw new Error(`more than ${maxRedirects} redirects from ${url}`)
  }

  /** Calls the gateway's API as its page does, with the CSRF token of the session. */
  async api(
    origin: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const csrf = method === 'GET' ? '' : await this.#csrfToken(origin)
    const response = await this.#send(new URL(path, origin), {
      method,
      headers: {
        accept: 'application/json',
        origin,
        'content-type': 'application/json',
        ...headers,
        ...(csrf !== '' && { 'x-gatehouse-csrf': csrf }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new ApiFailure(response.status, text)
    return text === '' ? undefined : parseJson(text)
  }

  async #csrfToken(origin: string): Promise<string> {
    const response = await this.#send(new URL('/v1/session', origin), { method: 'GET', headers: {} })
    const session: unknown = await response.json()
    return readText(session, 'csrfToken')
  }

  async #send(url: URL, init: Request): Promise<Response> {
    const jar = this.#cookies.get(url.host) ?? new Map<string, string>()
    this.#cookies.set(url.host, jar)
    const cookie = this.cookieHeader(url.host)
    const response = await fetch(url, {
      method: init.method,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie !== '' && { cookie }) },
      ...(init.body !== undefined && { body: init.body }),
      signal: AbortSignal.timeout(20_000),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const value = pair.slice(at + 1)
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), value)
    }
    return response
  }
}

/** The API refused; `problem` is its problem document. */
export class ApiFailure extends Error {
  readonly status: number
  readonly text: string
  constructor(status: number, text: string) {
    super(`HTTP ${status}: ${text.slice(0, 300)}`)
    this.status = status
    this.text = text
  }
}

/** Reads a text member of an answer. @throws Error naming the member when it is not there. */
export function readText(value: unknown, member: string): string {
  const members: [string, unknown][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : []
  const text = members.find(([name]) => name === member)?.[1]
  if (typeof text !== 'string') throw new Error(`the answer has no text "${member}"`)
  return text
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
}

function unescapeHtml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (/^#\d/.test(name)) return String.fromCodePoint(Number(name.slice(1)))
    return entities[name] ?? whole
  })
}

/** The first form of a page that posts: its target and its hidden fields. */
export function readForm(html: string): { action: string; fields: Record<string, string> } | undefined {
  const form = /<form\b[^>]*>/i.exec(html)?.[0]
  const action = form && /\baction="([^"]*)"/i.exec(form)?.[1]
  if (action === undefined || action === '') return undefined
  const fields: Record<string, string> = {}
  for (const [input] of html.matchAll(/<input\b[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/i.exec(input)?.[1]
    if (name !== undefined)
      fields[unescapeHtml(name)] = unescapeHtml(/\bvalue="([^"]*)"/i.exec(input)?.[1] ?? '')
  }
  return { action: unescapeHtml(action), fields }
}

/** The refusal or problem that the gateway embedded in a page. */
export function readPageData(html: string): unknown {
  const json = /<script type="application\/json" id="page-data">([^]*?)<\/script>/.exec(html)?.[1]
  return json === undefined ? undefined : parseJson(json)
}

function parseJson(text: string): unknown {
  return JSON.parse(text)
}
