/**
 * @module The second factor on a command line: a code of an authenticator app, given by `--mfa-code` or asked for on the
 * terminal. The code is never shown again, nor put into an error. Keys are asked for in the page alone.
 */
import type { Command } from 'commander'
import type { Problem } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import type { CliSurroundings } from './cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from './client.js'
import { printable } from './printable.js'

export interface MfaOptions {
  readonly mfaCode?: string
}

type Asked = NonNullable<Problem['mfa']>

export function withMfa(command: Command): Command {
  return command.option(
    '--mfa-code <code>',
    'code of your authenticator app, where this takes one (default: asked for)',
  )
}

/** A client that gives a code where a change by an administrator takes one. */
export async function createConfirmingClient(
  options: ClientOptions & MfaOptions,
  surroundings: Pick<CliSurroundings, 'env' | 'ask' | 'err'>,
): Promise<ApiClient> {
  const connection = await findConnection(options, surroundings.env)
  return createClient(connection, async (mfa) => await readCode(mfa, options, surroundings, connection.url))
}

/**
 * The code for what is asked. `page` is where a passkey is given instead.
 * @throws GatewayError `SESSION_MFA_REQUIRED` where nobody can be asked, or a key is wanted; `INVALID_INPUT`.
 */
export async function readCode(
  { because, needs }: Asked,
  { mfaCode }: MfaOptions,
  { ask, err }: Pick<CliSurroundings, 'ask' | 'err'>,
  page: string,
): Promise<string> {
  if (needs !== undefined && needs !== 'factor') {
    const message = `${because} A key is not asked for on the command line; do it in the page: ${page}`
    throw new GatewayError('SESSION_MFA_REQUIRED', message)
  }
  if (mfaCode !== undefined) return parseCode(mfaCode)
  if (ask === undefined) {
    throw new GatewayError(
      'SESSION_MFA_REQUIRED',
      `${because} There is no terminal to ask on; add --mfa-code with a code of your authenticator app, or do it by a passkey in the page: ${page}`,
    )
  }
  err(printable(because))
  return parseCode(await ask('Code of your authenticator app: '))
}

export function parseCode(text: string): string {
  const code = text.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(code)) return code
  throw new GatewayError('INVALID_INPUT', 'a code has six digits; nothing was done')
}
