/** @module Small things that several use cases of this folder share: instants in answers, jobs, failures of AWS. */
import type { JobItem } from '../../api/contract/identity-center.js'
import { AwsCallError } from '../../core/governor/call.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant } from '../../core/time.js'
import { assumeRoleRemedy } from './assume-role-words.js'
import type { JobState } from './sync-port.js'

export function jobAnswerOf(job: JobState): JobItem {
  return {
    kind: job.kind,
    state: job.state,
    says: job.says,
    done: job.done,
    ...(job.total !== undefined && { total: job.total }),
    startedAt: formatInstant(job.startedAt),
    ...(job.endedAt !== undefined && { endedAt: formatInstant(job.endedAt) }),
    ...(job.error !== undefined && { error: job.error }),
  }
}

/** One sentence for people about a call that AWS did not answer as hoped. */
export function sayAwsFailure({ failure, operation, awsCode, message }: AwsCallError): string {
  const what = `${operation} was answered with ${awsCode}`
  if (operation.startsWith('AssumeRole')) {
    const remedy = assumeRoleRemedy({ awsCode, message })
    if (remedy !== undefined) return `AWS does not let us take on the role: ${what}. ${remedy} ${message}`
  }
  switch (failure) {
    case 'unauthorized':
      return `AWS does not accept the credentials: ${what}. ${message}`
    case 'denied':
      if (operation === 'DescribeInstance') {
        return `AWS does not show the instance: ${what}. Check Region and Instance ARN first, since AWS answers so where that region has no such instance; if both are right, run the set-up script again. ${message}`
      }
      return `AWS does not allow it: ${what}. Run the set-up script again, and see that the role has the policy. ${message}`
    case 'not_found':
      return `AWS knows nothing of it: ${what}. Check ARN and region. ${message}`
    case 'throttled':
      return `AWS asks for slower calls: ${what}. Try again in a minute.`
    case 'unknown_outcome':
      return `AWS could not be reached, or gave no answer: ${what}. ${message}`
    case 'already_exists':
    case 'conflict':
    case 'quota':
    case 'invalid':
      return `AWS refused: ${what}. ${message}`
  }
}

/** The same as an error of ours, for the edge; any other error stays as it is. */
export function fromAws(error: unknown): unknown {
  if (!(error instanceof AwsCallError)) return error
  const unreachable = error.failure === 'unknown_outcome' || error.failure === 'throttled'
  const details = { operation: error.operation, awsCode: error.awsCode, requestId: error.requestId }
  const code = unreachable ? 'AWS_UNREACHABLE' : 'AWS_REFUSED'
  return new GatewayError(code, sayAwsFailure(error), details, { cause: error })
}

/** Does the work; a failure of AWS becomes an error of ours. @throws GatewayError `AWS_REFUSED`, `AWS_UNREACHABLE`. */
export async function withAws<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fromAws(error)
  }
}
