/**
 * @module Failures of AWS in words: what went wrong with one object, and what a person can do. Of AWS's own words only
 * a bounded part is shown; they hold no secret, since no call of ours carries one in its body.
 */
import type { AwsFailure, AwsService } from '../governor/call.js'

export interface FailureWords {
  readonly says: string
  readonly remedy: string
}

export interface FailureFacts {
  readonly failure: AwsFailure
  readonly service: AwsService
  readonly operation: string
  readonly awsCode: string
  readonly message: string
}

const longest = 300

/** One sentence each; `object` is a noun with its name: `user "ada@example.com"`. */
export function failureWords(object: string, facts: FailureFacts): FailureWords {
  const detail = facts.message.slice(0, longest)
  const { says, remedy } = words(object, facts)
  return { says: detail === '' ? `${says}.` : `${says}: ${detail}`, remedy }
}

function words(object: string, { failure, service, operation, awsCode }: FailureFacts): FailureWords {
  const call = `${operation} (${awsCode})`
  switch (failure) {
    case 'throttled':
      return {
        says: `AWS had no room for ${call} of ${object}`,
        remedy: 'Nothing to do: it is tried again as soon as the limits allow.',
      }
    case 'unauthorized':
      return service === 'scim'
        ? {
            says: `AWS refused the SCIM token at ${call}`,
            remedy:
              'Make a new token in Identity Center (Settings, Automatic provisioning) and add it under Identity Center, SCIM.',
          }
        : {
            says: `AWS refused our credentials at ${call}`,
            remedy: 'Run the connection test under Identity Center, Set-up: it says which part is missing.',
          }
    case 'denied':
      return {
        says: `AWS does not allow ${call} for ${object}`,
        remedy:
          'Run the connection test: it names the missing permission. Assignments in the management account need the block management_account of the set-up script and cannot be made by a delegated administrator.',
      }
    case 'not_found':
      return {
        says: `${object} or something it refers to is gone in Identity Center`,
        remedy: 'Nothing to do: it is read again and the plan follows what is there.',
      }
    case 'already_exists':
      return {
        says: `Identity Center already has an object with the name or mail address of ${object}`,
        remedy:
          'If it is the same one, approve its adoption in the plan; otherwise change the name or the address of one of them.',
      }
    case 'conflict':
      return {
        says: `another change of ${object} is still under way at AWS`,
        remedy: 'Nothing to do: it is tried again.',
      }
    case 'quota':
      return {
        says: `AWS's quota is used up at ${call} for ${object}`,
        remedy:
          'Ask AWS for a higher quota (Service Quotas, IAM Identity Center), or give less to this principal.',
      }
    case 'invalid':
      return {
        says: `AWS does not accept ${object} as it is (${call})`,
        remedy: 'Correct the attribute that is named and it is tried again at once.',
      }
    case 'unknown_outcome':
      return {
        says: `AWS's answer to ${call} for ${object} was lost`,
        remedy: 'Nothing to do: it is read again and repeated where it did not happen.',
      }
  }
}
