/**
 * @module Turns an error into the words and the exit status of a command: 1 for what the person can mend, 2 for a
 * command line that is wrong, 3 for an answer that somebody may not, 70 (EX_SOFTWARE) for what should not have happened.
 */
import { CommanderError } from 'commander'
import type { Problem } from '../api/contract.js'
import { describeProblem } from '../core/document-problem.js'
import { GatewayError } from '../core/error.js'
import { printable } from './printable.js'

/** Of commands that ask whether somebody may: apart from 1, so that a script tells a refusal from a fault. */
export const refusedExitCode = 3

/** `text` is empty where everything was said already. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  // Commander has told it; its own status is 0 for --help and --version, and 1 otherwise.
  if (error instanceof CommanderError) return { text: '', exitCode: error.exitCode === 0 ? 0 : 2 }
  if (!(error instanceof GatewayError)) {
    return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 70 }
  }
  // It may quote what a server or a file said.
  return { text: printable(`gatehouse: ${describe(error)}`, { multiline: true }), exitCode: 1 }
}

/** The detail of a refusal counts very many problems only; where their places are known, all are listed. */
function describe(error: GatewayError): string {
  const { problem } = refusalOf(error)
  const problems = problem?.problems ?? []
  if (problem === undefined || !problems.some(({ line }) => line !== undefined)) return error.message
  return [`${problem.title}:`, ...problems.map(describeProblem)].join('\n')
}

/** The gateway's problem document behind an error; none where the error is of this side. */
export function refusalOf({ details }: GatewayError): { readonly problem: Problem | undefined } {
  // Put there by `client.ts`, which read it from the gateway.
  return { problem: details['problem'] as Problem | undefined }
}
