/**
 * @module The functions of this folder as the one object that use cases are given (`service/connectors/saml-deps.ts`
 * states it as an interface). Nothing is decided here.
 */
import type { EndpointRules } from '../endpoint-url.js'
import { createMetadataFetch } from './fetch-metadata.js'
import { buildLoginRedirect, buildSpMetadata } from './login-request.js'
import { parseResponseForm, readLoginResponse } from './read-response.js'
import { parseUpstreamMetadata } from './upstream-metadata.js'

export function createSamlUpstream({
  fetch,
  ...rules
}: EndpointRules & { readonly fetch: Parameters<typeof createMetadataFetch>[0] }) {
  return {
    buildRedirect: buildLoginRedirect,
    buildMetadata: buildSpMetadata,
    parseForm: parseResponseForm,
    read: readLoginResponse,
    parseMetadata: (xml: string) => parseUpstreamMetadata(xml, rules),
    fetchMetadata: createMetadataFetch(fetch),
  }
}
