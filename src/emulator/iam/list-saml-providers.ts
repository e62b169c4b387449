/**
 * @module ListSAMLProviders: the SAML providers of the caller's account, in one answer.
 */
import { defineOperation, toIsoSeconds } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { samlProviderArn } from '../state/iam.js'
import { validUntil } from './saml-providers.js'

export const listSAMLProviders = defineOperation({
  name: 'ListSAMLProviders',
  access: 'read',
  action: 'iam:ListSAMLProviders',
  input: structure({}),
  handle(_input, { context, caller }) {
    const providers = context.readable().samlProviders.by('account', caller.accountId).rows()
    return {
      SAMLProviderList: providers.map((provider) => ({
        Arn: samlProviderArn(provider),
        ValidUntil: toIsoSeconds(validUntil(provider)),
        CreateDate: toIsoSeconds(provider.createdAt),
      })),
    }
  },
})
