/**
 * @module ListOpenIDConnectProviders: the ARNs of all providers of the account, in one answer.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { oidcProviderArn } from '../state/iam.js'

export const listOpenIDConnectProviders = defineOperation({
  name: 'ListOpenIDConnectProviders',
  access: 'read',
  action: 'iam:ListOpenIDConnectProviders',
  input: structure({}),
  handle(_input, { context, caller }) {
    const providers = context.readable().oidcProviders.by('account', caller.accountId).rows()
    return { OpenIDConnectProviderList: providers.map((provider) => ({ Arn: oidcProviderArn(provider) })) }
  },
})
