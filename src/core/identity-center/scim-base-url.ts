/**
 * @module The address of a SCIM endpoint, as a person copies it from AWS's console. The token goes to whoever owns this
 * host, so it has to be one of AWS's own unless a person allowed another (T15). Tenant ids have no fixed form.
 */

export type ScimBaseUrl =
  | {
      readonly ok: true
      /** With one slash at its end. */
      readonly url: string
      readonly host: string
      readonly isAwsHost: boolean
    }
  | { readonly ok: false; readonly says: string }

/** IPv4 and dual-stack endpoints of every partition: `scim.eu-central-1.amazonaws.com`, `scim.eu-central-1.api.aws`. */
const awsHost =
  /^scim\.[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/
const loopbackHosts: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']
const longest = 2048

/** Parses and normalises; `allowOtherHost` is a person's word, and also allows http to this machine itself. */
export function parseScimBaseUrl(
  text: string,
  { allowOtherHost }: { readonly allowOtherHost: boolean },
): ScimBaseUrl {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > longest || !URL.canParse(trimmed)) {
    return refuse('it is not a URL; copy the SCIM endpoint from the console of IAM Identity Center')
  }
  const url = new URL(trimmed)
  const isLoopback = loopbackHosts.includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback && allowOtherHost)) {
    return refuse('it has to begin with https://')
  }
  if (url.username !== '' || url.password !== '') return refuse('it must not contain a user name or password')
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(trimmed)) {
    return refuse('it must not have a part after "?" or "#"')
  }
  const isAwsHost = url.port === '' && awsHost.test(url.hostname)
  if (!isAwsHost && !allowOtherHost) {
    return refuse(`${url.host} is not a host of AWS; a person has to allow other hosts for this`)
  }
  const path = url.pathname.replace(/\/{1,9}$/, '')
  if (!/^(?:\/[^/]{1,200}){1,8}\/scim\/v2$/.test(path)) return refuse('its path has to end in /scim/v2')
  return { ok: true, url: `${url.origin}${path}/`, host: url.host, isAwsHost }
}

function refuse(why: string): ScimBaseUrl {
  return { ok: false, says: `The SCIM base URL is not taken: ${why}.` }
}
