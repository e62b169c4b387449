/** @module Turns an error into the words and the exit status of a command. */
import { GatewayError } from '../core/error.js'

/** 1 for what the person can mend, 70 (EX_SOFTWARE) for what should not have happened. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof GatewayError)) {
    return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 70 }
  }
  const { problems } = error.details
  const lines = Array.isArray(problems) ? problems.map((problem) => `  - ${describeProblem(problem)}`) : []
  return { text: [`gatehouse: ${error.message}`, ...lines].join('\n'), exitCode: 1 }
}

function describeProblem(problem: unknown): string {
  if (typeof problem === 'string') return problem
  if (typeof problem === 'object' && problem !== null && 'message' in problem) {
    const path = 'path' in problem ? `${String(problem.path)}: ` : ''
    return `${path}${String(problem.message)}`
  }
  return JSON.stringify(problem)
}
