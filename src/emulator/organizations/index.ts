/**
 * @module The service organizations: its names on the wire and its operations, one file each. It tells the tree of the
 * organisation and changes nothing; policies, handshakes and the making of accounts are not emulated.
 */
import { AwsError } from '../aws/error.js'
import type { Service } from '../aws/operation.js'
import { describeAccount } from './describe-account.js'
import { describeOrganization } from './describe-organization.js'
import { describeOrganizationalUnit } from './describe-organizational-unit.js'
import { accessDenied, invalidConstraint } from './errors.js'
import { listAccounts } from './list-accounts.js'
import { listAccountsForParent } from './list-accounts-for-parent.js'
import { listChildren } from './list-children.js'
import { listDelegatedAdministrators } from './list-delegated-administrators.js'
import { listOrganizationalUnitsForParent } from './list-organizational-units-for-parent.js'
import { listParents } from './list-parents.js'
import { listRoots } from './list-roots.js'
import { listTagsForResource } from './list-tags-for-resource.js'

export const organizations: Service = {
  dialect: {
    service: 'organizations',
    signingName: 'organizations',
    region: 'any',
    wireName: 'AWSOrganizationsV20161128',
    protocol: 'json',
    invalid: (_message, violations) => invalidConstraint(violations),
    accessDenied,
    // AWS publishes the member `Type` without its values; this one is ours.
    throttled: () =>
      new AwsError('TooManyRequestsException', 'You have sent too many requests. Try again later.', 400, {
        Type: 'RATE_LIMIT_EXCEEDED',
      }),
    failed: () => new AwsError('ServiceException', 'The service failed. Try again later.', 500),
  },
  operations: [
    describeAccount,
    describeOrganization,
    describeOrganizationalUnit,
    listAccounts,
    listAccountsForParent,
    listChildren,
    listDelegatedAdministrators,
    listOrganizationalUnitsForParent,
    listParents,
    listRoots,
    listTagsForResource,
  ],
}
