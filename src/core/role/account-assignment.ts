/**
 * @module Matching of `account_assignments`: one entry has to match the account and the permission set, each a
 * literal, a glob or a `^regex$`. A denied pair hides that pair only; an account disappears only where an entry
 * denies all of its permission sets.
 */
import { parseMatcher, type Matcher } from '../matcher.js'
import type { AccountAssignmentMatcher, RoleConditions } from './role.js'

/** An account with one of its permission sets, by the names that AWS uses. */
export interface AccountPermissionSet {
  readonly account: string
  /** Full ARN. */
  readonly permissionSetArn: string
}

type Conditions = Pick<RoleConditions, 'accountAssignments'>

/** Whether one entry of an allow or a deny covers the account and the permission set together. */
export function matchAccountAssignment(conditions: Conditions, pair: AccountPermissionSet): boolean {
  return findEntry(conditions, pair) !== undefined
}

/** The first entry that covers the account and the permission set together. */
export function findEntry(
  { accountAssignments }: Conditions,
  { account, permissionSetArn }: AccountPermissionSet,
): AccountAssignmentMatcher | undefined {
  return accountAssignments.find((entry) => {
    const compiled = compileEntry(entry)
    return compiled.account.matches(account) && compiled.permissionSet.matches(permissionSetArn)
  })
}

/** Whether an allow grants anything in the account: enough to show it. */
export function matchAccount(conditions: Conditions, account: string): boolean {
  return conditions.accountAssignments.some((entry) => compileEntry(entry).account.matches(account))
}

/** Whether an allow gives the permission set in any account. */
export function matchPermissionSet(conditions: Conditions, permissionSetArn: string): boolean {
  return conditions.accountAssignments.some((entry) =>
    compileEntry(entry).permissionSet.matches(permissionSetArn),
  )
}

/** Whether a deny covers the account whole, so that nothing of it is shown. */
export function hidesAccount(deny: Conditions, account: string): boolean {
  return deny.accountAssignments.some((entry) => {
    const compiled = compileEntry(entry)
    return compiled.permissionSet.kind === 'any' && compiled.account.matches(account)
  })
}

/** An entry with both of its patterns parsed. */
export interface CompiledEntry {
  readonly account: Matcher
  readonly permissionSet: Matcher
}

const known = new WeakMap<AccountAssignmentMatcher, CompiledEntry>()

/** Parsed once for each entry value. @throws GatewayError `INVALID_MATCHER` for what no parser of ours let through. */
export function compileEntry(entry: AccountAssignmentMatcher): CompiledEntry {
  const found = known.get(entry)
  if (found !== undefined) return found
  const compiled = {
    account: parseMatcher(entry.account, 'account_assignments.account'),
    permissionSet: parseMatcher(entry.permissionSet, 'account_assignments.permission_set'),
  }
  known.set(entry, compiled)
  return compiled
}
