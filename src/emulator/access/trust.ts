/**
 * @module Whether a role's trust policy lets somebody take the role on.
 */
import { applies, type PrincipalPatterns } from './policy.js'
import type { ConditionKeys } from './condition-keys.js'
import { readPolicy } from './policy-cache.js'
import type { PolicyText } from '../state/iam.js'

/** Who asks for the role. */
export type TrustPrincipal =
  /** ARN of the identity provider in the role's account. */
  | { readonly federated: string }
  /** A caller with credentials: its own ARN, and for the session of a role the ARN of the role. */
  | { readonly aws: { readonly accountId: string; readonly arn: string; readonly roleArn?: string } }

export type TrustJudgement =
  | {
      readonly effect: 'allow'
      /**
       * `account`: only the caller's whole account (or everybody) is trusted, so that the caller's own policies must
       * allow the action, too. `principal`: the caller is named; within one account that is enough.
       */
      readonly trusts: 'account' | 'principal'
    }
  | { readonly effect: 'refuse'; readonly because: 'denied-explicitly' | 'denied' }

/**
 * Judges the trust policy of a role; `action` is such as `sts:AssumeRoleWithWebIdentity`.
 * @throws PolicyError where the text cannot be read; `CreateRole` has refused it before
 */
export function judgeTrust(
  policyText: PolicyText,
  principal: TrustPrincipal,
  action: string,
  keys: ConditionKeys,
): TrustJudgement {
  let trusts: 'account' | 'principal' | undefined
  for (const statement of readPolicy(policyText, 'trust').statements) {
    const found = findPrincipal(statement.principals, principal)
    if (found === undefined || !applies(statement, { action, resource: '*', keys })) continue
    if (statement.effect === 'Deny') return { effect: 'refuse', because: 'denied-explicitly' }
    if (trusts !== 'principal') trusts = found
  }
  return trusts === undefined ? { effect: 'refuse', because: 'denied' } : { effect: 'allow', trusts }
}

function findPrincipal(
  listed: PrincipalPatterns | undefined,
  principal: TrustPrincipal,
): 'account' | 'principal' | undefined {
  if (listed === undefined) return undefined
  if ('federated' in principal) {
    const isListed = listed.federated.some((name) => name === '*' || name === principal.federated)
    return isListed ? 'principal' : undefined
  }
  const { accountId, arn, roleArn } = principal.aws
  if (listed.aws.some((name) => name === arn || name === roleArn)) return 'principal'
  const whole = ['*', accountId, `arn:aws:iam::${accountId}:root`]
  return listed.aws.some((name) => whole.includes(name)) ? 'account' : undefined
}
