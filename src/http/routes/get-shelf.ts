/** @module `GET /v1/me/shelf`: one's favourites and templates of requests, and what one asked for last. */
import { shelfAnswer, type ShelfAnswer } from '../../api/contract/access-requests.js'
import { paths } from '../../api/contract.js'
import { readShelf } from '../../service/access-requests/shelf.js'
import { authorityOf, personOf } from '../person.js'
import { json, route } from '../route.js'

export const getShelf = route({
  method: 'get',
  path: paths.meShelf,
  right: 'session',
  summary: "One's favourites and templates of requests, and what one asked for last",
  answer: { kind: 'json', schema: shelfAnswer },
  handler: async ({ deps, actor }) => {
    personOf(actor)
    const { items, recents } = await readShelf(deps, authorityOf(actor))
    const answer: ShelfAnswer = {
      items: items.map(({ kind, name, content, shown }) => ({
        kind,
        name,
        items: [...content.items],
        shown: [...shown],
        reason: content.reason,
        ...(content.duration !== undefined && { duration: content.duration }),
      })),
      recents: [...recents],
    }
    return json(answer)
  },
})
