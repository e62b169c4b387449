/**
 * @module `gatehouse acl`: access lists and their members. What a list grants and who owns it are edited as any
 * resource; members are added and removed one by one.
 */
import type { Command } from 'commander'
import {
  membersAnswer,
  paths,
  putMemberAnswer,
  resourceAnswer,
  resourceListAnswer,
  type ResourceItem,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, parseDuration, parseInstant } from '../../core/time.js'
import { systemClock } from '../../lib/clock.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { confirm } from '../confirm.js'
import { parseCount } from '../count.js'
import { listPath } from '../kinds.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

export function addAclCommands(program: Command, surroundings: CliSurroundings): void {
  const acl = program.command('acl').description('access lists and their members')
  addLs(acl, surroundings)
  addShow(acl, surroundings)
  const members = acl.command('members').description('the members of an access list')
  addMembersLs(members, surroundings)
  addMembersAdd(members, surroundings)
  addMembersRm(members, surroundings)
}

const kind = 'access_list'

interface ListOptions extends ClientOptions {
  readonly search?: string
  readonly limit: string
  readonly json?: true
}

function withList(command: Command): Command {
  return withConnection(command)
    .option('--search <words>', 'those that have all of these')
    .option('--limit <number>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
}

async function clientOf(options: ClientOptions, { env }: CliSurroundings): Promise<ApiClient> {
  return createClient(await findConnection(options, env))
}

function addLs(acl: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withList(acl.command('ls').description('list access lists')).action(async (options: ListOptions) => {
    const client = await clientOf(options, surroundings)
    const { search } = options
    const { items, more } = await readPages(
      parseCount('--limit', options.limit),
      async (cursor, limit) =>
        resourceListAnswer.parse(await client.get(listPath(kind), { search, cursor, limit })),
      500,
    )
    if (options.json) for (const item of items) out(JSON.stringify(item))
    else for (const line of formatTable(['Name', 'Title', 'Owners', 'Grants'], items.map(toRow))) out(line)
    if (more) err('There are more; --limit says how many are shown.')
  })
}

function toRow({ name, columns, problem }: ResourceItem): string[] {
  if (problem !== undefined) return [name, `cannot be read: ${problem}`, '', '']
  return [name, columns.title ?? '', columns.owners ?? '', columns.grants ?? '']
}

function addShow(acl: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withConnection(acl.command('show').description('an access list as YAML, and how many members it has'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      const { yaml } = resourceAnswer.parse(await client.get(`${listPath(kind)}/${encodeURIComponent(list)}`))
      out(printable(yaml.trimEnd(), { multiline: true }))
      const { total } = membersAnswer.parse(await client.get(membersPath(list), { limit: '1' }))
      out(printable(`# ${total} members: gatehouse acl members ls ${list}`))
    })
}

function membersPath(list: string): string {
  return paths.listMembers.replace(':name', encodeURIComponent(list))
}

function addMembersLs(members: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withList(members.command('ls').description('list members'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ListOptions) => {
      const client = await clientOf(options, surroundings)
      const { search } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        membersAnswer.parse(await client.get(membersPath(list), { search, cursor, limit })),
      )
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else {
        const rows = items.map(({ kind: what, name, hasUser, joinedAt, expiresAt, addedBy, reason }) => [
          what === 'list' ? `list ${name}` : name,
          hasUser ? '' : 'no user here yet',
          joinedAt.slice(0, 10),
          expiresAt ?? 'never',
          addedBy,
          reason,
        ])
        for (const line of formatTable(['Member', '', 'Since', 'Ends', 'Added by', 'Reason'], rows)) out(line)
      }
      if (more) err('There are more; --limit says how many are shown.')
    })
}

interface AddOptions extends ClientOptions {
  readonly list?: true
  readonly ttl?: string
  readonly expires?: string
  readonly reason?: string
}

function addMembersAdd(members: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withConnection(members.command('add').description('add a member, or change when a membership ends'))
    .argument('<list>', 'name of the access list')
    .argument('<member>', 'name of a user; with --list, of another access list')
    .option('--list', 'the member is an access list')
    .option('--ttl <duration>', 'how long, for example 720h; for good without')
    .option('--expires <instant>', 'until when instead, RFC 3339')
    .option('--reason <text>', 'why')
    .action(async (list: string, member: string, options: AddOptions) => {
      const expiresAt = readEnd(options)
      const client = await clientOf(options, surroundings)
      const answer = await client.post(membersPath(list), {
        kind: kindOf(options),
        name: member,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(options.reason !== undefined && { reason: options.reason }),
      })
      const end = expiresAt === undefined ? '' : ` until ${expiresAt}`
      out(printable(`${member} is a member of ${list}${end}.`))
      for (const note of putMemberAnswer.parse(answer).notes) out(printable(`  ${note}`))
    })
}

function readEnd({ ttl, expires }: AddOptions): string | undefined {
  if (ttl !== undefined && expires !== undefined) {
    throw new GatewayError('INVALID_INPUT', 'give either --ttl or --expires')
  }
  if (ttl !== undefined) return formatInstant(systemClock.now() + parseDuration(ttl, '--ttl'))
  if (expires !== undefined && parseInstant(expires) === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `--expires: "${expires}" is no instant such as 2027-01-31T08:00:00Z`,
    )
  }
  return expires
}

function kindOf({ list }: { readonly list?: true }): 'user' | 'list' {
  return list ? 'list' : 'user'
}

function memberPath(list: string, member: string, options: { readonly list?: true }): string {
  return paths.listMember
    .replace(':name', encodeURIComponent(list))
    .replace(':kind', kindOf(options))
    .replace(':member', encodeURIComponent(member))
}

interface RmOptions extends ClientOptions {
  readonly list?: true
  readonly yes?: true
}

function addMembersRm(members: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  withConnection(members.command('rm').description('remove a member; access through the list ends with it'))
    .argument('<list>', 'name of the access list')
    .argument('<member>', 'name of a user; with --list, of another access list')
    .option('--list', 'the member is an access list')
    .option('--yes', 'without asking')
    .action(async (list: string, member: string, options: RmOptions) => {
      const client = await clientOf(options, surroundings)
      if (!(options.yes || (await confirm(ask, printable(`Remove ${member} from ${list}?`))))) {
        out('Nothing was changed.')
        return
      }
      await client.delete(memberPath(list, member, options))
      out(printable(`${member} is no longer a member of ${list}.`))
    })
}
