/**
 * @module DescribeOrganization: the organisation itself. Any account of it may ask.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { arnOf, organizationArn } from './arns.js'
import { requireMember } from './callers.js'

export const describeOrganization = defineOperation({
  name: 'DescribeOrganization',
  access: 'read',
  action: 'organizations:DescribeOrganization',
  input: structure({}),
  handle(_input, call) {
    requireMember(call)
    const { state } = call.context
    const { ids, managementAccountId } = state
    return {
      Organization: {
        Id: ids.organizationId,
        Arn: organizationArn(state),
        FeatureSet: 'ALL',
        MasterAccountArn: arnOf(state, managementAccountId),
        MasterAccountId: managementAccountId,
        MasterAccountEmail: call.context.readable().accounts.get(managementAccountId)?.email,
        // What AWS answers here whether or not the type is enabled; ListRoots tells the truth.
        AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
      },
    }
  },
})
