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
  return conditions.accountAssignments
    .map(compileEntry)
    .some(
      ({ account, permissionSet }) =>
        account.matches(pair.account) && permissionSet.matches(pair.permissionSetArn),
    )
}

/** Whether an allow grants anything in the account: enough to show it. */
export function matchAccount(conditions: Conditions, account: string): boolean {
  return conditions.accountAssignments.map(compileEntry).some((entry) => entry.account.matches(account))
}

/** Whether a deny covers the account whole, so that nothing of it is shown. */
export function hidesAccount(deny: Conditions, account: string): boolean {
  return deny.accountAssignments
    .map(compileEntry)
    .some((entry) => entry.permissionSet.kind === 'any' && entry.account.matches(account))
}

interface CompiledEntry {
  readonly account: Matcher
  readonly permissionSet: Matcher
}

const known = new WeakMap<AccountAssignmentMatcher, CompiledEntry>()

function compileEntry(entry: AccountAssignmentMatcher): CompiledEntry {
  const found = known.get(entry)
  if (found !== undefined) return found
  const compiled = {
    account: parseMatcher(entry.account, 'account_assignments.account'),
    permissionSet: parseMatcher(entry.permissionSet, 'account_assignments.permission_set'),
  }
  known.set(entry, compiled)
  return compiled
}
