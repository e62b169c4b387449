/** @module `POST /v1/keys/:kind/rotate`: one step of a key rollover. */
import { paths, rotateRequest, signingKeysAnswer } from '../../api/contract.js'
import { rotateKeys as takeStep } from '../../service/keys/rotate-keys.js'
import { keyPurposeOf, toSigningKeysAnswer } from '../keys-answer.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const rotateKeys = route({
  method: 'post',
  path: paths.keysRotate,
  right: { resource: 'cert_authority', verb: 'rotate' },
  summary: 'Takes one step of a key rollover',
  answer: { kind: 'json', schema: signingKeysAnswer },
  body: rotateRequest,
  handler: async ({ deps, body, params, actor, origin }) => {
    const input = { purpose: keyPurposeOf(params.kind), step: body.step }
    return json(toSigningKeysAnswer(await takeStep(deps, input, authorityOf(actor), origin)))
  },
})
