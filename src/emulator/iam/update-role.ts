/**
 * @module UpdateRole: another description or maximum session duration.
 */
import { defineOperation, type Output } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { roleResource, roleToChange } from './roles.js'
import { maxSessionDuration, roleDescription, roleName } from './shapes.js'

/** Unlike its siblings this operation has an output, in which nothing is: the result element is there, and empty. */
const emptyResult: Output = { nothing: undefined }

export const updateRole = defineOperation({
  name: 'UpdateRole',
  access: 'write',
  action: 'iam:UpdateRole',
  input: structure({
    RoleName: required(roleName),
    Description: optional(roleDescription),
    MaxSessionDuration: optional(maxSessionDuration),
  }),
  resources: ({ RoleName }, call) => roleResource(call, RoleName),
  handle({ RoleName, Description, MaxSessionDuration }, call) {
    const role = roleToChange(call, RoleName)
    call.context.commit({
      table: 'iamRoles',
      put: {
        ...role,
        ...(Description !== undefined && { description: Description }),
        ...(MaxSessionDuration !== undefined && { maxSessionSeconds: MaxSessionDuration }),
      },
    })
    return emptyResult
  },
})
