/**
 * @module Account assignments (a principal holds a permission set in an account), and the asynchronous requests
 * that make, remove and provision them.
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

/** What an assignment is about, and its key. */
export interface AssignmentTriple {
  readonly principalType: 'USER' | 'GROUP'
  readonly principalId: string
  readonly accountId: string
  readonly permissionSetArn: string
}

export interface AccountAssignment extends AssignmentTriple {
  readonly createdAt: number
}

export type RequestStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'

/** CreateAccountAssignment or DeleteAccountAssignment, under way or ended. */
export interface AssignmentRequest extends AssignmentTriple {
  readonly requestId: string
  readonly kind: 'create' | 'delete'
  readonly status: RequestStatus
  readonly failureReason?: string
  readonly createdAt: number
}

/** ProvisionPermissionSet, under way or ended. */
export interface ProvisioningRequest {
  readonly requestId: string
  readonly permissionSetArn: string
  /** Absent where the target is ALL_PROVISIONED_ACCOUNTS. */
  readonly accountId?: string
  readonly status: RequestStatus
  readonly failureReason?: string
  readonly createdAt: number
}

export function pairKey(accountId: string, permissionSetArn: string): string {
  return `${accountId}/${permissionSetArn}`
}

export function tripleKey(triple: AssignmentTriple): string {
  return `${triple.accountId}/${triple.permissionSetArn}/${triple.principalType}/${triple.principalId}`
}
