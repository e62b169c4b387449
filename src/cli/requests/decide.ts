/**
 * @module Decisions on requests from a terminal: where the gateway asks for a second factor the person is asked for a
 * code, once, and the decision is sent again with the proof. The code is never shown again, nor put into an error.
 */
import type { Command } from 'commander'
import { mfaProofAnswer, paths, type AccessRequestAnswer, type Problem } from '../../api/contract.js'
import { GatewayError, isCode } from '../../core/error.js'
import type { CliSurroundings } from '../cli.js'
import type { ApiClient } from '../client.js'
import { refusalOf } from '../exit.js'
import { printable } from '../printable.js'
import { postToRequest } from './request.js'

export interface MfaOptions {
  readonly mfaCode?: string
}

export function withMfa(command: Command): Command {
  return command.option(
    '--mfa-code <code>',
    'code of your authenticator app, where the decision takes one (default: asked for)',
  )
}

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
    if (mfa.needs !== undefined && mfa.needs !== 'factor') {
      throw new GatewayError(
        'SESSION_MFA_REQUIRED',
        `${mfa.because} A key is not asked for on the command line; decide in the page: ${pageOf(client, id)}`,
      )
    }
    const proof = {
      purpose,
      subjects,
      code: code ?? (await askForCode(mfa, pageOf(client, id), surroundings)),
    }
    const { proof: mfaProof } = mfaProofAnswer.parse(await client.post(paths.mfaProofs, proof))
    return await postToRequest(client, path, id, { ...body, mfaProof })
  }
}

/** Where passkeys are asked for. */
function pageOf({ url }: ApiClient, id: string): string {
  return `${url}/requests/${encodeURIComponent(id)}`
}

async function askForCode(
  { because }: NonNullable<Problem['mfa']>,
  page: string,
  { ask, err }: CliSurroundings,
): Promise<string> {
  if (ask === undefined) {
    throw new GatewayError(
      'SESSION_MFA_REQUIRED',
      `${because} There is no terminal to ask on; add --mfa-code with a code of your authenticator app, or decide by a passkey in the page: ${page}`,
    )
  }
  err(printable(because))
  return parseCode(await ask('Code of your authenticator app: '))
}

function parseCode(text: string): string {
  const code = text.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(code)) return code
  throw new GatewayError('INVALID_INPUT', 'a code has six digits; nothing was decided')
}
