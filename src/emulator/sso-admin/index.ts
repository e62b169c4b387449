/**
 * @module The service sso-admin: its names on the wire and its operations, one file each.
 */
import { AwsError } from '../aws/error.js'
import type { Service } from '../aws/operation.js'
import { createAccountAssignment } from './create-account-assignment.js'
import { createPermissionSet } from './create-permission-set.js'
import { deleteAccountAssignment } from './delete-account-assignment.js'
import { deletePermissionSet } from './delete-permission-set.js'
import { describeAccountAssignmentCreationStatus } from './describe-account-assignment-creation-status.js'
import { describeAccountAssignmentDeletionStatus } from './describe-account-assignment-deletion-status.js'
import { describeInstance } from './describe-instance.js'
import { describePermissionSet } from './describe-permission-set.js'
import { describePermissionSetProvisioningStatus } from './describe-permission-set-provisioning-status.js'
import { listAccountAssignmentCreationStatus } from './list-account-assignment-creation-status.js'
import { listAccountAssignmentDeletionStatus } from './list-account-assignment-deletion-status.js'
import { listAccountAssignments } from './list-account-assignments.js'
import { listAccountAssignmentsForPrincipal } from './list-account-assignments-for-principal.js'
import { listAccountsForProvisionedPermissionSet } from './list-accounts-for-provisioned-permission-set.js'
import { listInstances } from './list-instances.js'
import { listPermissionSetProvisioningStatus } from './list-permission-set-provisioning-status.js'
import { listPermissionSets } from './list-permission-sets.js'
import { listPermissionSetsProvisionedToAccount } from './list-permission-sets-provisioned-to-account.js'
import { provisionPermissionSet } from './provision-permission-set.js'
import { updatePermissionSet } from './update-permission-set.js'
import { accessDenied, invalid, throttled } from './errors.js'

export const ssoAdmin: Service = {
  dialect: {
    service: 'sso-admin',
    signingName: 'sso',
    region: 'instance',
    wireName: 'SWBExternalService',
    protocol: 'json',
    invalid,
    accessDenied,
    throttled,
    failed: () =>
      new AwsError(
        'InternalServerException',
        'An unexpected internal service exception was encountered',
        500,
      ),
  },
  operations: [
    listInstances,
    describeInstance,
    listPermissionSets,
    describePermissionSet,
    createPermissionSet,
    updatePermissionSet,
    deletePermissionSet,
    listPermissionSetsProvisionedToAccount,
    listAccountsForProvisionedPermissionSet,
    listAccountAssignments,
    listAccountAssignmentsForPrincipal,
    createAccountAssignment,
    deleteAccountAssignment,
    describeAccountAssignmentCreationStatus,
    describeAccountAssignmentDeletionStatus,
    listAccountAssignmentCreationStatus,
    listAccountAssignmentDeletionStatus,
    provisionPermissionSet,
    describePermissionSetProvisioningStatus,
    listPermissionSetProvisioningStatus,
  ],
}
