/**
 * @module GetSAMLProvider: the SAML provider of Identity Center in the caller's account.
 */
import { defineOperation, toIsoSeconds } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { invalidInput, noSuchEntity } from './errors.js'
import { metadataOf, validUntil } from './saml-providers.js'
import { arn } from './shapes.js'

export const getSAMLProvider = defineOperation({
  name: 'GetSAMLProvider',
  access: 'read',
  action: 'iam:GetSAMLProvider',
  input: structure({ SAMLProviderArn: required(arn) }),
  resources: (input) => [input.SAMLProviderArn],
  handle({ SAMLProviderArn }, { context, caller }) {
    if (!/^arn:aws:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/.test(SAMLProviderArn)) {
      throw invalidInput(`ARN ${SAMLProviderArn} is not valid.`)
    }
    const provider = context.readable().samlProviders.get(SAMLProviderArn)
    if (provider?.accountId !== caller.accountId) {
      throw noSuchEntity(`Manifest not found for arn ${SAMLProviderArn}`)
    }
    return {
      SAMLProviderUUID: provider.uuid,
      SAMLMetadataDocument: metadataOf(provider, context.state.instance),
      CreateDate: toIsoSeconds(provider.createdAt),
      ValidUntil: toIsoSeconds(validUntil(provider)),
    }
  },
})
