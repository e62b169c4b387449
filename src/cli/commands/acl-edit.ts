/**
 * @module `gatehouse acl create`, `update`, `rm`: the document of an access list by options. What is written starts from
 * the revision that was read; who owns a list and may not write its document changes what it asks of members alone.
 */
import { Option, type Command } from 'commander'
import {
  changeAnswer,
  listDetail,
  paths,
  putRequirementsAnswer,
  resourceAnswer,
  applyAnswer,
  type ChangeAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { aclPath, clientOf, listKind } from '../acl/list.js'
import { asksOnly, changeHoldings, editSpec, requirementsOf, type ListEdit } from '../acl/edit-document.js'
import { describeChange, formatDiff, wantsColor } from '../change-lines.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ApiClient, ClientOptions } from '../client.js'
import { listPath } from '../kinds.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'

export function addAclEdit(acl: Command, surroundings: CliSurroundings): void {
  addCreate(acl, surroundings)
  addUpdate(acl, surroundings)
  addRm(acl, surroundings)
}

interface EditOptions extends ClientOptions, MfaOptions, ListEdit {
  readonly dryRun?: true
}

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** Options that may stand more than once; a name may have any character, so none separates several. */
const additions = [
  ['--owner <user>', 'somebody who answers for it'],
  ['--owner-list <list>', 'an access list whose members own it'],
  ['--grant <role>', 'a role that members hold, of accounts in AWS too'],
  ['--grant-trait <key=value>', 'a trait that members have'],
  ['--owner-grant <role>', 'a role that owners hold'],
  ['--require-role <role>', 'a role of their own that members must have'],
  ['--require-trait <key=value>', 'a trait of their own that members must have'],
] as const

const removals = [
  ['--remove-owner <user>', 'an owner who is one no more'],
  ['--remove-owner-list <list>', 'a list whose members own it no more'],
  ['--remove-grant <role>', 'a role that members hold no more by it'],
  ['--remove-grant-trait <key=value>', 'a trait that members have no more by it'],
  ['--remove-owner-grant <role>', 'a role that owners hold no more by it'],
  ['--remove-required-role <role>', 'a role that is asked no more of members'],
  ['--remove-required-trait <key=value>', 'a trait that is asked no more of members'],
] as const

function withEdits(command: Command): Command {
  for (const [flags, says] of additions) {
    command.addOption(new Option(flags, `${says}; may stand more than once`).argParser(each))
  }
  return withMfa(withConnection(command))
    .option('--description <text>', 'for people')
    .addOption(
      new Option('--review-every <months>', 'how often its members are reviewed').choices([
        ...['1', '3', '6', '12'],
      ]),
    )
    .addOption(new Option('--review-day <day>', 'of the month').choices(['1', '15', 'last']))
    .option('--dry-run', 'show what would change, and change nothing')
}

/** What concerns the list, without the options that say how to ask. */
function editOf({ dryRun: _, url: __, dataDir: ___, mfaCode: ____, ...edit }: EditOptions): ListEdit {
  return edit
}

function addCreate(acl: Command, surroundings: CliSurroundings): void {
  withEdits(acl.command('create').description('make an access list'))
    .argument('<list>', 'its name, which stays whatever its title becomes')
    .requiredOption('--title <text>', 'what people read; the name of its group in AWS')
    .option('--type <type>', 'static: its members are documents that are applied')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse acl create on-call --title "On call" --owner ada@example.com \\\n    --grant ReadOnlyAccess-on-production-222222222222 --require-role access',
    )
    .action(async (name: string, options: EditOptions) => {
      const dryRun = options.dryRun ?? false
      const spec = editSpec({}, editOf(options))
      const client = await clientOf(options, surroundings)
      const document = { kind: listKind, version: 'v1', metadata: { name }, spec }
      const query = { mode: 'create', ...(dryRun && { dryRun: 'true' }) }
      const { changes } = applyAnswer.parse(await client.post(paths.resources, document, query))
      for (const change of changes) tell(change, dryRun, surroundings)
    })
}

function tell(change: ChangeAnswer, dryRun: boolean, surroundings: CliSurroundings): void {
  const { out } = surroundings
  for (const line of describeChange(change, { dryRun })) out(line)
  if (!dryRun) return
  for (const line of formatDiff(change.diff, { color: wantsColor(surroundings) })) out(line)
  out('Nothing was changed: this was a dry run.')
}

function addUpdate(acl: Command, surroundings: CliSurroundings): void {
  const command = acl.command('update').description('change an access list; owners: what it asks of members')
  for (const [flags, says] of removals) command.addOption(new Option(flags, says).argParser(each))
  withEdits(command)
    .argument('<list>', 'name of the access list')
    .option('--title <text>', 'what people read; the name of its group in AWS')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse acl update on-call --remove-grant AdminAccess-on-my-account-111111111111 --dry-run\n\nEverything else: gatehouse edit access_list/LIST',
    )
    .action(async (name: string, options: EditOptions) => {
      const edit = editOf(options)
      if (Object.keys(edit).length === 0) {
        throw new GatewayError('INVALID_INPUT', 'say what to change; --help lists the options')
      }
      const client = await clientOf(options, surroundings)
      const dryRun = options.dryRun ?? false
      if (asksOnly(edit)) await updateRequirements(client, name, { edit, dryRun }, surroundings)
      else tell(await updateDocument(client, name, { edit, dryRun }), dryRun, surroundings)
    })
}

interface Update {
  readonly edit: ListEdit
  readonly dryRun: boolean
}

async function updateDocument(
  client: ApiClient,
  name: string,
  { edit, dryRun }: Update,
): Promise<ChangeAnswer> {
  const { may } = listDetail.parse(await client.get(aclPath(paths.accessList, name)))
  if (!may.edit) {
    throw new GatewayError(
      'FORBIDDEN',
      'administrators change the title, the owners and what a list grants; its owners change members, and what it asks of them',
    )
  }
  const path = `${listPath(listKind)}/${encodeURIComponent(name)}`
  const { document, revision } = resourceAnswer.parse(await client.get(path))
  const answer = await client.request('PUT', path, {
    body: JSON.stringify({ ...document, spec: editSpec(document['spec'], edit) }),
    ifMatch: revision,
    query: dryRun ? { dryRun: 'true' } : {},
  })
  return changeAnswer.parse(JSON.parse(answer.text))
}

async function updateRequirements(
  client: ApiClient,
  name: string,
  { edit, dryRun }: Update,
  { out }: CliSurroundings,
): Promise<void> {
  const { membershipRequires, revision } = listDetail.parse(await client.get(aclPath(paths.accessList, name)))
  const wanted = changeHoldings('membership_requires', membershipRequires, requirementsOf(edit))
  const answer = putRequirementsAnswer.parse(
    await client.put(aclPath(paths.listRequirements, name), { ...wanted, revision, dryRun }),
  )
  out(printable(`What ${name} asks of its members ${dryRun ? 'would be' : 'was'} changed.`))
  for (const one of answer.lose) out(printable(`  ${one} does not count as a member any more`))
  if (answer.moreLose > 0) out(`  and ${answer.moreLose} more`)
  for (const note of answer.notes) out(printable(`  ${note}`))
  if (dryRun) out('Nothing was changed: this was a dry run.')
}

function addRm(acl: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  const rm = acl.command('rm').description('delete access lists, after showing what goes')
  withRemoval(withMfa(withConnection(rm)))
    .argument('<list...>', 'names of access lists')
    .action(async (names: readonly string[], options: ClientOptions & MfaOptions & RemovalOptions) => {
      const client = await clientOf(options, surroundings)
      const all = names.map((name) => `${listPath(listKind)}/${encodeURIComponent(name)}`)
      await removeResources({ paths: all, client, options, out, ask })
    })
}
