/**
 * @module The service identitystore: its names on the wire and its operations, one file each. What may become of users,
 * groups and memberships is decided in `../directory`, for this service and for SCIM alike; this folder speaks the
 * protocol and writes no row itself.
 */
import { AwsError } from '../aws/error.js'
import type { Service } from '../aws/operation.js'
import { createGroupMembership } from './create-group-membership.js'
import { createGroup } from './create-group.js'
import { createUser } from './create-user.js'
import { deleteGroupMembership } from './delete-group-membership.js'
import { deleteGroup } from './delete-group.js'
import { deleteUser } from './delete-user.js'
import { describeGroupMembership } from './describe-group-membership.js'
import { describeGroup } from './describe-group.js'
import { describeUser } from './describe-user.js'
import { invalid, withRequestId } from './errors.js'
import { getGroupId } from './get-group-id.js'
import { getGroupMembershipId } from './get-group-membership-id.js'
import { getUserId } from './get-user-id.js'
import { isMemberInGroups } from './is-member-in-groups.js'
import { listGroupMembershipsForMember } from './list-group-memberships-for-member.js'
import { listGroupMemberships } from './list-group-memberships.js'
import { listGroups } from './list-groups.js'
import { listUsers } from './list-users.js'
import { updateGroup } from './update-group.js'
import { updateUser } from './update-user.js'

export const identitystore: Service = {
  dialect: {
    service: 'identitystore',
    signingName: 'identitystore',
    region: 'instance',
    wireName: 'AWSIdentityStore',
    protocol: 'json',
    invalid,
    accessDenied: (message) => new AwsError('AccessDeniedException', message),
    throttled: () =>
      new AwsError(
        'ThrottlingException',
        'There are too many requests processing. Please try again later.',
        400,
        { RetryAfterSeconds: 1 },
      ),
    failed: () =>
      new AwsError(
        'InternalServerException',
        'An unexpected internal service exception was encountered',
        500,
        { RetryAfterSeconds: 1 },
      ),
    completeError: withRequestId,
  },
  operations: [
    createUser,
    describeUser,
    updateUser,
    deleteUser,
    listUsers,
    getUserId,
    createGroup,
    describeGroup,
    updateGroup,
    deleteGroup,
    listGroups,
    getGroupId,
    createGroupMembership,
    describeGroupMembership,
    deleteGroupMembership,
    getGroupMembershipId,
    listGroupMemberships,
    listGroupMembershipsForMember,
    isMemberInGroups,
  ],
}
