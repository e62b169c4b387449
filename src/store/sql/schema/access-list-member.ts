/** @module Table `access_list_member`: who is in which list; a member is a user or another list. */
import type { AccessListMember } from '../../../core/access-list/access-list.js'

export interface AccessListMemberTable {
  list_name: string
  kind: AccessListMember['kind']
  name: string
  aws_user_id: string | null
  joined_at: number
  expires_at: number | null
  added_by: string
  reason: string
}
