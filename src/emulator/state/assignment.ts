/**
 * @module Account assignments: a principal holds a permission set in an account.
 */
import { z } from 'zod'

/** One line of the file: a user or a group, crossed with accounts (by name or id) and permission sets. */
export const AssignmentSchema = z
  .strictObject({
    user: z.string().optional(),
    group: z.string().optional(),
    accounts: z.array(z.string()).min(1),
    permissionSets: z.array(z.string()).min(1),
  })
  .refine((line) => (line.user === undefined) !== (line.group === undefined), 'needs either user or group')

export interface AccountAssignment {
  readonly principalType: 'USER' | 'GROUP'
  readonly principalId: string
  readonly accountId: string
  readonly permissionSetArn: string
}
