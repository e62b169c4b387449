/**
 * @module Chooses the assertion consumer service that a Response is posted to. Whatever the request says, the
 * address always comes out of the service provider's metadata.
 */
import { shorten } from './quote.js'
import type { AssertionConsumerService } from './service-provider.js'

export interface RequestedAcs {
  readonly acsUrl?: string | undefined
  readonly acsIndex?: number | undefined
}

export type AcsChoice =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly because: string }

/**
 * By index, by exact URL, or the default of SAML Metadata 2.2.3: the first that says `isDefault="true"`, else the
 * first that does not say `isDefault="false"`, else the first.
 */
export function chooseAcs(
  sp: { readonly assertionConsumerServices: readonly AssertionConsumerService[] },
  requested: RequestedAcs,
): AcsChoice {
  const known = sp.assertionConsumerServices
  const { acsUrl, acsIndex } = requested
  if (acsUrl !== undefined && acsIndex !== undefined) {
    // SAML Core 3.4.1: the two are mutually exclusive.
    return { ok: false, because: 'the request names an assertion consumer service both by URL and by index' }
  }
  if (acsIndex !== undefined) {
    const found = known.find(({ index }) => index === acsIndex)
    if (found) return { ok: true, url: found.url }
    return { ok: false, because: `the metadata has no assertion consumer service with index ${acsIndex}` }
  }
  if (acsUrl !== undefined) {
    // Compared as text: no decoding or normalising that could make two addresses equal by accident.
    const found = known.find(({ url }) => url === acsUrl)
    if (found) return { ok: true, url: found.url }
    return { ok: false, because: `the metadata has no assertion consumer service ${shorten(acsUrl)}` }
  }
  const preferred =
    known.find(({ isDefault }) => isDefault === true) ??
    known.find(({ isDefault }) => isDefault === undefined) ??
    known[0]
  return preferred
    ? { ok: true, url: preferred.url }
    : { ok: false, because: 'the metadata has no assertion consumer service' }
}
