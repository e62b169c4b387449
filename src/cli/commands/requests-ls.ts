/** @module `gatehouse requests ls`, `get`, `caps`, `search`: which requests there are, and what may be asked for. */
import { Option, type Command } from 'commander'
import {
  accessRequestsAnswer,
  paths,
  pickerAnswer,
  requestCapsAnswer,
  type RequestCapsAnswer,
} from '../../api/contract.js'
import {
  clientOf,
  showItems,
  showValue,
  withFormat,
  withItems,
  type FormatOptions,
  type ItemsOptions,
} from '../acl/list.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { parseCount } from '../count.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'
import { rowTitles, toRow } from '../requests/request-text.js'
import { readRequest, showRequest } from '../requests/request.js'

export function addRequestsLs(requests: Command, surroundings: CliSurroundings): void {
  addLs(requests, surroundings)
  addGet(requests, surroundings)
  addCaps(requests, surroundings)
  addSearch(requests, surroundings)
}

interface LsOptions extends ItemsOptions {
  readonly filter: 'mine' | 'review' | 'all'
  readonly state?: string
}

function addLs(requests: Command, surroundings: CliSurroundings): void {
  const filter = new Option(
    '--filter <which>',
    'mine; review: those that you may decide on now; all: those that you may see',
  )
  withItems(requests.command('ls').description('list access requests, the newest first'))
    .addOption(filter.choices(['mine', 'review', 'all']).default('mine'))
    .option(
      '--state <states>',
      'pending, active, approved, denied, promoted, expired, cancelled, revoked; by commas',
    )
    .action(async (options: LsOptions) => {
      const client = await clientOf(options, surroundings)
      const { search, filter: of, state } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        accessRequestsAnswer.parse(
          await client.get(paths.accessRequests, { of, state, search, cursor, limit }),
        ),
      )
      showItems({ items, more, titles: rowTitles, row: toRow }, options, surroundings)
    })
}

function addGet(requests: Command, surroundings: CliSurroundings): void {
  withFormat(withConnection(requests.command('get').description('one request with all that happened to it')))
    .argument('<id>', 'id of the request')
    .action(async (id: string, options: ClientOptions & FormatOptions) => {
      const client = await clientOf(options, surroundings)
      showRequest(await readRequest(client, id), options, surroundings)
    })
}

function addCaps(requests: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withFormat(
    withConnection(requests.command('caps').description('what you may ask for, and on which terms')),
  ).action(async (options: ClientOptions & FormatOptions) => {
    const client = await clientOf(options, surroundings)
    const caps = requestCapsAnswer.parse(await client.get(paths.meRequestCaps))
    if (options.json) out(JSON.stringify(caps))
    else if (options.format !== 'text') showValue(caps, options.format, surroundings)
    else for (const line of describeCaps(caps)) out(line)
  })
}

function describeCaps({ roles, apps, assignments, ...terms }: RequestCapsAnswer): string[] {
  const held = (isHeld: boolean) => (isHeld ? 'yours already' : '')
  const rows = [
    ...roles.map(({ name, description = '', held: isHeld }) => ['role', name, description, held(isHeld)]),
    ...apps.map(({ name, title, held: isHeld }) => ['app', name, title === name ? '' : title, held(isHeld)]),
  ]
  if (rows.length === 0 && !assignments) return ['You may ask for nothing: no role of yours says "request".']
  return [
    ...(rows.length === 0 ? [] : formatTable(['', 'Name', '', ''], rows)),
    assignments
      ? 'Accounts in AWS with permission sets: gatehouse requests search WORDS'
      : 'No accounts in AWS.',
    `For ${terms.maxDuration} at most. A reason is ${terms.reasonRequired ? 'needed' : 'welcome'}.`,
    ...terms.prompts.map((prompt) => printable(`  ${prompt}`)),
  ]
}

interface SearchOptions extends ClientOptions, FormatOptions {
  readonly show: 'have' | 'requestable' | 'all'
  readonly limit: string
}

function addSearch(requests: Command, surroundings: CliSurroundings): void {
  const show = new Option('--show <which>', 'have: what you have; requestable: and what you may ask for; all')
  withFormat(
    withConnection(requests.command('search').description('accounts and permission sets to ask for')),
  )
    .argument('[words...]', 'of name, id, OU or tags of the account, or of the permission set')
    .addOption(show.choices(['have', 'requestable', 'all']).default('requestable'))
    .option('--limit <number>', 'at most so many accounts', '100')
    .action(async (words: readonly string[], options: SearchOptions) => {
      const client = await clientOf(options, surroundings)
      const search = words.length === 0 ? undefined : words.join(' ')
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) => {
        const query = { search, show: options.show, cursor, limit }
        return pickerAnswer.parse(await client.get(paths.mePicker, query))
      })
      const rows = items.flatMap(({ account, permissionSets }) =>
        permissionSets.map((permissionSet) => ({ account, permissionSet })),
      )
      const shown = {
        items: rows,
        more,
        titles: ['Account', 'Id', 'Permission set', 'State', ''],
        row: ({ account, permissionSet }: (typeof rows)[number]) => [
          account.name,
          account.id,
          permissionSet.name,
          permissionSet.state,
          permissionSet.says,
        ],
      }
      showItems(shown, options, surroundings)
    })
}
