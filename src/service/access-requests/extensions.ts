/**
 * @module Requests that go on with one another. What ends the first of them ends all that are open, also where one between
 * them is over already.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import type { StoreTransaction } from '../../store/store.js'

type Requests = Pick<StoreTransaction, 'accessRequests'>
type FindRequests = { readonly accessRequests: Pick<Requests['accessRequests'], 'find'> }

/** What the request goes on with, one after the other up to the first, as far as they still exist. */
export async function listExtended(
  { accessRequests }: FindRequests,
  request: AccessRequest,
): Promise<AccessRequest[]> {
  const found: AccessRequest[] = []
  for (let before = request.extends; before !== undefined; before = found.at(-1)?.extends) {
    const extended = await accessRequests.find(before.request)
    if (extended === undefined) return found
    found.push(extended)
  }
  return found
}

/** Those that wait or give access and go on with the request, whatever is between; the oldest first. */
export async function listOpenExtensions(
  tx: Requests,
  { id, user }: Pick<AccessRequest, 'id' | 'user'>,
): Promise<AccessRequest[]> {
  const found: AccessRequest[] = []
  for (const one of await listOpen(tx, user)) {
    if (one.extends === undefined) continue
    const extended = one.extends.request === id || (await listExtended(tx, one)).some((it) => it.id === id)
    if (extended) found.push(one)
  }
  return found.sort((a, b) => a.createdAt - b.createdAt)
}

/** Requests of a person that wait or give access. */
async function listOpen({ accessRequests }: Requests, user: string): Promise<AccessRequest[]> {
  const found: AccessRequest[] = []
  for (;;) {
    const before = found.at(-1)?.id
    const page = { user, states: ['pending', 'approved'] as const, limit: 200 }
    const more = await accessRequests.list(before === undefined ? page : { ...page, before })
    found.push(...more)
    if (more.length < page.limit) return found
  }
}
