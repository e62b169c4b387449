/**
 * @module What each single setting may be: text in, typed value out, or a {@link Wrong} that says what is wrong
 * and how to mend it. Rules between settings are in `config.ts`. No rule repeats a secret in its message.
 */
import { isIP } from 'node:net'
import { isMasterKeyText, masterKeyForm } from '../core/master-key.js'
import { minute, parseDuration, type DurationMs } from '../core/time.js'

/** Why a value is refused; a return value, because the caller collects all of them. */
export class Wrong {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface ListenAddress {
  /** An IP address or `localhost`, without brackets. */
  readonly host: string
  readonly port: number
}

export function parseText(value: unknown): string | Wrong {
  if (typeof value === 'string' && value.trim() !== '') return value
  return new Wrong('must be text; write numbers and the like in quotes')
}

export function parseBoolean(value: unknown): boolean | Wrong {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  return new Wrong('must be true or false')
}

/** A list in the file, comma-separated text in the environment. */
export function parseList(value: unknown): string[] | Wrong {
  const items: unknown = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value
  const texts = Array.isArray(items) ? items.filter((item): item is string => typeof item === 'string') : []
  if (Array.isArray(items) && texts.length === items.length && !texts.includes('')) return texts
  return new Wrong('must be a list of texts (in the environment: separated by commas)')
}

/** A whole number from 1 to `most`. */
export function parseCount(most: number): (value: unknown) => number | Wrong {
  return (value) => {
    const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
    if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= most) return count
    return new Wrong(`must be a whole number from 1 to ${most}`)
  }
}

/** `0s`, or a duration of at most five minutes. */
export function parseGrace(text: string): DurationMs | Wrong {
  const form = new Wrong(`"${text.slice(0, 40)}" is not from 0s to 5m; write for example 15s`)
  if (text === '0' || text === '0s') return 0
  try {
    const grace = parseDuration(text, 'shutdown_grace')
    return grace <= 5 * minute ? grace : form
  } catch {
    return form
  }
}

/** Whether an address or host name means this machine only. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return (
    bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
  )
}

/** A name or an address, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** `host:port`, with IPv6 addresses in brackets. */
export function parseListen(text: string): ListenAddress | Wrong {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2] ?? ''
  const port = Number(match?.[3])
  const isAddress = match?.[1] === undefined ? isIP(host) === 4 || host === 'localhost' : isIP(host) === 6
  if (!match || !isAddress || port > 65_535) {
    return new Wrong(`"${text}" is not an address and port; write for example 127.0.0.1:3080 or [::1]:3080`)
  }
  return { host, port }
}

/** An origin: https, or http where it is a name of this machine. */
export function parsePublicUrl(text: string): URL | Wrong {
  if (!URL.canParse(text))
    return new Wrong(`"${text}" is not a URL; write for example https://gatehouse.example.com`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return new Wrong('must not carry a user name or password')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    return new Wrong(`"${text}" must start with https:// (http:// only for localhost, 127.0.0.1 or [::1])`)
  }
  if (url.origin !== text)
    return new Wrong(`must be an origin without path or trailing slash; write ${url.origin}`)
  return url
}

/** SAML Core 8.3.6: an entity identifier is a URI of at most 1024 characters. */
export function parseEntityId(text: string): string | Wrong {
  if (URL.canParse(text) && text.length <= 1024 && !/\s/.test(text)) return text
  return new Wrong('must be an absolute URI of at most 1024 characters without spaces')
}

export function parseClusterName(text: string): string | Wrong {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)) return text
  return new Wrong(`"${text}" must be letters, digits, dots and hyphens, at most 253, like a host name`)
}

export function parseLogLevel(text: string): LogLevel | Wrong {
  return logLevels.find((level) => level === text) ?? new Wrong(`must be one of ${logLevels.join(', ')}`)
}

/** Whole days; a number in the file, text in the environment. At least 30: a week of absence hides nothing. */
export function parseRetention(value: unknown): number | Wrong {
  const text = typeof value === 'number' ? String(value) : value
  const days = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (days >= 30 && days <= 36_500) return days
  return new Wrong('must be a whole number of days, from 30 to 36500; leave it out to keep all events')
}

/** An address, a CIDR range, or one of the names Express knows. */
export function parseProxy(text: string): string | Wrong {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return text
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  const widest = family === 4 ? 32 : 128
  const prefix = bits === undefined ? widest : Number(bits)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits ?? '0') || prefix > widest) {
    return new Wrong(`"${text}" is not an address or range; write for example 10.0.0.7 or 10.0.0.0/24`)
  }
  return prefix > 0 ? text : new Wrong(`"${text}" would trust every address; name your proxies`)
}

/** RFC 9110 5.1, in small letters as Node tells them. */
export function parseHeaderName(text: string): string | Wrong {
  if (/^[A-Za-z0-9-]{1,100}$/.test(text)) return text.toLowerCase()
  return new Wrong(`"${text.slice(0, 100)}" is no name of a header; write for example Client-Cert`)
}

/** The text is the secret itself, so no message repeats it. */
export function parseMasterKey(text: string): string | Wrong {
  if (isMasterKeyText(text)) return text
  return new Wrong(`is not ${masterKeyForm}; make one with openssl rand -base64 32 | tr +/ -_ | tr -d =`)
}

export type Database =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres' }

/** The text may hold a password, so no message repeats it. */
export function parseDatabase(text: string): Database | Wrong {
  if (text === 'sqlite::memory:') return { kind: 'memory' }
  if (text.startsWith('sqlite:')) {
    const file = text.slice('sqlite:'.length)
    if (file === '' || file.startsWith('//') || file.startsWith(':')) {
      return new Wrong('names no file; write sqlite:PATH, for example sqlite:./data/gatehouse.db')
    }
    return { kind: 'sqlite', file }
  }
  if (!/^postgres(?:ql)?:\/\//.test(text)) return new Wrong('must start with sqlite: or postgres://')
  if (!URL.canParse(text))
    return new Wrong('is not a valid postgres:// URL; encode special characters of the password')
  if (new URL(text).pathname.length < 2)
    return new Wrong('names no database; write postgres://USER@HOST/DATABASE')
  return { kind: 'postgres' }
}
