/** @module `POST /v1/me/recovery-codes`: new recovery codes in place of the old ones, shown in this one answer. */
import {
  paths,
  recoveryCodesAnswer,
  recoveryCodesRequest,
  type RecoveryCodesAnswer,
} from '../../api/contract.js'
import { makeRecoveryCodes as makeCodes } from '../../service/people/recovery-codes.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const makeRecoveryCodes = route({
  method: 'post',
  path: paths.meRecoveryCodes,
  right: 'session',
  summary: 'Makes recovery codes in place of the old ones; they are shown this once',
  answer: { kind: 'json', schema: recoveryCodesAnswer, status: 201 },
  body: recoveryCodesRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const answer: RecoveryCodesAnswer = { codes: [...(await makeCodes(deps, body, personOf(actor), origin))] }
    return json(answer, 201)
  },
})
