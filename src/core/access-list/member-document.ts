/** @module A member of an access list as a document of kind `access_list_member`: its name, and its fields. */
import { formatInstant, type Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'

/** What a document says; when and by whom it was added, the gateway knows. */
export interface WrittenMember {
  readonly list: string
  readonly kind: AccessListMember['kind']
  readonly name: string
  readonly expiresAt: Instant | undefined
  readonly reason: string
}

/** The name of the document. */
export function memberDocumentName({
  list,
  kind,
  name,
}: Pick<AccessListMember, 'list' | 'kind' | 'name'>): string {
  return kind === 'user' ? `${list}/${name}` : `${list}/list/${name}`
}

/** A member as a document, with what the gateway knows of it. */
export function memberDocument(
  member: WrittenMember & Partial<Pick<AccessListMember, 'joinedAt' | 'addedBy'>>,
) {
  const { list, kind, name, expiresAt, reason: why, joinedAt, addedBy } = member
  return {
    kind: 'access_list_member',
    version: 'v1',
    metadata: { name: memberDocumentName(member) },
    spec: {
      access_list: list,
      name,
      ...(kind === 'list' && { membership_kind: 'list' }),
      ...(expiresAt !== undefined && { expires: formatInstant(expiresAt) }),
      ...(why !== '' && { reason: why }),
      ...(joinedAt !== undefined && { joined: formatInstant(joinedAt) }),
      ...(addedBy !== undefined && { added_by: addedBy }),
    },
  } as const
}

export type MemberDocument = ReturnType<typeof memberDocument>
