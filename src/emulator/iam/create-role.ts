/**
 * @module CreateRole: a role with its trust policy, and no permissions yet.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { roleArn } from '../access/caller-keys.js'
import type { IamRole } from '../state/iam.js'
import { entityAlreadyExists, invalidInput, notEmulated, quotaExceeded } from './errors.js'
import { checkTrustPolicy } from './role-quotas.js'
import { describeRoleWithTags, roleExists } from './roles.js'
import { arn, maxSessionDuration, path, policyDocument, roleDescription, roleName, tags } from './shapes.js'
import { mergeTags } from './tags.js'
import { uniqueId } from './unique-id.js'

/** The default quota of an account. */
const rolesPerAccount = 1000

export const createRole = defineOperation({
  name: 'CreateRole',
  access: 'write',
  action: 'iam:CreateRole',
  input: structure({
    Path: optional(path),
    RoleName: required(roleName),
    AssumeRolePolicyDocument: required(policyDocument),
    Description: optional(roleDescription),
    MaxSessionDuration: optional(maxSessionDuration),
    PermissionsBoundary: optional(arn),
    Tags: optional(tags),
  }),
  resources: ({ Path = '/', RoleName }, { caller }) => [
    roleArn({ accountId: caller.accountId, path: Path, name: RoleName }),
  ],
  handle(input, call) {
    const { context, caller } = call
    const { Path: rolePath = '/', RoleName: name, Description: description } = input
    if (input.PermissionsBoundary !== undefined) throw notEmulated('a permissions boundary')
    if (/^\/aws-(reserved|service-role)\//.test(rolePath)) {
      throw invalidInput(`Roles with the path ${rolePath} are made by AWS only.`)
    }
    checkTrustPolicy(input.AssumeRolePolicyDocument)
    if (roleExists(call, name)) throw entityAlreadyExists(`Role with name ${name} already exists.`)
    if (context.state.tables.iamRoles.by('account', caller.accountId).size >= rolesPerAccount) {
      throw quotaExceeded('RolesPerAccount', rolesPerAccount)
    }
    const role: IamRole = {
      accountId: caller.accountId,
      name,
      path: rolePath,
      id: uniqueId(context.random, 'AROA', 17),
      ...(description !== undefined && { description }),
      maxSessionSeconds: input.MaxSessionDuration ?? 3600,
      trustPolicy: input.AssumeRolePolicyDocument,
      inlinePolicies: {},
      attachedPolicies: [],
      tags: mergeTags({}, input.Tags ?? [], 'TagsPerRole'),
      createdAt: call.now,
    }
    context.commit({ table: 'iamRoles', put: role })
    return { Role: describeRoleWithTags(role, context.state.tables) }
  },
})
