/**
 * @module DeleteOpenIDConnectProvider: tokens of the issuer are not taken any more; trust policies that name it stay.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { oidcProviderArn } from '../state/iam.js'
import { oidcProviderToChange } from './oidc-providers.js'
import { arn } from './shapes.js'

export const deleteOpenIDConnectProvider = defineOperation({
  name: 'DeleteOpenIDConnectProvider',
  access: 'write',
  action: 'iam:DeleteOpenIDConnectProvider',
  input: structure({ OpenIDConnectProviderArn: required(arn) }),
  resources: (input) => [input.OpenIDConnectProviderArn],
  handle(input, call) {
    const provider = oidcProviderToChange(call, input.OpenIDConnectProviderArn)
    call.context.commit({ table: 'oidcProviders', delete: oidcProviderArn(provider) })
    return {}
  },
})
