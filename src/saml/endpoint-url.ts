/**
 * @module Which addresses an assertion may be posted to. The URL is kept exactly as written, because requests are
 * matched against it character by character.
 */
import { GatewayError } from '../core/error.js'

export interface EndpointRules {
  /** Accept http on 127.0.0.1, [::1] and localhost, for demo and development. */
  readonly allowHttpLoopback: boolean
}

const loopbackHosts: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']

/**
 * Returns `url` unchanged.
 * @throws GatewayError `INVALID_METADATA` naming `field` and what is wrong.
 */
export function requireEndpointUrl(url: string, field: string, rules: EndpointRules): string {
  // The WHATWG parser drops tabs and line breaks and turns "\" into "/": what we read must be what a browser opens.
  if (url.length > 2048 || !/^[\x21-\x7e]+$/.test(url) || /[\\"<>^`{|}]/.test(url)) {
    refuse(field, 'is not a plain URL of at most 2048 characters')
  }
  if (!URL.canParse(url)) refuse(field, 'is not an absolute URL')
  const { protocol, hostname, username, password } = new URL(url)
  if (protocol === 'http:' && loopbackHosts.includes(hostname)) {
    if (!rules.allowHttpLoopback) {
      refuse(
        field,
        'uses http; only https is accepted, unless the setting saml.allow_http_loopback is true (for trials)',
      )
    }
  } else if (protocol !== 'https:') {
    refuse(field, `uses ${protocol.slice(0, 40)} where only https is accepted`)
  }
  // "https:host" and "https:/host" open as "https://host"; one spelling is enough.
  if (!/^https?:\/\/[^/]/i.test(url)) refuse(field, 'does not begin with https:// and a host name')
  if (username !== '' || password !== '' || /^[^/]+\/\/[^/?#]*@/.test(url)) {
    refuse(field, 'carries a user name or password; remove it')
  }
  if (url.includes('#')) refuse(field, 'carries a fragment (#...); remove it')
  return url
}

function refuse(field: string, problem: string): never {
  throw new GatewayError('INVALID_METADATA', `${field} ${problem}`, { field })
}
