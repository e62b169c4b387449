/**
 * @module RemoveClientIDFromOpenIDConnectProvider: one audience less; one that is not there is no error.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { oidcProviderToChange } from './oidc-providers.js'
import { arn, clientId } from './shapes.js'

export const removeClientIDFromOpenIDConnectProvider = defineOperation({
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  access: 'write',
  action: 'iam:RemoveClientIDFromOpenIDConnectProvider',
  input: structure({ OpenIDConnectProviderArn: required(arn), ClientID: required(clientId) }),
  resources: (input) => [input.OpenIDConnectProviderArn],
  handle(input, call) {
    const provider = oidcProviderToChange(call, input.OpenIDConnectProviderArn)
    const clientIds = provider.clientIds.filter((id) => id !== input.ClientID)
    call.context.commit({ table: 'oidcProviders', put: { ...provider, clientIds } })
    return {}
  },
})
