/**
 * @module AddClientIDToOpenIDConnectProvider: one more audience; one that is there already stays as it is.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { checkClientIds, oidcProviderToChange } from './oidc-providers.js'
import { arn, clientId } from './shapes.js'

export const addClientIDToOpenIDConnectProvider = defineOperation({
  name: 'AddClientIDToOpenIDConnectProvider',
  access: 'write',
  action: 'iam:AddClientIDToOpenIDConnectProvider',
  input: structure({ OpenIDConnectProviderArn: required(arn), ClientID: required(clientId) }),
  resources: (input) => [input.OpenIDConnectProviderArn],
  handle(input, call) {
    const provider = oidcProviderToChange(call, input.OpenIDConnectProviderArn)
    const clientIds = [...new Set([...provider.clientIds, input.ClientID])]
    checkClientIds(clientIds)
    call.context.commit({ table: 'oidcProviders', put: { ...provider, clientIds } })
    return {}
  },
})
