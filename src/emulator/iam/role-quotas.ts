/**
 * @module What a role may hold at most, by the published default quotas.
 */
import { AwsError } from '../aws/error.js'
import type { IamRole } from '../state/iam.js'
import { quotaExceeded } from './errors.js'
import { checkPolicy, policySize } from './policy-document.js'

const trustPolicySize = 2048
const inlineSize = 10_240
const attachedPerRole = 10

/** @throws AwsError where the text is no trust policy, or longer than IAM takes */
export function checkTrustPolicy(text: string): void {
  checkPolicy(text, 'trust')
  if (policySize(text) > trustPolicySize) throw quotaExceeded('ACLSizePerRole', trustPolicySize)
}

/** All inline policies of a role share one size. @throws AwsError */
export function checkInlineSize(role: IamRole): void {
  const size = Object.values(role.inlinePolicies).reduce((sum, text) => sum + policySize(text), 0)
  if (size > inlineSize) {
    throw new AwsError(
      'LimitExceeded',
      `Maximum policy size of ${inlineSize} bytes exceeded for role ${role.name}`,
      409,
    )
  }
}

/** @throws AwsError */
export function checkAttachedCount(role: IamRole): void {
  if (role.attachedPolicies.length > attachedPerRole) throw quotaExceeded('PoliciesPerRole', attachedPerRole)
}
