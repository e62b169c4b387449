/**
 * @module Decisions on requests from a terminal: where the gateway asks for a second factor the person is asked for a
 * code, once, and the decision is sent again with the proof. The code is never shown again, nor put into an error.
 */
import { mfaProofAnswer, paths, type AccessRequestAnswer } from '../../api/contract.js'
import { isCode } from '../../core/error.js'
import type { CliSurroundings } from '../cli.js'
import type { ApiClient } from '../client.js'
import { parseCode, readCode, type MfaOptions } from '../mfa.js'
import { refusalOf } from '../exit.js'
import { postToRequest } from './request.js'

export interface RequestDecision {
  readonly path: string
  readonly id: string
  readonly body: object
}

/** @throws GatewayError as the gateway refuses; `SESSION_MFA_REQUIRED` where nobody can be asked for a code. */
export async function decideRequest(
  client: ApiClient,
  { path, id, body }: RequestDecision,
  { mfaCode }: MfaOptions,
  surroundings: CliSurroundings,
): Promise<AccessRequestAnswer> {
  const code = mfaCode === undefined ? undefined : parseCode(mfaCode)
  try {
    return await postToRequest(client, path, id, body)
  } catch (error) {
    const mfa = isCode(error, 'SESSION_MFA_REQUIRED') ? refusalOf(error).problem?.mfa : undefined
    if (mfa === undefined) throw error
    const { purpose, subjects } = mfa
    const page = pageOf(client, id)
    const proof = {
      purpose,
      subjects,
      code: await readCode(mfa, { ...(code !== undefined && { mfaCode: code }) }, surroundings, page),
    }
    const { proof: mfaProof } = mfaProofAnswer.parse(await client.post(paths.mfaProofs, proof))
    return await postToRequest(client, path, id, { ...body, mfaProof })
  }
}

/** Where passkeys are asked for. */
function pageOf({ url }: ApiClient, id: string): string {
  return `${url}/requests/${encodeURIComponent(id)}`
}
