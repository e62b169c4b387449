/**
 * @module Shapes that the inputs of several operations share, with the published constraints, and the ARNs that
 * authorisation looks at.
 */
import { integer, oneOf, optional, required, string, structure } from '../aws/shape.js'

export const instanceArn = string({
  min: 10,
  max: 1224,
  pattern: /arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}/,
})

export const permissionSetArn = string({
  min: 10,
  max: 1224,
  pattern:
    /arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}/,
})

export const accountId = string({ min: 12, max: 12, pattern: /\d{12}/ })

export const principalType = oneOf('USER', 'GROUP')

export const principalId = string({
  min: 1,
  max: 47,
  pattern: /([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}/,
})

export const requestId = string({
  min: 36,
  max: 36,
  pattern: /\b[0-9a-f]{8}\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\b[0-9a-f]{12}\b/,
})

/** Members of every list operation. */
export const paging = {
  NextToken: optional(string({ min: 0, max: 2048, pattern: /[-a-zA-Z0-9+=/_]*/ })),
  MaxResults: optional(integer({ min: 1, max: 100 })),
} as const

export const provisioningStatus = oneOf(
  'LATEST_PERMISSION_SET_PROVISIONED',
  'LATEST_PERMISSION_SET_NOT_PROVISIONED',
)

/** Filter of the operations that list asynchronous requests. */
export const statusFilter = structure({ Status: optional(oneOf('IN_PROGRESS', 'FAILED', 'SUCCEEDED')) })

/** What CreateAccountAssignment and DeleteAccountAssignment take. */
export const assignmentMembers = {
  InstanceArn: required(instanceArn),
  TargetId: required(accountId),
  TargetType: required(oneOf('AWS_ACCOUNT')),
  PermissionSetArn: required(permissionSetArn),
  PrincipalType: required(principalType),
  PrincipalId: required(principalId),
} as const

export const description = string({
  min: 1,
  max: 700,
  pattern: /[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*/,
})

export const sessionDuration = string({
  min: 1,
  max: 100,
  pattern:
    /(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?/,
})

export const relayState = string({
  min: 1,
  max: 240,
  pattern: /[a-zA-Z0-9&$@#\\\/%?=~\-_'"|!:,.;*+\[\] \(\)\{\}]+/,
})

/** ARN of an account as a resource of this service. */
export function accountArn(id: string): string {
  return `arn:aws:sso:::account/${id}`
}
