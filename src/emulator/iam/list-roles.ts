/**
 * @module ListRoles: the roles of the caller's account, those of Identity Center among them.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, string, structure } from '../aws/shape.js'
import type { IamRole } from '../state/iam.js'
import type { ProvisionedSet } from '../state/permission-set.js'
import { reservedRole } from '../state/reserved-role.js'
import { mergeRows, takeMarkedPage } from './pages.js'
import { describeRole, type AnyRole } from './roles.js'
import { paging } from './shapes.js'

export const listRoles = defineOperation({
  name: 'ListRoles',
  access: 'read',
  action: 'iam:ListRoles',
  input: structure({
    PathPrefix: optional(string({ min: 1, max: 512, pattern: /\u002F[\u0021-\u007F]*/ })),
    ...paging,
  }),
  resources: ({ PathPrefix = '/' }, { caller }) => [`arn:aws:iam::${caller.accountId}:role${PathPrefix}`],
  handle(input, { context, caller }) {
    const { PathPrefix: prefix = '/' } = input
    const tables = context.readable()
    const roles = mergeRows(
      tables.iamRoles.by('account', caller.accountId),
      tables.provisionedSets.by('account', caller.accountId),
    )
    const roleOf = (row: IamRole | ProvisionedSet): AnyRole | undefined =>
      'permissionSetArn' in row ? reservedRole(context.state, row, tables) : row
    const page = takeMarkedPage(
      context,
      roles,
      input,
      ['ListRoles', caller.accountId, prefix],
      (row) => roleOf(row)?.path.startsWith(prefix) === true,
    )
    return {
      Roles: page.rows.flatMap((row) => roleOf(row) ?? []).map((role) => describeRole(role, tables)),
      IsTruncated: page.IsTruncated,
      Marker: page.Marker,
    }
  },
})
