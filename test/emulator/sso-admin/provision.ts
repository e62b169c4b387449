/**
 * Commands about provisioning that several tests send.
 */
import {
  DescribePermissionSetProvisioningStatusCommand,
  ProvisionPermissionSetCommand,
  type PermissionSetProvisioningStatus,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { demo } from '../aws-world.js'
import { sets } from './support.js'

const { instanceArn: InstanceArn } = demo

export type Provisioning = ConstructorParameters<typeof ProvisionPermissionSetCommand>[0]

/** ReadOnlyAccess in all accounts that have it, unless `members` say otherwise. */
export function provision(members: Partial<Provisioning> = {}): ProvisionPermissionSetCommand {
  return new ProvisionPermissionSetCommand({
    InstanceArn,
    PermissionSetArn: sets.readOnly,
    TargetType: 'ALL_PROVISIONED_ACCOUNTS',
    ...members,
  })
}

export async function statusOf(
  client: SSOAdminClient,
  requestId: string | undefined,
): Promise<PermissionSetProvisioningStatus | undefined> {
  const { PermissionSetProvisioningStatus } = await client.send(
    new DescribePermissionSetProvisioningStatusCommand({
      InstanceArn,
      ProvisionPermissionSetRequestId: requestId,
    }),
  )
  return PermissionSetProvisioningStatus
}

/** Answers the id of the request. */
export async function begin(
  client: SSOAdminClient,
  members: Partial<Provisioning> = {},
): Promise<string | undefined> {
  return (await client.send(provision(members))).PermissionSetProvisioningStatus?.RequestId
}
