/**
 * @module Who may take the role on: tokens of our issuer whose audience and subject are exactly those of one
 * integration (T13). No pattern, no second subject: any other token of the same issuer is refused by AWS.
 */
import type { CheckedOrder } from './order.js'

/** `provider`: ARN of the identity provider in the role's account, or what stands for it in a template. */
export function buildTrustPolicy<P>(
  { providerName, audience, subject }: Pick<CheckedOrder, 'providerName' | 'audience' | 'subject'>,
  provider: P,
) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Gatehouse',
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${providerName}:aud`]: audience, [`${providerName}:sub`]: subject },
        },
      },
    ],
  } as const
}

/** ARN of the identity provider for an issuer. */
export function providerArn(
  { partition, providerName }: Pick<CheckedOrder, 'partition' | 'providerName'>,
  accountId: string,
): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${providerName}`
}
