/**
 * @module `gatehouse requests review`, `approve`, `deny`, `promote`: deciding on what others ask for, all of it or item by
 * item, or making them members of an access list instead.
 */
import type { Command } from 'commander'
import { paths, promotionsAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import {
  clientOf,
  readEnd,
  showItems,
  withEnd,
  withFormat,
  type EndOptions,
  type FormatOptions,
} from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { decideRequest } from '../requests/decide.js'
import { idsOfItems, manyOption } from '../requests/items.js'
import { readRequest, requestPath, tellOutcome } from '../requests/request.js'

export function addRequestsReview(requests: Command, surroundings: CliSurroundings): void {
  addReview(requests, surroundings)
  addWhole(requests, 'approve', 'approve everything of it that you may decide on', surroundings)
  addWhole(requests, 'deny', 'deny everything of it that you may decide on', surroundings)
  addPromote(requests, surroundings)
}

interface ReviewOptions extends ClientOptions, FormatOptions, MfaOptions {
  readonly approve?: readonly string[]
  readonly deny?: readonly string[]
  readonly reason?: string
  readonly duration?: string
  readonly start?: string
}

function withReview(command: Command): Command {
  return withMfa(withFormat(withConnection(command)).option('--reason <text>', 'why; the requester reads it'))
}

/** What a reviewer may change; who denies all of it changes nothing. */
function withTimes(command: Command): Command {
  return command
    .option('--duration <duration>', 'shorter than was asked for')
    .option('--start <instant>', 'later than was asked for, RFC 3339')
}

function addReview(requests: Command, surroundings: CliSurroundings): void {
  withTimes(withReview(requests.command('review').description('decide item by item; others stay open')))
    .argument('<id>', 'id of the request')
    .addOption(manyOption('--approve <item>', 'id or name of an item, as "get" shows them'))
    .addOption(manyOption('--deny <item>', 'the same'))
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse requests review ID --approve "ReadOnly on staging" --deny "Admin on staging"',
    )
    .action(async (id: string, options: ReviewOptions) => {
      const { approve = [], deny = [] } = options
      if (approve.length + deny.length === 0) {
        throw new GatewayError(
          'INVALID_INPUT',
          'say what to --approve or to --deny; "requests approve" and "requests deny" decide on all of it',
        )
      }
      const client = await clientOf(options, surroundings)
      const request = await readRequest(client, id)
      const sides = { approve: idsOfItems(request, approve), deny: idsOfItems(request, deny) }
      await review(id, sides, options, surroundings)
    })
}

function addWhole(
  requests: Command,
  all: 'approve' | 'deny',
  says: string,
  surroundings: CliSurroundings,
): void {
  const command = withReview(requests.command(all).description(says))
  if (all === 'approve') withTimes(command)
  command
    .argument('<id>', 'id of the request')
    .action(async (id: string, options: ReviewOptions) => await review(id, { all }, options, surroundings))
}

async function review(
  id: string,
  decision: object,
  options: ReviewOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const { reason = '', duration, start: startAt } = options
  const client = await clientOf(options, surroundings)
  const body = {
    ...decision,
    reason,
    ...(duration !== undefined && { duration }),
    ...(startAt !== undefined && { startAt }),
  }
  const sent = { path: paths.requestReviews, id, body }
  const { request, effectual } = await decideRequest(client, sent, options, surroundings)
  tellOutcome(request, options, surroundings)
  if (effectual === false)
    surroundings.err('Your review is kept; more reviews are needed before anything is decided.')
}

interface PromoteOptions extends ClientOptions, FormatOptions, EndOptions, MfaOptions {
  readonly reason?: string
}

function addPromote(requests: Command, surroundings: CliSurroundings): void {
  withEnd(
    withReview(
      requests.command('promote').description('make the requester a member of an access list instead'),
    ),
  )
    .argument('<id>', 'id of the request')
    .argument(
      '[list]',
      'name of the access list; without it those that grant everything asked for are listed',
    )
    .action(async (id: string, list: string | undefined, options: PromoteOptions) => {
      if (list === undefined) await listPromotions(id, options, surroundings)
      else await promote(id, list, options, surroundings)
    })
}

async function listPromotions(
  id: string,
  options: PromoteOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const client = await clientOf(options, surroundings)
  const { items } = promotionsAnswer.parse(await client.get(requestPath(paths.requestPromotions, id)))
  const shown = {
    items,
    more: false,
    titles: ['List', 'Title', 'Possible', '', 'Gives beside'],
    row: (one: (typeof items)[number]) => [
      one.list,
      one.title,
      one.possible ? 'yes' : 'no',
      one.says,
      one.beyond.join(', '),
    ],
  }
  showItems(shown, options, surroundings)
  if (items.length === 0) {
    surroundings.err(
      'No access list that you see grants everything that is asked for, so there is none to promote it to.',
    )
  }
}

async function promote(
  id: string,
  list: string,
  options: PromoteOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const expires = readEnd(options)
  const client = await clientOf(options, surroundings)
  const body = { list, reason: options.reason ?? '', ...(expires !== undefined && { expires }) }
  const sent = { path: paths.requestPromote, id, body }
  const { request } = await decideRequest(client, sent, options, surroundings)
  tellOutcome(request, options, surroundings)
}
