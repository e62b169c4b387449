/**
 * @module The instance as ListInstances and DescribeInstance tell it.
 */
import type { EmulatorContext } from '../context.js'
import { toSeconds, type Output } from '../aws/operation.js'

/** Members that both operations have. The instance is as old as its management account. */
export function describeInstanceRow({ state }: EmulatorContext): Output {
  const { instance, managementAccountId, tables } = state
  return {
    InstanceArn: instance.instanceArn,
    IdentityStoreId: instance.identityStoreId,
    OwnerAccountId: managementAccountId,
    CreatedDate: toSeconds(tables.accounts.get(managementAccountId)?.joinedAt ?? 0),
    Status: 'ACTIVE',
  }
}
