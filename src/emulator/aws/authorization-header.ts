/**
 * @module The Authorization header of AWS's Signature Version 4: its parts, and what is wrong with it in AWS's words.
 */

export interface AuthorizationHeader {
  readonly accessKeyId: string
  /** Of the credential scope: YYYYMMDD. */
  readonly date: string
  readonly region: string
  readonly signingName: string
  /** Names in lower case, as they were given. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** Why a signature was not taken; each protocol has a code of its own for it. */
export type SignatureProblem = 'missing' | 'incomplete' | 'unknown-key' | 'expired' | 'mismatch' | 'stale'

export interface SignatureRefusal {
  readonly problem: SignatureProblem
  readonly detail: string
}

export const algorithm = 'AWS4-HMAC-SHA256'
const parameters = ['Credential', 'Signature', 'SignedHeaders'] as const
type Parameter = (typeof parameters)[number]

/** Parses the header; `hasDate` tells whether the request has a date, which AWS asks for in the same breath. */
export function parseAuthorization(header: string, hasDate: boolean): AuthorizationHeader | SignatureRefusal {
  const space = header.indexOf(' ')
  const scheme = space === -1 ? header : header.slice(0, space)
  if (scheme !== algorithm) return incomplete(`Unsupported AWS 'algorithm': '${shown(scheme)}'.`)
  const given = readParameters(header.slice(space + 1))
  const problems = parameters
    .filter((name) => !given.has(name))
    .map((name) => `Authorization header requires '${name}' parameter.`)
  if (!hasDate) {
    problems.push(`Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`)
  }
  if (problems.length > 0) return incomplete(problems.join(' '))
  const credential = given.get('Credential') ?? ''
  const scope = credential.split('/')
  const [accessKeyId, date, region, signingName, terminator] = scope
  if (scope.length !== 5 || !accessKeyId || !date || !region || !signingName || !terminator) {
    const wanted =
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term,'
    return incomplete(`${wanted} got '${shown(credential)}'`)
  }
  if (terminator !== 'aws4_request') {
    const detail = `Credential should be scoped with a valid terminator: 'aws4_request', not '${shown(terminator)}'.`
    return { problem: 'mismatch', detail }
  }
  const signedHeaders = (given.get('SignedHeaders') ?? '').split(';')
  return { accessKeyId, date, region, signingName, signedHeaders, signature: given.get('Signature') ?? '' }
}

function readParameters(text: string): ReadonlyMap<Parameter, string> {
  const found = new Map<Parameter, string>()
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const name = parameters.find((known) => known === part.slice(0, equals).trim())
    const value = part.slice(equals + 1).trim()
    if (name !== undefined && value !== '') found.set(name, value)
  }
  return found
}

function incomplete(detail: string): SignatureRefusal {
  return { problem: 'incomplete', detail }
}

/** What a stranger sent goes into the answer shortened. */
function shown(text: string): string {
  return text.length > 128 ? `${text.slice(0, 128)}...` : text
}
