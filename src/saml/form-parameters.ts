/**
 * @module Raw form-encoded text (query strings and form bodies) to parameters, keeping the octets as they were
 * sent: the signature of the HTTP-Redirect binding is over them (SAML Bindings 3.4.4.1), and RelayState must go
 * back unchanged. Names that occur twice are refused: two readers would take different ones.
 */
import { GatewayError } from '../core/error.js'

export interface FormParameter {
  /** The value exactly as it stood after `=`, still percent-encoded. */
  readonly raw: string
  readonly value: string
}

/**
 * Reads `name=value&name=value`; only the `wanted` names are decoded and returned, others are ignored.
 * @throws GatewayError `INVALID_SAML_REQUEST` for a wanted name that is repeated, has no `=` or is not valid
 * percent-encoded UTF-8.
 */
export function parseFormParameters<Name extends string>(
  raw: string,
  wanted: readonly Name[],
): Partial<Record<Name, FormParameter>> {
  const found: Partial<Record<Name, FormParameter>> = {}
  for (const pair of raw.split('&')) {
    const equals = pair.indexOf('=')
    const written = equals < 0 ? pair : pair.slice(0, equals)
    const name = wanted.find((candidate) => candidate === lenientDecode(written))
    if (name === undefined) continue
    if (equals < 0) refuse(name, 'has no value')
    if (found[name] !== undefined) refuse(name, 'is given more than once')
    const value = pair.slice(equals + 1)
    found[name] = { raw: value, value: decode(value, name) }
  }
  return found
}

function lenientDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

// decodeURIComponent refuses malformed percent signs and invalid UTF-8 alike; `+` is a space in forms (WHATWG URL §5.1).
function decode(raw: string, name: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch (cause) {
    return refuse(name, 'is not valid percent-encoded UTF-8', cause)
  }
}

function refuse(name: string, problem: string, cause?: unknown): never {
  throw new GatewayError(
    'INVALID_SAML_REQUEST',
    `the parameter ${name} ${problem}`,
    { parameter: name },
    { cause },
  )
}
