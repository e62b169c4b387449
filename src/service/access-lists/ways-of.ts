/** @module Every way by which people are in a list, as somebody who sees its members is told of it. */
import type { z } from 'zod'
import type { wayIn } from '../../api/contract/access-lists.js'
import { waysIn, type RowsBelow } from '../../core/access-list/ways-in.js'
import { formatInstant } from '../../core/time.js'
import { lookUpPerson } from './people-of.js'
import type { Viewer } from './rights.js'
import { momentOf } from './review-summary.js'
import { shownPath } from './shown-list.js'
import { sayIneligible } from './say-ineligible.js'

/** More than a person reads of one other. */
const limit = 10

export interface ShownWays {
  readonly ways: z.infer<typeof wayIn>[]
  readonly moreWays?: true
}

/** Of a membership in a list that does not exist for the viewer no more is told than until when it lasts. */
export function shownWays(viewer: Viewer, list: string, rows: RowsBelow): (person: string) => ShownWays {
  const { catalog, now } = viewer
  const known = catalog.parsed('access_list')
  const facts = {
    lists: (name: string) => (known.has(name) ? (catalog.accessList(name) ?? { name }) : undefined),
    people: lookUpPerson(catalog),
  }
  return (person) => {
    const { ways, isCut } = waysIn(rows, { list, person }, facts, { ...momentOf(catalog, now), limit })
    return {
      ways: ways.map(({ path, member, until, ineligible }) => {
        const shown = shownPath(viewer, path)
        const isSeen = shown.at(-1)?.name !== null
        return {
          path: shown,
          ...(until !== undefined && { until: formatInstant(until) }),
          ...(isSeen && {
            joinedAt: formatInstant(member.joinedAt),
            addedBy: member.addedBy,
            reason: member.reason,
          }),
          ...(ineligible !== undefined && {
            ineligible: sayIneligible(viewer, list, { ...ineligible, path }),
          }),
        }
      }),
      ...(isCut && { moreWays: true as const }),
    }
  }
}
