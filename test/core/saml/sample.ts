/** @module A service provider like AWS's and a person, for the tests of this folder. */
import type { ServiceProvider } from '../../../src/core/saml/service-provider.js'
import type { User } from '../../../src/core/user/user.js'

export const entityId = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-0123456789'
export const acsUrls = [
  'https://eu-central-1.signin.aws/platform/saml/acs/tenant',
  'https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/tenant',
  'https://eu-central-1.sso.signin.aws/platform/saml/acs/tenant',
] as const

export const aws: ServiceProvider = {
  name: 'aws',
  entityId,
  assertionConsumerServices: acsUrls.map((url, index) => ({ url, index, isDefault: undefined })),
  signingCertificates: [],
  authnRequestsSigned: false,
  wantAssertionsSigned: true,
  nameIdFormats: [],
  labels: { 'teleport.dev/origin': 'aws-identity-center' },
  preset: 'aws-identity-center',
  attributeMapping: [],
  relayState: undefined,
  launchUrls: [],
}

export const alice: User = {
  name: 'alice@example.com',
  roles: ['access', 'editor'],
  traits: { team: ['platform'], teams: ['a', 'b'], costCenter: ['cc-42'] },
  origin: { kind: 'local' },
}
