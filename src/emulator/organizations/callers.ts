/**
 * @module Which account may call the service, whatever the caller's policies say.
 */
import type { Call } from '../aws/operation.js'
import { accessDenied, notInUse } from './errors.js'

/** @throws AwsError where the caller's account is in no organisation */
export function requireMember({ caller, context }: Call): void {
  if (!context.state.tables.accounts.has(caller.accountId)) throw notInUse()
}

/** @throws AwsError unless the management account or a delegated administrator calls */
export function requireAdministrator(call: Call): void {
  requireMember(call)
  const { managementAccountId, delegatedAdministratorId } = call.context.state
  const { accountId } = call.caller
  if (accountId !== managementAccountId && accountId !== delegatedAdministratorId) throw accessDenied()
}
