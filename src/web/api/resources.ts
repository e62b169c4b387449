/**
 * @module Resources of every kind as the pages read and change them. Documents travel as YAML, exactly as they were
 * typed; the server judges them, and a dry run is the same call with nothing kept.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  ApplyAnswer,
  ChangeAnswer,
  CurrentResource,
  DocumentProblem,
  KindAnswer,
  ResourceAnswer,
  ResourceListAnswer,
} from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { ApiProblem, getJson, isProblem, sendDelete, sendYaml } from './client.js'
import { queryClient } from './query-client.js'

export const kindsQuery = queryOptions({
  queryKey: ['kinds'],
  queryFn: async ({ signal }) => (await getJson<{ items: KindAnswer[] }>(apiPaths.kinds(), signal)).items,
  staleTime: 300_000,
})

/** What a list is asked for; both are decided at the server. */
export interface ResourceFilter {
  readonly search?: string | undefined
  readonly origin?: string | undefined
}

const rowsAPage = 100

/** A list by pages: with 750,000 roles only what is looked at is read. */
export const resourceListQuery = (kind: string, filter: ResourceFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ['resources', kind, 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      getJson<ResourceListAnswer>(
        apiPaths.resourceList(kind, { ...filter, cursor: pageParam, limit: rowsAPage }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** The first few that match, for pickers and the palette. */
export const resourceSearchQuery = (kind: string, search: string, limit = 8) =>
  queryOptions({
    queryKey: ['resources', kind, 'search', search, limit],
    queryFn: ({ signal }) => searchResources(kind, { search, limit }, signal),
    placeholderData: keepPreviousData,
  })

export async function searchResources(
  kind: string,
  query: { readonly search: string; readonly limit: number },
  signal: AbortSignal,
): Promise<ResourceListAnswer['items']> {
  return (await getJson<ResourceListAnswer>(apiPaths.resourceList(kind, query), signal)).items
}

export const resourceQuery = (kind: string, name: string) =>
  queryOptions({
    queryKey: ['resources', kind, 'one', name],
    queryFn: ({ signal }) => getJson<ResourceAnswer>(apiPaths.resource(kind, name), signal),
  })

/** Creates what one or several documents say; the answer tells what was, or would be, done. */
export async function createResources(
  yaml: string,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<ApplyAnswer> {
  const url = apiPaths.resources({ mode: 'create', dryRun: options.dryRun })
  return await sendYaml<ApplyAnswer>('POST', url, yaml, { signal: options.signal })
}

/** Changes one resource, from the revision that the change was made from. */
export async function updateResource(
  target: { kind: string; name: string; revision: string },
  yaml: string,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<ChangeAnswer> {
  const url = apiPaths.resource(target.kind, target.name, { dryRun: options.dryRun })
  return await sendYaml<ChangeAnswer>('PUT', url, yaml, {
    ifMatch: target.revision,
    signal: options.signal,
  })
}

export async function deleteResource(
  target: { kind: string; name: string; revision?: string },
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<ChangeAnswer> {
  const url = apiPaths.resource(target.kind, target.name, { dryRun: options.dryRun })
  return await sendDelete<ChangeAnswer>(url, { ifMatch: target.revision, signal: options.signal })
}

/** After a change: whatever is shown may rest on it, decisions and rights too. */
export async function forgetResources(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'audit' })
}

/** What is wrong in a document, with its places; undefined where the answer is about something else. */
export function problemsOf(error: unknown): readonly DocumentProblem[] | undefined {
  return error instanceof ApiProblem ? error.problem.problems : undefined
}

/** What somebody else stored in the meantime, where that is why the change was refused. */
export function currentOf(error: unknown): CurrentResource | undefined {
  return isProblem(error, 'REVISION_MISMATCH') ? error.problem.current : undefined
}
