/** @module Members of access lists as the pages read and change them; the lists themselves are resources. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import type { z } from 'zod'
import type { memberItem, MembersAnswer, putMemberRequest } from '../../api/contract/identity-center.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export type MemberItem = z.infer<typeof memberItem>

export const membersQuery = (list: string, search: string) =>
  infiniteQueryOptions({
    queryKey: ['members', list, search],
    queryFn: ({ signal, pageParam }) =>
      getJson<MembersAnswer>(apiPaths.listMembers(list, { search, cursor: pageParam, limit: 100 }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export function addMember(list: string, member: z.input<typeof putMemberRequest>): Promise<unknown> {
  return sendJson('POST', apiPaths.listMembers(list), member)
}

export function removeMember(
  list: string,
  { kind, name }: Pick<MemberItem, 'kind' | 'name'>,
): Promise<unknown> {
  return sendJson('DELETE', apiPaths.listMember(list, kind, name))
}
