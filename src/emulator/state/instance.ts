/**
 * @module The Identity Center instance: its names, and the addresses under which it is a SAML service provider.
 */
import { z } from 'zod'
import { explainPartition } from './partition.js'

export const InstanceSchema = z.strictObject({
  instanceArn: z.string().regex(/^arn:aws:sso:::instance\/ssoins-[0-9a-f]{16}$/, {
    error: explainPartition('is not arn:aws:sso:::instance/ssoins-<16 hex digits>'),
  }),
  identityStoreId: z.string().regex(/^d-[0-9a-f]{10}$/, 'is not d-<10 hex digits>'),
  region: z.string().regex(/^(?!us-gov-|cn-|[a-z]{2}-iso)[a-z]{2}(-[a-z]+)+-\d$/, {
    error: explainPartition('is not an AWS Region such as eu-central-1'),
  }),
  portalAlias: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a host label'),
  /** The last segment of the ACS addresses; AWS's own is not a UUID either. */
  acsTenant: z.string().regex(/^[0-9a-z][0-9a-z-]{15,79}$/, 'is not 16 to 80 characters of a-z, 0-9 and -'),
})

/** The last segment before `/scim/v2/` of the SCIM address; not a UUID of fixed length at AWS either. */
export function scimTenant(instance: Instance): string {
  return `Hw${instance.identityStoreId.slice(2)}-${instance.acsTenant.replace(/^[0-9a-z]*-/, '')}`
}

export type Instance = Readonly<z.infer<typeof InstanceSchema>>

/** Entity ID of the instance as a service provider, in AWS's form: also the Audience of its assertions. */
export function spEntityId(instance: Instance): string {
  return `https://${instance.region}.signin.aws.amazon.com/platform/saml/${instance.identityStoreId}`
}

export interface AcsEndpoint {
  readonly index: number
  readonly isDefault: boolean
  /** Path on the emulator. */
  readonly path: string
  /** The address on AWS that the path stands for. */
  readonly awsUrl: string
}

/**
 * The three assertion consumer services that AWS lists since February 2026. All share one host here, so the
 * host of AWS becomes the first segment of the path; the long-standing address keeps its path as it is.
 */
export function acsEndpoints(instance: Instance): readonly AcsEndpoint[] {
  const path = `/platform/saml/acs/${instance.acsTenant}`
  const { region } = instance
  return [
    { index: 0, isDefault: true, path, awsUrl: `https://${region}.signin.aws.amazon.com${path}` },
    { index: 1, isDefault: false, path: `/signin.aws${path}`, awsUrl: `https://${region}.signin.aws${path}` },
    {
      index: 2,
      isDefault: false,
      path: `/sso.signin.aws${path}`,
      awsUrl: `https://${region}.sso.signin.aws${path}`,
    },
  ]
}
