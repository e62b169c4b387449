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

/** Pairs that are read; a message of SAML has five, and its sender may add a few of its own. */
export const maxFormPairs = 100

/**
 * Reads `name=value&name=value`; only the `wanted` names are decoded and returned, others are ignored.
 * @throws GatewayError `INVALID_SAML_REQUEST` for more than {@link maxFormPairs}, and for a wanted name that is
 * repeated, has no `=` or is not valid percent-encoded UTF-8.
 */
export function parseFormParameters<Name extends string>(
  raw: string,
  wanted: readonly Name[],
): Partial<Record<Name, FormParameter>> {
  const found: Partial<Record<Name, FormParameter>> = {}
  const pairs = raw.split('&', maxFormPairs + 1)
  if (pairs.length > maxFormPairs) {
    throw new GatewayError(
      'INVALID_SAML_REQUEST',
      `the request has more than ${maxFormPairs} parameters; send those of the SAML binding alone`,
    )
  }
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const written = decodeName(equals < 0 ? pair : pair.slice(0, equals))
    const name = wanted.find((candidate) => candidate === written)
    if (name === undefined) continue
    if (equals < 0) refuse(name, 'has no value')
    if (found[name] !== undefined) refuse(name, 'is given more than once')
    const value = pair.slice(equals + 1)
    found[name] = { raw: value, value: decode(value, name) }
  }
  return found
}

// Letters, written plainly or percent-encoded: any other name is none of ours, and is left without being decoded.
const writtenName = /^(?:[A-Za-z]|%[46][1-9A-Fa-f]|%[57][0-9Aa]){1,64}$/

/** The name as written in at most 64 characters, or undefined. Never throws: only ASCII letters are decoded. */
function decodeName(written: string): string | undefined {
  return written.length <= 64 && writtenName.test(written) ? decodeURIComponent(written) : undefined
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
