/** @module SCIM tokens and held changes of directories in the form of the contract. */
import type { DirectoryTokenItem, HeldChangeItem } from '../api/contract.js'
import { formatInstant, type Instant } from '../core/time.js'
import type { DirectoryHold, DirectoryToken } from '../store/store.js'

export function toTokenItem(token: DirectoryToken, now: Instant): DirectoryTokenItem {
  const { id, label, createdBy, createdAt, expiresAt, lastUsedAt, lastUsedFrom } = token
  return {
    id,
    label,
    createdBy,
    createdAt: formatInstant(createdAt),
    expiresAt: formatInstant(expiresAt),
    expired: now >= expiresAt,
    ...(lastUsedAt !== undefined && { lastUsedAt: formatInstant(lastUsedAt) }),
    ...(lastUsedFrom !== undefined && { lastUsedFrom }),
  }
}

export function toHeldItem(hold: DirectoryHold): HeldChangeItem {
  const { key, state, what, says, tries, firstAt, lastAt, decidedBy, decidedAt } = hold
  return {
    key,
    state,
    what,
    says,
    tries,
    firstAt: formatInstant(firstAt),
    lastAt: formatInstant(lastAt),
    ...(decidedBy !== undefined && { decidedBy }),
    ...(decidedAt !== undefined && { decidedAt: formatInstant(decidedAt) }),
  }
}
