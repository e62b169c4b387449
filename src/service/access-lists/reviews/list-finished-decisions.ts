/** @module Whom a finished review kept and whom it removed, by page, with who decided it and why. */
import type { FinishedDecisionsAnswer, finishedDecisionsQuery } from '../../../api/contract/list-reviews.js'
import type { z } from 'zod'
import type { Authority } from '../../authority.js'
import { pageOf } from '../../identity-center/page.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { titleOf } from '../list-cards.js'
import { assertReadsList, loadViewer } from '../rights.js'

/**
 * Nothing of a review that does not exist, or is older than the record of whom reviews kept.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND` for the list, `INVALID_INPUT` for a cursor that no page gave.
 */
export async function listFinishedDecisions(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  { list, review }: { readonly list: string; readonly review: string },
  input: z.infer<typeof finishedDecisionsQuery>,
  authority: Authority,
): Promise<FinishedDecisionsAnswer> {
  const catalog = await deps.catalog.read()
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  assertReadsList(viewer, list)
  const decided = await deps.store.reviews.listFinishedDecisions(list, review)
  const { show } = input
  const page = pageOf(
    decided.filter(({ decision }) => show === 'all' || decision === show),
    ({ kind, name }) => [kind, name],
    (one) => [one.name, titleOf(viewer, one).title ?? '', one.note, one.by].join('\n'),
    input,
  )
  return {
    items: page.items.map((one) => ({ ...one, ...titleOf(viewer, one) })),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
  }
}
