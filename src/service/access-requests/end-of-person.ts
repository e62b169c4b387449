/**
 * @module Ends the requests of a name whose person is removed, or that another person is about to have: whoever has the
 * name next inherits no access and nothing that was laid aside (T7).
 */
import { revoke } from '../../core/access-request/transition.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { NotifyDeps } from './notify.js'
import { forgetOnCall } from './on-call.js'
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
  await forgetOnCall(deps, tx, { user, by }, origin)
  let ended = 0
  let before: string | undefined
  for (;;) {
    const page = { user, states: ['pending', 'approved', 'promoted'] as const, limit: atOnce }
    const found = await tx.accessRequests.list(before === undefined ? page : { ...page, before })
    for (const request of found) {
      const step = revoke(request, { by, at: now, reason: 'The user was removed.' })
      if (!step.ok) continue
      await writeStep(deps, { tx, view, now, origin }, request, step.request)
      ended += 1
    }
    before = found.at(-1)?.id
    if (found.length < atOnce) return ended
  }
}
