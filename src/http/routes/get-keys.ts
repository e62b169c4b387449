/** @module `GET /v1/keys/:kind`: the signing keys of a purpose, where their rollover stands, and what to do next. */
import { paths, signingKeysAnswer } from '../../api/contract.js'
import { describeKeys } from '../../service/keys/describe-keys.js'
import { keyPurposeOf, toSigningKeysAnswer } from '../keys-answer.js'
import { json, route } from '../route.js'

export const getKeys = route({
  method: 'get',
  path: paths.keys,
  right: { resource: 'cert_authority', verb: 'read' },
  summary: 'Signing keys, where their rollover stands, and what to do next',
  answer: { kind: 'json', schema: signingKeysAnswer },
  handler: async ({ deps, params }) => {
    return json(toSigningKeysAnswer(await describeKeys(deps, keyPurposeOf(params.kind))))
  },
})
