/** @module `DELETE /v1/identity-center/:plugin/scim/tokens/:slot`: forgets a SCIM token. */
import { scimAnswer } from '../../api/contract/identity-center-scim.js'
import { paths } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { deleteScimToken } from '../../service/identity-center/put-scim-token.js'
import { actorName } from '../person.js'
import { json, route } from '../route.js'

export const deleteAwsicScimToken = route({
  method: 'delete',
  path: paths.awsicScimToken,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Forgets the SCIM token of a slot',
  answer: { kind: 'json', schema: scimAnswer },
  handler: async ({ deps, params, actor, origin }) => {
    const slot = slotOf(params.slot)
    return json(await deleteScimToken(deps, params.plugin ?? '', slot, actorName(actor), origin))
  },
})

function slotOf(text: string | undefined): 1 | 2 {
  if (text === '1') return 1
  if (text === '2') return 2
  throw new GatewayError('NOT_FOUND', 'there are the slots 1 and 2')
}
