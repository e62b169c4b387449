/**
 * @module The service iam: its names on the wire and its operations, one file each.
 */
import { AwsError } from '../aws/error.js'
import type { Service } from '../aws/operation.js'
import { addClientIDToOpenIDConnectProvider } from './add-client-id-to-open-id-connect-provider.js'
import { attachRolePolicy } from './attach-role-policy.js'
import { createOpenIDConnectProvider } from './create-open-id-connect-provider.js'
import { createRole } from './create-role.js'
import { deleteOpenIDConnectProvider } from './delete-open-id-connect-provider.js'
import { deleteRole } from './delete-role.js'
import { deleteRolePolicy } from './delete-role-policy.js'
import { detachRolePolicy } from './detach-role-policy.js'
import { getOpenIDConnectProvider } from './get-open-id-connect-provider.js'
import { getRole } from './get-role.js'
import { getRolePolicy } from './get-role-policy.js'
import { getSAMLProvider } from './get-saml-provider.js'
import { listAttachedRolePolicies } from './list-attached-role-policies.js'
import { listOpenIDConnectProviders } from './list-open-id-connect-providers.js'
import { listRolePolicies } from './list-role-policies.js'
import { listRoleTags } from './list-role-tags.js'
import { listRoles } from './list-roles.js'
import { listSAMLProviders } from './list-saml-providers.js'
import { putRolePolicy } from './put-role-policy.js'
import { removeClientIDFromOpenIDConnectProvider } from './remove-client-id-from-open-id-connect-provider.js'
import { tagRole } from './tag-role.js'
import { updateAssumeRolePolicy } from './update-assume-role-policy.js'
import { updateOpenIDConnectProviderThumbprint } from './update-open-id-connect-provider-thumbprint.js'
import { updateRole } from './update-role.js'

export const iam: Service = {
  dialect: {
    service: 'iam',
    signingName: 'iam',
    region: 'any',
    wireName: '2010-05-08',
    protocol: 'query',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    invalid: (message) => new AwsError('ValidationError', message),
    accessDenied: (message) => new AwsError('AccessDenied', message, 403),
    throttled: () => new AwsError('Throttling', 'Rate exceeded'),
    failed: () =>
      new AwsError('ServiceFailure', 'The request processing has failed because of an unknown error.', 500),
  },
  operations: [
    listRoles,
    getRole,
    createRole,
    deleteRole,
    updateAssumeRolePolicy,
    updateRole,
    putRolePolicy,
    getRolePolicy,
    listRolePolicies,
    deleteRolePolicy,
    attachRolePolicy,
    detachRolePolicy,
    listAttachedRolePolicies,
    tagRole,
    listRoleTags,
    createOpenIDConnectProvider,
    getOpenIDConnectProvider,
    listOpenIDConnectProviders,
    deleteOpenIDConnectProvider,
    addClientIDToOpenIDConnectProvider,
    removeClientIDFromOpenIDConnectProvider,
    updateOpenIDConnectProviderThumbprint,
    getSAMLProvider,
    listSAMLProviders,
  ],
}
