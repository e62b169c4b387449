/**
 * @module `gatehouse requests create` and `extend`: asks for access, or for more time of it. What it would be on is told
 * by a dry run; whoever waits for the decision learns it from the exit status too.
 */
import type { Command } from 'commander'
import {
  createAccessRequestAnswer,
  paths,
  type AccessRequestShown,
  type CreateAccessRequestAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { clientOf, showValue, withFormat, type FormatOptions } from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ApiClient, ClientOptions } from '../client.js'
import { refusedExitCode } from '../exit.js'
import { printable } from '../printable.js'
import { manyOption, readItems, withItemOptions, type ItemOptions } from '../requests/items.js'
import { describeItems, describeOutcome } from '../requests/request-text.js'
import { requestPath, showRequest, tellOutcome, waitForDecision } from '../requests/request.js'

export function addRequestsAsk(requests: Command, surroundings: CliSurroundings): void {
  addCreate(requests, surroundings)
  addExtend(requests, surroundings)
}

interface AskOptions extends ClientOptions, FormatOptions {
  readonly reason?: string
  readonly dryRun?: true
  readonly wait?: true
}

function withAsking(command: Command): Command {
  return withFormat(withConnection(command))
    .option('--reason <text>', 'why; reviewers read it')
    .option('--dry-run', 'tell the terms and who may decide, and keep nothing')
    .option('--wait', 'until it is decided; exit status 3 where it was not approved')
}

interface CreateOptions extends AskOptions, ItemOptions {
  readonly duration?: string
  readonly start?: string
  readonly pendingFor?: string
  readonly reviewer?: readonly string[]
}

function addCreate(requests: Command, surroundings: CliSurroundings): void {
  withItemOptions(withAsking(requests.command('create').description('ask for access for a time')))
    .option('--duration <duration>', 'how long, for example 4h; without it as --dry-run tells')
    .option('--start <instant>', 'not before, RFC 3339')
    .option('--pending-for <duration>', 'how long it may wait for its decision')
    .addOption(manyOption('--reviewer <user>', 'whom to ask first'))
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse requests create --account production --permission-set ReadOnly --reason "incident 7" --wait',
    )
    .action(async (options: CreateOptions) => {
      const { duration, start: startAt, pendingFor, reviewer: suggestedReviewers } = options
      const wish = {
        items: readItems(options),
        ...(duration !== undefined && { duration }),
        ...(startAt !== undefined && { startAt }),
        ...(pendingFor !== undefined && { pendingFor }),
        ...(suggestedReviewers !== undefined && { suggestedReviewers }),
      }
      await ask(paths.accessRequests, wish, options, surroundings)
    })
}

interface ExtendOptions extends AskOptions {
  readonly duration: string
}

function addExtend(requests: Command, surroundings: CliSurroundings): void {
  withAsking(requests.command('extend').description('ask for more time; decided like any request'))
    .argument('<id>', 'id of the request that gives access now')
    .requiredOption('--duration <duration>', 'how much longer, from its end on')
    .action(async (id: string, options: ExtendOptions) => {
      const path = requestPath(paths.requestExtend, id)
      await ask(path, { duration: options.duration }, options, surroundings)
    })
}

async function ask(
  path: string,
  wish: object,
  options: AskOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const { reason = '', dryRun = false, wait = false } = options
  if (dryRun && wait)
    throw new GatewayError('INVALID_INPUT', 'a dry run is not decided: give --dry-run or --wait')
  const client = await clientOf(options, surroundings)
  const answer = createAccessRequestAnswer.parse(await client.post(path, { ...wish, reason, dryRun }))
  const { id } = answer.request
  // For programs there is one answer: with --wait it is what became of it.
  if (id === undefined || !wait || isText(options)) tellAsked(answer, options, surroundings)
  if (id === undefined || !wait) return
  const decided = await waitFor(client, id, options, surroundings)
  tellDecision(decided, options, surroundings)
}

async function waitFor(
  client: ApiClient,
  id: string,
  options: AskOptions,
  { err }: CliSurroundings,
): Promise<AccessRequestShown> {
  if (isText(options)) err('Waiting for the decision …')
  return await waitForDecision(client, id)
}

function tellDecision(request: AccessRequestShown, options: AskOptions, surroundings: CliSurroundings): void {
  if (isText(options)) tellOutcome(request, options, surroundings)
  else showRequest(request, options, surroundings)
  if (request.state !== 'approved' && request.state !== 'promoted') surroundings.setExitCode(refusedExitCode)
}

function isText({ json, format }: FormatOptions): boolean {
  return json !== true && format === 'text'
}

function tellAsked(
  answer: CreateAccessRequestAnswer,
  options: FormatOptions,
  surroundings: CliSurroundings,
): void {
  const { out } = surroundings
  if (options.json) out(JSON.stringify(answer))
  else if (options.format !== 'text') showValue(answer, options.format, surroundings)
  else for (const line of describeAsked(answer)) out(line)
}

function describeAsked({
  request,
  reviewers,
  durations,
  notes,
  ...terms
}: CreateAccessRequestAnswer): string[] {
  const { id } = request
  const whoDecides =
    reviewers.length === 0 ? 'Nobody may decide on it now.' : `May decide: ${reviewers.join(', ')}`
  return [
    printable(
      id === undefined ? 'Nothing was asked for: this was a dry run.' : describeOutcome({ ...request, id }),
    ),
    ...describeItems(request),
    printable(`For ${request.duration} of ${durations.join(', ')} and whatever is between.`),
    ...(terms.reasonRequired ? ['A reason is needed.'] : []),
    ...terms.prompts.map((prompt) => printable(`  ${prompt}`)),
    printable(whoDecides),
    ...notes.map((note) => printable(`  ${note}`)),
  ]
}
