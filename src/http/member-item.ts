/** @module A member of an access list as answers tell it. */
import type { z } from 'zod'
import type { memberItem } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { MemberView } from '../service/access-lists/list-members.js'

export function toMemberItem(member: MemberView): z.infer<typeof memberItem> {
  return {
    kind: member.kind,
    name: member.name,
    hasUser: member.hasUser,
    joinedAt: formatInstant(member.joinedAt),
    ...(member.expiresAt !== undefined && { expiresAt: formatInstant(member.expiresAt) }),
    addedBy: member.addedBy,
    reason: member.reason,
  }
}
