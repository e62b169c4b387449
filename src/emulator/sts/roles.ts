/**
 * @module The role that a caller wants to take on, by its ARN, and the refusals that tell nothing about it.
 */
import { AwsError } from '../aws/error.js'
import type { EmulatorContext } from '../context.js'
import { roleKey, type IamRole } from '../state/iam.js'

export interface RoleReference {
  readonly accountId: string
  /** Undefined where there is no such role; the caller learns no more than of one that does not trust it. */
  readonly role: IamRole | undefined
}

/** @throws AwsError `ValidationError` for what is not the ARN of a role */
export function findRoleByArn(context: EmulatorContext, arn: string): RoleReference {
  const parts = /^arn:aws:iam::(\d{12}):role(\/(?:[!-~]+\/)?)([\w+=,.@-]{1,64})$/.exec(arn)
  if (parts === null) throw new AwsError('ValidationError', 'Request ARN is invalid')
  const [, accountId = '', path, name = ''] = parts
  const role = context.state.tables.iamRoles.get(roleKey(accountId, name))
  // Names differ from each other in more than case, and ARNs are exact.
  return { accountId, role: role?.path === path && role?.name === name ? role : undefined }
}

export function accessDenied(message: string): AwsError {
  return new AwsError('AccessDenied', message, 403)
}
