/**
 * @module ListAttachedRolePolicies: the managed policies of a role.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, string, structure } from '../aws/shape.js'
import { rowsOf, takeMarkedPage } from './pages.js'
import { findRole, roleResource } from './roles.js'
import { paging, roleName } from './shapes.js'

export const listAttachedRolePolicies = defineOperation({
  name: 'ListAttachedRolePolicies',
  access: 'read',
  action: 'iam:ListAttachedRolePolicies',
  input: structure({
    RoleName: required(roleName),
    PathPrefix: optional(string({ min: 1, max: 512, pattern: /((\/[A-Za-z0-9\.,\+@=_-]+)*)\// })),
    ...paging,
  }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle(input, call) {
    const role = findRole(call, input.RoleName)
    const { PathPrefix: prefix = '/' } = input
    const arns = rowsOf('permissionSet' in role ? [] : role.attachedPolicies)
    const of = ['ListAttachedRolePolicies', role.accountId, role.name, prefix]
    const { rows, ...more } = takeMarkedPage(call.context, arns, input, of, (policyArn) =>
      pathOf(policyArn).startsWith(prefix),
    )
    return {
      AttachedPolicies: rows.map((policyArn) => ({
        PolicyName: policyArn.slice(policyArn.lastIndexOf('/') + 1),
        PolicyArn: policyArn,
      })),
      ...more,
    }
  },
})

/** `/job-function/` of `arn:aws:iam::aws:policy/job-function/Billing`. */
function pathOf(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf('/'), policyArn.lastIndexOf('/') + 1)
}
