/** @module `gatehouse requests`: asking for access for a time, deciding on it, and ending it. */
import type { Command } from 'commander'
import type { CliSurroundings } from '../cli.js'
import { addRequestsAsk } from './requests-ask.js'
import { addRequestsEnd } from './requests-end.js'
import { addRequestsLs } from './requests-ls.js'
import { addRequestsReview } from './requests-review.js'

export function addRequestsCommands(program: Command, surroundings: CliSurroundings): void {
  const requests = program
    .command('requests')
    .alias('request')
    .description('access requests: asking for access for a time, and deciding on it')
  addRequestsLs(requests, surroundings)
  addRequestsAsk(requests, surroundings)
  addRequestsReview(requests, surroundings)
  addRequestsEnd(requests, surroundings)
}
