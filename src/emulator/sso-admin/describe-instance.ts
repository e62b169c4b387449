/**
 * @module DescribeInstance: the instance, if the caller's account administers it.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { requireAdministrator } from './callers.js'
import { accessDenied } from './errors.js'
import { describeInstanceRow } from './instance-output.js'
import { instanceArn } from './shapes.js'

export const describeInstance = defineOperation({
  name: 'DescribeInstance',
  access: 'read',
  action: 'sso:DescribeInstance',
  input: structure({ InstanceArn: required(instanceArn) }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    requireAdministrator(call)
    // This operation has no ResourceNotFoundException among its errors.
    if (input.InstanceArn !== call.context.state.instance.instanceArn) {
      throw accessDenied(
        `The instance ${input.InstanceArn} is not visible to account ${call.caller.accountId}`,
      )
    }
    return {
      ...describeInstanceRow(call.context),
      EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' },
    }
  },
})
