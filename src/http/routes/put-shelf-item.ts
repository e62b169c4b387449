/** @module `PUT /v1/me/shelf/:kind/:name`: keeps a favourite or a template, in place of one of this name. */
import { putShelfItem as body } from '../../api/contract/access-requests.js'
import { paths } from '../../api/contract.js'
import { putOnShelf } from '../../service/access-requests/shelf.js'
import { authorityOf, personOf } from '../person.js'
import { route } from '../route.js'
import { shelfPlace } from '../shelf-place.js'

export const putShelfItem = route({
  method: 'put',
  path: paths.meShelfItem,
  right: 'session',
  summary: 'Keeps a favourite or a template of a request, in place of one of this name',
  answer: { kind: 'empty' },
  body,
  handler: async ({ deps, params, body: content, actor }) => {
    personOf(actor)
    await putOnShelf(deps, { ...shelfPlace(params), content }, authorityOf(actor))
    return { kind: 'empty' }
  },
})
