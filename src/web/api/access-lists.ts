/** @module Access lists as the pages read and change them. Their documents are resources; people and parts are here. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  CandidatesAnswer,
  ChangeMembersAnswer,
  changeMembersRequest,
  listCardsQuery as cardsInput,
  ListCardsAnswer,
  ListDetail,
  ListHistoryAnswer,
  ListInAws,
  ListPeopleAnswer,
  putRequirementsAnswer,
  putRequirementsRequest,
} from '../../api/contract/access-lists.js'
import type {
  memberItem,
  MembersAnswer,
  PutMemberAnswer,
  putMemberRequest,
} from '../../api/contract/identity-center.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export type MemberItem = z.infer<typeof memberItem>
export type MemberKey = Pick<MemberItem, 'kind' | 'name'>
export type ListFilter = z.infer<typeof cardsInput>['filter']
export type ListSort = z.infer<typeof cardsInput>['sort']

/** What cards are asked for; all of it is decided at the server. */
export interface CardsView {
  readonly search: string
  readonly filter: ListFilter
  readonly sort: ListSort
}

const cardsAPage = 60
const rowsAPage = 100
/** Whoever scrolls on goes far: the most that one answer has. */
const mostAPage = 200

export const listCardsQuery = ({ search, filter, sort }: CardsView, limit = cardsAPage) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'cards', search, filter, sort, limit],
    queryFn: ({ signal, pageParam }) =>
      getJson<ListCardsAnswer>(
        apiPaths.accessLists({
          search,
          filter,
          sort,
          cursor: pageParam,
          limit: (pageParam === undefined ? limit : mostAPage).toString(),
        }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** The first that match. */
export function listCardsPage(
  { search, limit }: { readonly search: string; readonly limit: number },
  signal?: AbortSignal,
): Promise<ListCardsAnswer> {
  return getJson<ListCardsAnswer>(apiPaths.accessLists({ search, limit: limit.toString() }), signal)
}

export const listSearchQuery = (search: string, limit: number) =>
  queryOptions({
    queryKey: ['access-lists', 'search', search, limit],
    queryFn: ({ signal }) => listCardsPage({ search, limit }, signal),
    placeholderData: keepPreviousData,
  })

/** How many lists that somebody owns are to be reviewed now. */
export const reviewsDueQuery = queryOptions({
  queryKey: ['access-lists', 'due'],
  queryFn: async ({ signal }) =>
    (await getJson<ListCardsAnswer>(apiPaths.accessLists({ filter: 'due', limit: '1' }), signal)).counts.due,
  staleTime: 60_000,
})

/** People by name, for whoever may put them in. */
export async function findCandidates(
  list: string,
  search: string,
  signal: AbortSignal,
): Promise<CandidatesAnswer['items']> {
  return (await getJson<CandidatesAnswer>(apiPaths.listCandidates(list, search), signal)).items
}

export const listDetailQuery = (name: string) =>
  queryOptions({
    queryKey: ['access-lists', 'one', name],
    queryFn: ({ signal }) => getJson<ListDetail>(apiPaths.accessList(name), signal),
  })

export const membersQuery = (list: string, search: string) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'members', list, search],
    queryFn: ({ signal, pageParam }) =>
      getJson<MembersAnswer>(
        apiPaths.listMembers(list, {
          search,
          cursor: pageParam,
          limit: pageParam === undefined ? rowsAPage : mostAPage,
        }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const listPeopleQuery = (list: string, search: string) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'people', list, search],
    queryFn: ({ signal, pageParam }) =>
      getJson<ListPeopleAnswer>(
        apiPaths.listPeople(list, {
          search,
          cursor: pageParam,
          limit: pageParam === undefined ? rowsAPage : mostAPage,
        }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

const liveMs = 5000
const steadyMs = 20_000

export const listInAwsQuery = (list: string) =>
  queryOptions({
    queryKey: ['access-lists', 'aws', list],
    queryFn: ({ signal }) => getJson<ListInAws>(apiPaths.listInAws(list), signal),
    // What is planned is done within seconds, and what stands still goes on by what others do elsewhere.
    refetchInterval: ({ state }) =>
      state.data?.groups.some((group) => group.state !== 'synced') ? liveMs : steadyMs,
  })

export const listHistoryQuery = (list: string) =>
  infiniteQueryOptions({
    queryKey: ['access-lists', 'history', list],
    queryFn: ({ signal, pageParam }) =>
      getJson<ListHistoryAnswer>(apiPaths.listHistory(list, { cursor: pageParam, limit: 50 }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

/** Adds a member, or changes the end and the reason of one. */
export function putMember(list: string, member: z.input<typeof putMemberRequest>): Promise<PutMemberAnswer> {
  return sendJson('POST', apiPaths.listMembers(list), member)
}

export function removeMember(list: string, { kind, name }: MemberKey): Promise<unknown> {
  return sendJson('DELETE', apiPaths.listMember(list, kind, name))
}

export type MembersChange = z.input<typeof changeMembersRequest>

/** Many at once; with `dryRun` it only tells. */
export function changeMembers(list: string, change: MembersChange): Promise<ChangeMembersAnswer> {
  return sendJson('POST', apiPaths.changeMembers(list), change)
}

/** What removing these would take from whom; asked anew each time, since everything may change meanwhile. */
export const removalQuery = (list: string, remove: readonly MemberKey[]) =>
  queryOptions({
    queryKey: ['check', 'removal', list, remove],
    queryFn: () => changeMembers(list, { remove: [...remove], dryRun: true }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
  })

export function putRequirements(
  list: string,
  change: z.input<typeof putRequirementsRequest>,
): Promise<z.infer<typeof putRequirementsAnswer>> {
  return sendJson('PUT', apiPaths.listRequirements(list), change)
}
