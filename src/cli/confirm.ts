/** @module Asks before something that cannot be taken back. Where nobody can answer, nothing is done. */
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { GatewayError } from '../core/error.js'

/** Puts a question to the person at the terminal and answers what they typed. */
export type Ask = (question: string) => Promise<string>

/**
 * {@link Ask} on this process's terminal. The question goes to stderr, so that the output stays what it prints. The end
 * of input and Ctrl-C are an empty answer, so that the command can still end in order.
 */
export async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const left = once(terminal, 'close').then(() => '')
    return await Promise.race([terminal.question(question), left])
  } finally {
    terminal.close()
  }
}

/**
 * Whether the person says yes.
 * @throws GatewayError `INVALID_INPUT` without a terminal: a script says --yes.
 */
export async function confirm(ask: Ask | undefined, question: string): Promise<boolean> {
  if (ask === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      'there is no terminal to ask on; add --yes to go ahead without a question',
    )
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())
}
