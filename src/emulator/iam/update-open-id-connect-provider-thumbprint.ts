/**
 * @module UpdateOpenIDConnectProviderThumbprint: another list of thumbprints in place of the whole one.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { checkThumbprints, oidcProviderToChange } from './oidc-providers.js'
import { arn, thumbprints } from './shapes.js'

export const updateOpenIDConnectProviderThumbprint = defineOperation({
  name: 'UpdateOpenIDConnectProviderThumbprint',
  access: 'write',
  action: 'iam:UpdateOpenIDConnectProviderThumbprint',
  input: structure({ OpenIDConnectProviderArn: required(arn), ThumbprintList: required(thumbprints) }),
  resources: (input) => [input.OpenIDConnectProviderArn],
  handle(input, call) {
    const provider = oidcProviderToChange(call, input.OpenIDConnectProviderArn)
    checkThumbprints(input.ThumbprintList)
    call.context.commit({ table: 'oidcProviders', put: { ...provider, thumbprints: input.ThumbprintList } })
    return {}
  },
})
