/** @module Turns an error into the words and the exit status of a command. */
import { GatewayError } from '../core/error.js'
import { printable } from './printable.js'

/** 1 for what the person can mend, 70 (EX_SOFTWARE) for what should not have happened. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof GatewayError)) {
    return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 70 }
  }
  // The message of an error with several problems lists them all; it may quote what a server or a file said.
  return { text: printable(`gatehouse: ${error.message}`, { multiline: true }), exitCode: 1 }
}
