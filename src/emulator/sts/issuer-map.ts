/**
 * @module Issuers of web identity tokens and where they are reached instead. AWS calls an issuer by its public https
 * name; the emulator calls what the name is mapped to, on loopback, and nothing else: no request leaves the machine.
 */
import { invalidInput } from '../error.js'

/** Bases on loopback, without a trailing slash, by `https` origin. */
export type IssuerMap = ReadonlyMap<string, string>

/**
 * Parses mappings of the form `https://NAME=URL`.
 * @throws EmulatorError for a name with a port or a path, a target that is not loopback, or a name that comes twice
 */
export function parseIssuerMap(mappings: readonly string[]): IssuerMap {
  const issuers = new Map<string, string>()
  for (const mapping of mappings) {
    const at = mapping.indexOf('=')
    const name = mapping.slice(0, Math.max(at, 0)).toLowerCase().replace(/\/$/, '')
    const base = mapping.slice(at + 1).replace(/\/+$/, '')
    if (!/^https:\/\/[a-z0-9](?:[a-z0-9.-]{0,252})$/.test(name)) {
      throw invalidInput(
        `--issuer-map: "${mapping}" does not begin with an issuer such as https://id.example.com`,
      )
    }
    if (!isLoopbackBase(base)) {
      throw invalidInput(
        `--issuer-map: "${mapping}" does not end with =http://... or =https://... on loopback, such as http://127.0.0.1:3080`,
      )
    }
    if (issuers.has(name)) throw invalidInput(`--issuer-map: ${name} is mapped twice`)
    issuers.set(name, base)
  }
  return issuers
}

/** Where a public `https` address is reached; undefined where its host is not mapped. */
export function locate(issuers: IssuerMap, address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:') return undefined
  const base = issuers.get(url.origin)
  // Maps that come by another way than the command line are held to the same rule.
  if (base === undefined || !isLoopbackBase(base)) return undefined
  return `${base.replace(/\/+$/, '')}${url.pathname}${url.search}`
}

function isLoopbackBase(base: string): boolean {
  const url = URL.canParse(base) ? new URL(base) : undefined
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '') &&
    !/[?#]/.test(base)
  )
}
