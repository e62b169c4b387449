/** @module `gatehouse acl users`: members of an access list, one by one. */
import { Option, type Command } from 'commander'
import { changeMembersAnswer, membersAnswer, paths, putMemberAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import {
  aclPath,
  clientOf,
  readEnd,
  showItems,
  whoIs,
  withEnd,
  withItems,
  type EndOptions,
  type ItemsOptions,
} from '../acl/list.js'
import { systemClock } from '../../lib/clock.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { confirm } from '../confirm.js'
import { parseCount } from '../count.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

export function addAclUsers(users: Command, surroundings: CliSurroundings): void {
  addLs(users, surroundings)
  addAdd(users, surroundings)
  addRm(users, surroundings)
}

function addLs(users: Command, surroundings: CliSurroundings): void {
  withItems(users.command('ls').description('list members'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ItemsOptions) => {
      const client = await clientOf(options, surroundings)
      const { search } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        membersAnswer.parse(await client.get(aclPath(paths.listMembers, list), { search, cursor, limit })),
      )
      const shown = {
        items,
        more,
        titles: ['Member', '', 'Since', 'Ends', 'Added by', 'Reason'],
        row: (member: (typeof items)[number]) => [
          whoIs(member),
          member.hasUser ? '' : 'no user here yet',
          member.joinedAt.slice(0, 10),
          endOfMember(member.expiresAt),
          member.addedBy,
          member.reason,
        ],
      }
      showItems(shown, options, surroundings)
    })
}

/** By the clock of this machine: a membership that has ended stays in the list until somebody removes it. */
function endOfMember(expiresAt: string | undefined): string {
  if (expiresAt === undefined) return 'never'
  return Date.parse(expiresAt) <= systemClock.now() ? `${expiresAt} (ended)` : expiresAt
}

interface KindOptions {
  readonly kind: 'user' | 'list'
  readonly list?: true
}

function withKind(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind>', 'what the member is').choices(['user', 'list']).default('user'))
    .option('--list', 'the same as --kind list')
}

function kindOf({ kind, list }: KindOptions): 'user' | 'list' {
  return list ? 'list' : kind
}

interface AddOptions extends ClientOptions, MfaOptions, EndOptions, KindOptions {
  readonly reason?: string
}

function addAdd(users: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  const add = users
    .command('add')
    .description('add a member, or change the end or the reason of one; what is left out stays')
  withEnd(withKind(withMfa(withConnection(add))))
    .argument('<list>', 'name of the access list')
    .argument('<member>', 'name of a user; with --kind list, of another access list')
    .argument('[expires]', 'until when, RFC 3339; "" for good')
    .argument('[reason]', 'why')
    .option('--reason <text>', 'why, instead')
    .action(
      async (
        list: string,
        name: string,
        ends: string | undefined,
        why: string | undefined,
        options: AddOptions,
      ) => {
        const expiresAt = endOf(ends, options)
        const reason = reasonOf(why, options)
        const client = await clientOf(options, surroundings)
        const answer = putMemberAnswer.parse(
          await client.post(aclPath(paths.listMembers, list), {
            kind: kindOf(options),
            name,
            ...(expiresAt !== undefined && { expiresAt }),
            ...(reason !== undefined && { reason }),
          }),
        )
        const until = expiresAt ?? answer.member.expiresAt
        const end = until === undefined ? '' : ` until ${until}`
        out(printable(`${name} is a member of ${list}${end}.`))
        for (const note of answer.notes) out(printable(`  ${note}`))
      },
    )
}

/**
 * `null` for no end; undefined where nothing is said of it.
 * @throws GatewayError `INVALID_INPUT` for an end that is said twice, or is none.
 */
function endOf(until: string | undefined, options: EndOptions): string | null | undefined {
  if (until === undefined || until === '') return readEnd(options) ?? (until === '' ? null : undefined)
  if (options.ttl === undefined && options.expires === undefined) return readEnd({ expires: until })
  throw new GatewayError('INVALID_INPUT', 'say the end once: as third word, by --expires or by --ttl')
}

function reasonOf(why: string | undefined, { reason }: AddOptions): string | undefined {
  if (why === undefined || reason === undefined) return why ?? reason
  throw new GatewayError('INVALID_INPUT', 'say the reason once: as fourth word or by --reason')
}

interface RmOptions extends ClientOptions, MfaOptions, KindOptions {
  readonly yes?: true
}

function addRm(users: Command, surroundings: CliSurroundings): void {
  const { out, err, ask } = surroundings
  const rm = users.command('rm').description('remove a member; access through the list ends with it')
  withKind(withMfa(withConnection(rm)))
    .argument('<list>', 'name of the access list')
    .argument('<member>', 'name of a user; with --kind list, of another access list')
    .option('--yes', 'without asking')
    .action(async (list: string, name: string, options: RmOptions) => {
      const client = await clientOf(options, surroundings)
      if (!options.yes && ask !== undefined) {
        // What cannot be taken back is told before the question.
        const remove = [{ kind: kindOf(options), name }]
        const told = changeMembersAnswer.parse(
          await client.post(aclPath(paths.changeMembers, list), { remove, dryRun: true }),
        )
        for (const note of told.notes) err(printable(note))
      }
      if (!(options.yes || (await confirm(ask, printable(`Remove ${name} from ${list}?`))))) {
        out('Nothing was changed.')
        return
      }
      const path = aclPath(paths.listMember, list)
        .replace(':kind', kindOf(options))
        .replace(':member', encodeURIComponent(name))
      await client.delete(path)
      out(printable(`${name} is no longer a member of ${list}.`))
    })
}
