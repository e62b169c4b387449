/** @module `POST /v1/mfa/proofs/start`: asks for a passkey for one proof. */
import { mfaProofStart, passkeyRequestOptions, paths } from '../../api/contract.js'
import { startProof } from '../../service/people/mfa-proofs.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const startMfaProof = route({
  method: 'post',
  path: paths.mfaProofsStart,
  right: 'session',
  summary: 'What a passkey is asked, for one proof of a second factor',
  answer: { kind: 'json', schema: passkeyRequestOptions },
  body: mfaProofStart,
  handler: async ({ deps, body, actor, origin }) =>
    json(await startProof(deps, body, personOf(actor), origin)),
})
