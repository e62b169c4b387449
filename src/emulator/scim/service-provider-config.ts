/**
 * @module `GET /ServiceProviderConfig`: what the endpoint says of itself. Its 50 results are AWS's own stale number;
 * lists end at 100.
 */
import { maxPayloadSize, type JsonObject } from './json.js'
import type { ScimOperation } from './operation.js'
import { serviceProviderConfigUrn } from './urn.js'

const config: JsonObject = {
  schemas: [serviceProviderConfigUrn],
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'The token that was shown when automatic provisioning was set up',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 1, maxPayloadSize },
  filter: { supported: true, maxResults: 50 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
}

export const serviceProviderConfig: ScimOperation = {
  name: 'ServiceProviderConfig',
  method: 'GET',
  path: 'ServiceProviderConfig',
  handle: () => ({ status: 200, body: config }),
}
