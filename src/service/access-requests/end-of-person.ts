/**
 * @module Ends the requests of a name whose person is removed, or that another person is about to have: whoever has the
 * name next inherits no access and nothing that was laid aside (T7).
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { revoke } from '../../core/access-request/transition.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { NotifyDeps } from './notify.js'
import { writeStep } from './write-step.js'

export interface EndOfPerson {
  readonly tx: StoreTransaction
  readonly view: CatalogView
  readonly user: string
  readonly by: string
  readonly origin: RequestOrigin | undefined
}

const atOnce = 200

/** Answers how many ended. */
export async function endRequestsOf(
  deps: Pick<ServiceContext, 'clock'> & NotifyDeps,
  { tx, view, user, by, origin }: EndOfPerson,
): Promise<number> {
  const now = deps.clock.now()
  await tx.shelf.deleteAll(user)
  let ended = 0
  let before: string | undefined
  for (;;) {
    const page = { user, states: ['pending', 'approved', 'promoted'] as const, limit: atOnce }
    const found = await tx.accessRequests.list(before === undefined ? page : { ...page, before })
    for (const request of found) {
      const over = endAt(request, by, now)
      if (over === request) continue
      await writeStep(deps, { tx, view, now, origin }, request, over)
      ended += 1
    }
    before = found.at(-1)?.id
    if (found.length < atOnce) return ended
  }
}

/** What a promotion left of the request for a while ends with it. */
function endAt(request: AccessRequest, by: string, at: number): AccessRequest {
  if (request.state === 'promoted') {
    return request.endsAt === undefined || request.endsAt <= at ? request : { ...request, endsAt: at }
  }
  const step = revoke(request, { by, at, reason: 'The user was removed.' })
  return step.ok ? step.request : request
}
