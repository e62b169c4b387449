/**
 * @module GetOpenIDConnectProvider: one provider; its URL comes without the scheme.
 */
import { defineOperation, toIsoSeconds } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { findOidcProvider } from './oidc-providers.js'
import { arn } from './shapes.js'
import { tagList } from './tags.js'

export const getOpenIDConnectProvider = defineOperation({
  name: 'GetOpenIDConnectProvider',
  access: 'read',
  action: 'iam:GetOpenIDConnectProvider',
  input: structure({ OpenIDConnectProviderArn: required(arn) }),
  resources: (input) => [input.OpenIDConnectProviderArn],
  handle(input, call) {
    const provider = findOidcProvider(call, input.OpenIDConnectProviderArn)
    const tags = tagList(provider.tags)
    return {
      Url: provider.url.replace(/^https:\/\//, ''),
      ClientIDList: provider.clientIds,
      ThumbprintList: provider.thumbprints,
      CreateDate: toIsoSeconds(provider.createdAt),
      ...(tags.length > 0 && { Tags: tags }),
    }
  },
})
