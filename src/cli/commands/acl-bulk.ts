/**
 * @module `gatehouse acl users import`, `export`, `copy`: many members of an access list at once. What the gateway left
 * out is told line by line, and is an exit status of 1, so that no program takes a half for the whole.
 */
import type { Command } from 'commander'
import {
  changeMembersAnswer,
  paths,
  type ChangeMembersAnswer,
  type MemberChange,
} from '../../api/contract.js'
import { aclPath, clientOf, readEnd, whoIs, withEnd, type EndOptions } from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { readTextFile } from '../documents-file.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

export function addAclBulk(users: Command, surroundings: CliSurroundings): void {
  addImport(users, surroundings)
  addExport(users, surroundings)
  addCopy(users, surroundings)
}

interface BulkOptions extends ClientOptions, MfaOptions {
  readonly addUnknown?: true
  readonly dryRun?: true
  readonly json?: true
}

function withBulk(command: Command): Command {
  return withMfa(withConnection(command))
    .option('--add-unknown', 'also names that no user has')
    .option('--dry-run', 'tell what would happen, and change nothing')
    .option('--json', 'the answer as one JSON object')
}

function addImport(users: Command, surroundings: CliSurroundings): void {
  withBulk(users.command('import').description('add and change members by a table'))
    .argument('<list>', 'name of the access list')
    .argument(
      '<file>',
      'CSV with a first line of kind,name,expires,reason, of which only name must be there; - reads standard input',
    )
    .addHelpText(
      'after',
      '\nNobody is removed. Example:\n  gatehouse acl users import on-call people.csv --dry-run',
    )
    .action(async (list: string, file: string, options: BulkOptions) => {
      const csv = await readTextFile(file, surroundings)
      await changeMembers(list, { csv }, options, surroundings)
    })
}

function addExport(users: Command, surroundings: CliSurroundings): void {
  const { out, outIsTerminal } = surroundings
  withConnection(users.command('export').description('the members as CSV, as import takes it back'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      const { text } = await client.request('GET', aclPath(paths.listMembersCsv, list))
      const lines = text.replace(/\r?\n$/, '')
      out(outIsTerminal ? printable(lines.replaceAll('\r\n', '\n'), { multiline: true }) : lines)
    })
}

interface CopyOptions extends BulkOptions, EndOptions {
  readonly reason?: string
}

function addCopy(users: Command, surroundings: CliSurroundings): void {
  withEnd(withBulk(users.command('copy').description('add the members of one list to another')))
    .argument('<from>', 'name of the access list whose members are added')
    .argument('<to>', 'name of the access list that gets them')
    .option('--reason <text>', 'why')
    .action(async (from: string, to: string, options: CopyOptions) => {
      const expiresAt = readEnd(options)
      const { reason } = options
      const wish = {
        copyFrom: from,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(reason !== undefined && { reason }),
      }
      await changeMembers(to, wish, options, surroundings)
    })
}

async function changeMembers(
  list: string,
  wish: object,
  { addUnknown, dryRun, json, ...options }: BulkOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const { out, err, setExitCode } = surroundings
  const client = await clientOf(options, surroundings)
  const answer = changeMembersAnswer.parse(
    await client.post(aclPath(paths.changeMembers, list), {
      ...wish,
      addUnknown: addUnknown ?? false,
      dryRun: dryRun ?? false,
    }),
  )
  if (json) out(JSON.stringify(answer))
  else for (const line of describe(answer)) out(printable(line))
  const left = answer.refused.length + answer.unknown.length
  if (left === 0) return
  err(`${left === 1 ? 'One line was' : `${left} lines were`} left out.`)
  setExitCode(1)
}

function describe(answer: ChangeMembersAnswer): string[] {
  const { dryRun, unchanged } = answer
  const will = (verb: string) => (dryRun ? `would be ${verb}` : verb)
  const place = (line: number | undefined) => (line === undefined ? '' : `line ${line}: `)
  return [
    ...answer.added.map((one) => `+ ${whoIs(one)} ${will('added')}`),
    ...answer.updated.map(
      (one) => `~ ${whoIs(one)} ${will('changed')}: ${one.changes.map(sayChange).join('; ')}`,
    ),
    ...answer.removed.map((one) => `- ${whoIs(one)} ${will('removed')}`),
    ...answer.refused.map(({ line, name, problem }) => `! ${place(line)}${name}: ${problem}`),
    ...answer.unknown.map(({ line, name, suggestions }) => {
      const like = suggestions.length === 0 ? '' : `; is it ${suggestions.join(' or ')}?`
      return `? ${place(line)}no user is called ${name}${like}`
    }),
    ...answer.notes.map((note) => `  ${note}`),
    `${answer.added.length} ${will('added')}, ${answer.updated.length} ${will('changed')}, ${unchanged} as they were.`,
    ...(dryRun ? ['Nothing was changed: this was a dry run.'] : []),
  ]
}

/** "ends 2027-01-31T08:00:00.000Z -> never". */
function sayChange({ field, before, after }: MemberChange): string {
  const none = field === 'end' ? 'never' : '-'
  return `${field === 'end' ? 'ends' : 'reason'} ${before ?? none} -> ${after ?? none}`
}
