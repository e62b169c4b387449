/**
 * @module The service sts: its names on the wire and its operations, one file each.
 */
import { AwsError } from '../aws/error.js'
import type { Service } from '../aws/operation.js'
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.js'
import { assumeRole } from './assume-role.js'
import { getCallerIdentity } from './get-caller-identity.js'

export const sts: Service = {
  dialect: {
    service: 'sts',
    signingName: 'sts',
    region: 'any',
    wireName: '2011-06-15',
    protocol: 'query',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    invalid: (message) => new AwsError('ValidationError', message),
    accessDenied: (message) => new AwsError('AccessDenied', message, 403),
    throttled: () => new AwsError('Throttling', 'Rate exceeded'),
    failed: () =>
      new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500),
  },
  operations: [getCallerIdentity, assumeRole, assumeRoleWithWebIdentity],
}
