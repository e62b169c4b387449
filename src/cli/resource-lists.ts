/**
 * @module Lists of one kind, page after page up to a limit: as items for a table, or as the very text of the gateway.
 */
import { resourceListAnswer, type KindAnswer, type ResourceItem } from '../api/contract.js'
import type { ApiClient } from './client.js'
import { listPath } from './kinds.js'

/** What is asked of each list. */
export interface Wanted {
  readonly query: { readonly search?: string; readonly origin?: string }
  readonly limit: number
}

export interface Found<T> {
  readonly items: readonly T[]
  readonly more: boolean
}

const maxPage = 500

/** Everything that a table shows. */
export async function readList(
  client: ApiClient,
  kind: KindAnswer,
  wanted: Wanted,
): Promise<Found<ResourceItem>> {
  const items: ResourceItem[] = []
  let cursor: string | undefined
  do {
    const limit = String(Math.min(wanted.limit - items.length, maxPage))
    const page = resourceListAnswer.parse(
      await client.get(listPath(kind.name), { ...wanted.query, limit, cursor }),
    )
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && items.length < wanted.limit)
  return { items, more: cursor !== undefined }
}

/** Pages as the gateway writes them: each document begins with a line `---`, which stands nowhere else. */
export async function readTexts(client: ApiClient, kind: KindAnswer, wanted: Wanted): Promise<Found<string>> {
  const items: string[] = []
  let cursor: string | undefined
  let count = 0
  do {
    const limit = String(Math.min(wanted.limit - count, maxPage))
    const query = { ...wanted.query, limit, cursor }
    const page = await client.request('GET', listPath(kind.name), { query, accept: 'application/yaml' })
    items.push(page.text)
    count += page.text.match(/^---$/gm)?.length ?? 0
    cursor = page.nextCursor
  } while (cursor !== undefined && count < wanted.limit)
  return { items, more: cursor !== undefined }
}
