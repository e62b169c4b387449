/**
 * @module What differs between the services: names on the wire, protocol, and which error means what.
 */
import type { AwsError } from './error.js'
import type { Violation } from './validate.js'

export type ServiceName = 'sso-admin' | 'identitystore' | 'organizations' | 'iam' | 'sts'

export interface Dialect {
  readonly service: ServiceName
  /** Name in the SigV4 credential scope. */
  readonly signingName: string
  /** `instance`: only the instance's Region answers. `any`: global services, and STS in every Region. */
  readonly region: 'instance' | 'any'
  /** JSON: what stands before the dot in `X-Amz-Target`. Query: the `Version`. */
  readonly wireName: string
  readonly protocol: 'json' | 'query'
  /** XML namespace of answers; Query only. */
  readonly namespace?: string
  /** Constraints that do not hold, as the framework's message and one by one. */
  invalid(message: string, violations: readonly Violation[]): AwsError
  accessDenied(message: string): AwsError
  throttled(): AwsError
  failed(): AwsError
  /** Adds the members that every modelled error of the service carries; absent where there are none. */
  completeError?(error: AwsError, requestId: string): AwsError
}
