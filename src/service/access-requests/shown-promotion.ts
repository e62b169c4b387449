/**
 * @module The access list that a promoted request became a membership in: named to the requester, who is told of it, and to
 * whoever sees that list. To everyone else it does not exist, here neither.
 */
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import type { AccessRequest, TimelineEntry } from '../../core/access-request/access-request.js'
import { keepViewer, sightOn } from '../access-lists/rights.js'
import type { AccessRequestDeps } from './deps.js'
import { isOwn, type RequestViewer } from './viewer.js'

/** Whether whoever looks sees the list of this request. */
export type SeesPromotion = (request: AccessRequest) => boolean

export async function loadSeesPromotion(
  deps: Pick<AccessRequestDeps, 'store' | 'clock' | 'kinds'>,
  viewer: RequestViewer,
  requests: readonly AccessRequest[],
): Promise<SeesPromotion> {
  const { view, authority } = viewer
  const isHidden = (request: AccessRequest) => request.promotedTo !== undefined && !isOwn(viewer, request)
  if (!requests.some(isHidden)) return () => true
  const lists = await keepViewer(deps, deps.store, view, authority)
  return (request) => {
    const name = request.promotedTo?.list
    if (name === undefined || !isHidden(request)) return true
    return view.parsed('access_list').has(name) && sightOn(lists, name, view.accessList(name)) !== 'none'
  }
}

/** Without its name that it became a membership is all that is told. */
export function shownPromotion(
  { promotedTo }: Pick<AccessRequest, 'promotedTo'>,
  isSeen: boolean,
): Pick<AccessRequestRow, 'promotedTo'> {
  if (promotedTo === undefined) return {}
  const { list, title } = promotedTo
  return { promotedTo: isSeen ? { list, title } : {} }
}

/** What a promotion says begins with the title of the list; the reason behind it stays. */
export function withoutTitle(
  { what, says }: Pick<TimelineEntry, 'what' | 'says'>,
  { promotedTo }: Pick<AccessRequest, 'promotedTo'>,
): string {
  if (what !== 'promoted' || promotedTo === undefined) return says
  const before = `${promotedTo.title}: `
  return says.startsWith(before) ? says.slice(before.length) : ''
}
