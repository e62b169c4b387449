/**
 * @module Decides whether roles give one permission set in one account. Deny wins, nothing is given by default, and
 * the order of the roles never matters. Locks stand above this and are judged elsewhere.
 */
import type { PairIds } from '../inventory/pair.js'
import { findEntry } from './account-assignment.js'
import { roleReason, sortReasons, type Reason } from './decision.js'
import type { AccountAssignmentMatcher, Role } from './role.js'

export interface PairDecision {
  readonly effect: 'allow' | 'deny'
  readonly because: 'allowed_by_role' | 'denied_by_role' | 'no_role_matches'
  readonly reasons: readonly Reason[]
}

/** Decides one account and permission set, with every role that allows or denies it. */
export function decidePair(roles: readonly Role[], pair: PairIds): PairDecision {
  const ids = { account: pair.accountId, permissionSetArn: pair.permissionSetArn }
  const reasons: Reason[] = []
  let effect: Reason['effect'] = 'no_match'
  for (const role of roles) {
    const denied = findEntry(role.deny, ids)
    const allowed = findEntry(role.allow, ids)
    if (denied !== undefined) {
      effect = 'deny'
      reasons.push(entryReason(role, 'deny', `denies it: deny.account_assignments has ${quote(denied)}`))
    }
    if (allowed !== undefined) {
      if (effect !== 'deny') effect = 'allow'
      reasons.push(entryReason(role, 'allow', `allows it: account_assignments has ${quote(allowed)}`))
    }
  }
  switch (effect) {
    case 'deny':
      return { effect, because: 'denied_by_role', reasons: sortReasons(reasons) }
    case 'allow':
      return { effect, because: 'allowed_by_role', reasons: sortReasons(reasons) }
    default: {
      const says =
        'No role has an entry in account_assignments that matches both the account and the permission set.'
      return {
        effect: 'deny',
        because: 'no_role_matches',
        reasons: [{ rule: 'account_assignments', effect: 'no_match', says }],
      }
    }
  }
}

function entryReason(role: Role, effect: 'allow' | 'deny', says: string): Reason {
  return roleReason(role, 'account_assignments', effect, says)
}

/** An entry as YAML writes it in one line. */
export function quote({ account, permissionSet }: AccountAssignmentMatcher): string {
  return `{account: ${JSON.stringify(account)}, permission_set: ${JSON.stringify(permissionSet)}}`
}
