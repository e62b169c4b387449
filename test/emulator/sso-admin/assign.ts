/**
 * Commands about assignments with what most tests want: the group finance, which holds nothing, gets Billing, which
 * the sandbox account does not have.
 */
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type AccountAssignmentOperationStatus,
  type CreateAccountAssignmentCommandInput,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { demo, type AwsWorld } from '../aws-world.js'
import { groups } from './support.js'

const { instanceArn: InstanceArn } = demo

/** What differs from a group `finance` in the sandbox account with Billing. */
export type AssignmentChange = Partial<CreateAccountAssignmentCommandInput>

export function assignmentInput(change: AssignmentChange = {}): CreateAccountAssignmentCommandInput {
  return {
    InstanceArn,
    TargetId: demo.sandbox,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: demo.billingArn,
    PrincipalType: 'GROUP',
    PrincipalId: groups.finance,
    ...change,
  }
}

export function assign(change: AssignmentChange = {}): CreateAccountAssignmentCommand {
  return new CreateAccountAssignmentCommand(assignmentInput(change))
}

export function unassign(change: AssignmentChange = {}): DeleteAccountAssignmentCommand {
  return new DeleteAccountAssignmentCommand(assignmentInput(change))
}

/** How a request of either kind ends; the clock moves as long as it is under way. */
export async function ending(
  world: AwsWorld,
  kind: 'create' | 'delete',
  requestId: string | undefined,
): Promise<AccountAssignmentOperationStatus> {
  await world.advance(500)
  return await statusOf(world.clients.ssoAdmin, kind, requestId)
}

export async function statusOf(
  client: SSOAdminClient,
  kind: 'create' | 'delete',
  requestId: string | undefined,
): Promise<AccountAssignmentOperationStatus> {
  const status =
    kind === 'create'
      ? (
          await client.send(
            new DescribeAccountAssignmentCreationStatusCommand({
              InstanceArn,
              AccountAssignmentCreationRequestId: requestId,
            }),
          )
        ).AccountAssignmentCreationStatus
      : (
          await client.send(
            new DescribeAccountAssignmentDeletionStatusCommand({
              InstanceArn,
              AccountAssignmentDeletionRequestId: requestId,
            }),
          )
        ).AccountAssignmentDeletionStatus
  if (status === undefined) throw new Error('there is no status in the answer')
  return status
}

/** Assigns and waits. */
export async function assigned(
  world: AwsWorld,
  change: AssignmentChange = {},
  client: SSOAdminClient = world.clients.ssoAdmin,
): Promise<AccountAssignmentOperationStatus> {
  const { AccountAssignmentCreationStatus } = await client.send(assign(change))
  return await ending(world, 'create', AccountAssignmentCreationStatus?.RequestId)
}

/** Takes away and waits. */
export async function unassigned(
  world: AwsWorld,
  change: AssignmentChange = {},
  client: SSOAdminClient = world.clients.ssoAdmin,
): Promise<AccountAssignmentOperationStatus> {
  const { AccountAssignmentDeletionStatus } = await client.send(unassign(change))
  return await ending(world, 'delete', AccountAssignmentDeletionStatus?.RequestId)
}

/** Ids of who holds a permission set in an account. */
export async function holders(
  client: SSOAdminClient,
  AccountId: string,
  PermissionSetArn: string,
): Promise<readonly (string | undefined)[]> {
  const { AccountAssignments } = await client.send(
    new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn }),
  )
  return (AccountAssignments ?? []).map((assignment) => assignment.PrincipalId)
}

/** ARNs of the permission sets that an account has. */
export async function provisionedIn(client: SSOAdminClient, AccountId: string): Promise<readonly string[]> {
  const { PermissionSets } = await client.send(
    new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId }),
  )
  return PermissionSets ?? []
}
