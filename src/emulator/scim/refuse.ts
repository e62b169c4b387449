/**
 * @module Refusals of the directory in the words of SCIM.
 */
import type { DirectoryProblem, DirectoryResult } from '../directory/result.js'
import { conflict, invalid, notFound, ScimError } from './error.js'

/**
 * The row of a change that was made.
 * @throws ScimError where it was refused
 */
export function unwrap<Row>(result: DirectoryResult<Row>): Row {
  if (result.ok) return result.row
  throw describe(result.problem)
}

function describe(problem: DirectoryProblem): ScimError {
  switch (problem.kind) {
    case 'duplicate':
      return conflict(`another resource has this ${problem.attribute}`)
    case 'absent':
      return notFound(`there is no ${problem.resource} ${problem.id}`)
    case 'member-present':
      return conflict(`${problem.userId} is a member already`)
    case 'member-absent':
      return notFound(`${problem.userId} is no member`)
    case 'reserved-name':
      return invalid(`the name ${problem.name} is reserved`)
    case 'quota':
      return new ScimError(
        400,
        'ValidationException',
        `The quota of ${problem.limit} ${problem.resource} is used up.`,
      )
  }
}
