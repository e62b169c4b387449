/** @module A browser that goes from one site to another: keeps the cookies of each and follows redirects by GET. */

export interface Arrival {
  readonly url: URL
  readonly status: number
  readonly text: string
  /** Every address on the way, the last one included. */
  readonly trail: readonly string[]
}

export class TravellingBrowser {
  /** Of a host its cookies by name. */
  readonly #jars = new Map<string, Map<string, string>>()
  /** An origin that browsers know by another address in this test. */
  readonly #instead: ReadonlyMap<string, string>

  constructor(instead: ReadonlyMap<string, string> = new Map()) {
    this.#instead = instead
  }

  /** The cookies for an origin, as a header. */
  cookiesOf(origin: string): string {
    return [...(this.#jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  setCookie(origin: string, name: string, value: string): void {
    const jar = this.#jars.get(origin) ?? new Map<string, string>()
    jar.set(name, value)
    this.#jars.set(origin, jar)
  }

  /** Stops at `until`, which is then the arrival without being fetched. */
  async open(address: string, until: (url: URL) => boolean = () => false): Promise<Arrival> {
    let url = new URL(address)
    const trail: string[] = []
    for (let steps = 0; steps < 20; steps++) {
      trail.push(url.href)
      if (until(url)) return { url, status: 0, text: '', trail }
      const response = await this.#fetch(url)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url, status: response.status, text: await response.text(), trail }
      }
      await response.arrayBuffer()
      url = new URL(location, url)
    }
    throw new Error(`too many redirects: ${trail.join(' > ')}`)
  }

  async #fetch(url: URL): Promise<Response> {
    const base = this.#instead.get(url.origin) ?? url.origin
    const cookie = this.cookiesOf(url.origin)
    const response = await fetch(`${base}${url.pathname}${url.search}`, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie !== '' && { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const [name = '', ...value] = pair.split('=')
      const gone = attributes.some((one) => /expires=Thu, 01 Jan 1970/i.test(one))
      if (gone) this.#jars.get(url.origin)?.delete(name)
      else this.setCookie(url.origin, name, value.join('='))
    }
    return response
  }
}
