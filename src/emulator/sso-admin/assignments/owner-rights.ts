/**
 * @module In the management account Identity Center works with the rights of whoever called it, not with its own: what
 * the caller may not do in IAM there makes the request fail, at its end. In member accounts it uses a role of its own.
 *
 * Which actions are needed follows from what has to be done. Permission sets here have no inline policy, and the
 * document of the SAML provider never changes, so that iam:PutRolePolicy, iam:DeleteRolePolicy and
 * iam:UpdateSAMLProvider are never needed.
 */
import { findDenial } from '../../access/authorise.js'
import type { Call } from '../../aws/operation.js'
import { samlProviderArn } from '../../state/iam.js'
import { reservedRoleArn } from '../../state/reserved-role.js'
import { findSamlProvider } from './materialise.js'

/** What is done to the role of a permission set; `nothing` where only Identity Center's own records change. */
export type RoleWork = 'create' | 'update' | 'read' | 'delete' | 'nothing'

export interface OwnerWork {
  readonly accountId: string
  readonly permissionSetName: string
  /** Suffix that the role has, or is to have. */
  readonly roleSuffix: string
  readonly work: RoleWork
}

const roleActions: Readonly<Record<RoleWork, readonly string[]>> = {
  create: ['iam:CreateRole', 'iam:AttachRolePolicy'],
  read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies'],
  update: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies', 'iam:AttachRolePolicy'],
  delete: [
    'iam:GetRole',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:DetachRolePolicy',
    'iam:DeleteRole',
  ],
  nothing: [],
}

/** Why the caller's rights do not suffice for the work, in words seen at AWS; undefined where they do. */
export function findMissingRight(call: Call, owner: OwnerWork): string | undefined {
  const { context } = call
  const { accountId, permissionSetName, roleSuffix, work } = owner
  if (accountId !== context.state.managementAccountId) return undefined
  const provider = findSamlProvider(context, accountId)
  const role = reservedRoleArn(context.state.instance, permissionSetName, { accountId, roleSuffix })
  const needed: readonly (readonly [action: string, resource: string])[] = [
    provider === undefined
      ? ['iam:CreateSAMLProvider', samlProviderArn({ accountId, name: 'AWSSSO_*_DO_NOT_DELETE' })]
      : ['iam:GetSAMLProvider', samlProviderArn(provider)],
    ...roleActions[work].map((action) => [action, role] as const),
  ]
  const now = context.clock.now()
  for (const [action, resource] of needed) {
    const denial = findDenial({ ...call, now }, action, [resource])
    if (denial !== undefined) return `Received a 403 status error: Access denied by IAM. ${denial}`
  }
  return undefined
}
