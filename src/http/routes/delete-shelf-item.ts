/** @module `DELETE /v1/me/shelf/:kind/:name`: removes a favourite or a template. */
import { paths } from '../../api/contract.js'
import { removeFromShelf } from '../../service/access-requests/shelf.js'
import { authorityOf, personOf } from '../person.js'
import { route } from '../route.js'
import { shelfPlace } from '../shelf-place.js'

export const deleteShelfItem = route({
  method: 'delete',
  path: paths.meShelfItem,
  right: 'session',
  summary: 'Removes a favourite or a template of a request',
  answer: { kind: 'empty' },
  handler: async ({ deps, params, actor }) => {
    personOf(actor)
    await removeFromShelf(deps, shelfPlace(params), authorityOf(actor))
    return { kind: 'empty' }
  },
})
