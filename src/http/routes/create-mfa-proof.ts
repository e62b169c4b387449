/** @module `POST /v1/mfa/proofs`: spends a code or a passkey for a proof that changes of this session may ask for. */
import { mfaProofAnswer, mfaProofRequest, paths, type MfaProofAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { proveMfa } from '../../service/people/mfa-proofs.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const createMfaProof = route({
  method: 'post',
  path: paths.mfaProofs,
  right: 'session',
  summary:
    'A fresh second factor for decisions that ask for one, good for three minutes and within this session',
  answer: { kind: 'json', schema: mfaProofAnswer, status: 201 },
  body: mfaProofRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const { proof, expiresAt } = await proveMfa(deps, body, personOf(actor), origin)
    const answer: MfaProofAnswer = { proof, expiresAt: formatInstant(expiresAt) }
    return json(answer, 201)
  },
})
