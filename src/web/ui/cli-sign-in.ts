/**
 * @module What a command line asks for when it opens the sign-in page (RFC 8252, RFC 7636): read from the query here so
 * that a person can be told what is wrong with it; the server checks the same again.
 */
export interface CliSignIn {
  readonly challenge: string
  /** Where the command line listens on this machine. */
  readonly port: number
  readonly state: string
  /** What the command line calls its machine; anybody can write anything here. */
  readonly host: string
}

/** Undefined for a query that no command line made, or that a copy cut short. */
export function readCliSignIn(search: URLSearchParams): CliSignIn | undefined {
  const one = (name: string): string => (search.getAll(name).length === 1 ? (search.get(name) ?? '') : '')
  const [challenge, state, digits] = [one('challenge'), one('state'), one('port')]
  const host = search.get('host') ?? 'a command line'
  const port = /^\d{4,5}$/.test(digits) ? Number(digits) : 0
  const known = /^[\w-]{43}$/.test(challenge) && /^[\w-]{22,100}$/.test(state)
  if (!known || port < 1024 || port > 65_535 || host.length > 100) return undefined
  return { challenge, port, state, host }
}

/** Tells the command line that the person refused (RFC 6749 §4.1.2.1). Always this machine, by address. */
export function refusalUrl({ port, state }: Pick<CliSignIn, 'port' | 'state'>): string {
  const url = new URL(`http://127.0.0.1:${port}/callback`)
  url.searchParams.set('error', 'access_denied')
  url.searchParams.set('state', state)
  return url.href
}
