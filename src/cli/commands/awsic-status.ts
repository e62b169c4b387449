/**
 * @module `gatehouse awsic status`, `changes`, `assignments`, `resync` and `resources ls`: how the sync is, what it did,
 * what is in AWS and why.
 */
import { Option, type Command } from 'commander'
import {
  assignmentsAnswer,
  changesAnswer,
  paths,
  previewKinds,
  type SyncStatusAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import {
  clientOf,
  describeJob,
  pluginPath,
  poll,
  readPages,
  readStatus,
  withPlugin,
  type PluginOptions,
} from '../awsic/plugin.js'
import { describeStatus } from '../awsic/status-text.js'
import type { CliSurroundings } from '../cli.js'
import { parseCount } from '../count.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'
import { readPreview } from './awsic-import.js'

export function addStatusCommands(awsic: Command, surroundings: CliSurroundings): void {
  addStatus(awsic, surroundings)
  addChanges(awsic, surroundings)
  addAssignments(awsic, surroundings)
  addResync(awsic, surroundings)
  addResources(awsic, surroundings)
}

function addStatus(awsic: Command, surroundings: CliSurroundings): void {
  const { out, setExitCode } = surroundings
  withPlugin(awsic.command('status').description('how the connection and the sync are, and what to do'))
    .option('--watch', 'go on until nothing is under way, a line for each change')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 1 where the sync is failing, or a person has to do something; 0 otherwise.',
    )
    .action(async (options: PluginOptions & { readonly watch?: true }) => {
      const client = await clientOf(options, surroundings)
      let status = await readStatus(client, options)
      if (options.watch) {
        let told = ''
        status = await poll(async () => {
          const now = await readStatus(client, options)
          const line = describeMoment(now)
          if (line !== told && !options.json) out(printable(line))
          told = line
          return isUnderWay(now) ? undefined : now
        })
      }
      if (options.json) out(JSON.stringify(status))
      else for (const line of describeStatus(status)) out(printable(line))
      setExitCode(['failing', 'attention'].includes(status.health) ? 1 : 0)
    })
}

function isUnderWay({ job, waiting, governor, sync }: SyncStatusAnswer): boolean {
  if (job?.state === 'running' || waiting.open > 0) return true
  return sync === 'active' && governor.queue > 0
}

function describeMoment({ job, waiting, governor, says }: SyncStatusAnswer): string {
  const work = job?.state === 'running' ? describeJob(job) : says
  const left = governor.secondsLeft === undefined ? '' : `, about ${governor.secondsLeft} s left`
  return `${work}; under way: ${waiting.open}, waiting for a person: ${waiting.held}${left}`
}

interface ChangesOptions extends PluginOptions {
  readonly state?: string
  readonly limit: string
}

function addChanges(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withPlugin(awsic.command('changes').description('what the sync did in AWS, newest first, with reasons'))
    .addOption(
      new Option('--state <state>', 'only these').choices(['open', 'succeeded', 'failed', 'unknown']),
    )
    .option('--limit <number>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action(async (options: ChangesOptions) => {
      const client = await clientOf(options, surroundings)
      const { state } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        changesAnswer.parse(
          await client.get(pluginPath(paths.awsicChanges, options), { state, cursor, limit }),
        ),
      )
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else
        for (const { begunAt, state: outcome, says, because, error, remedy } of items) {
          out(printable(`${begunAt}  ${outcome.padEnd(9)}  ${says} (${because})`))
          if (error !== undefined) out(printable(`    ${error}`))
          if (remedy !== undefined) out(printable(`    do: ${remedy}`))
        }
      if (more) err('There are more; --limit says how many are shown.')
    })
}

interface AssignmentsOptions extends PluginOptions {
  readonly account?: string
  readonly person?: string
  readonly limit: string
}

function addAssignments(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withPlugin(awsic.command('assignments').description('what is assigned in AWS, as last seen, and why'))
    .option('--account <id>', 'only in this account, by its 12 digits')
    .option('--person <name>', 'only what this user has')
    .option('--limit <number>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action(async (options: AssignmentsOptions) => {
      const client = await clientOf(options, surroundings)
      const { account, person } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        assignmentsAnswer.parse(
          await client.get(pluginPath(paths.awsicAssignments, options), { account, person, cursor, limit }),
        ),
      )
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else {
        const rows = items.map(({ account: where, permissionSet, principal, owned, reasons }) => [
          `${where.name} ${where.id}`,
          permissionSet.name,
          `${principal.kind} ${principal.name}`,
          owned ? 'ours' : 'not ours',
          reasons.join('; '),
        ])
        for (const line of formatTable(['Account', 'Permission set', 'To', 'Whose', 'Because'], rows))
          out(line)
      }
      if (more) err('There are more; --limit says how many are shown.')
    })
}

function addResync(awsic: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withPlugin(awsic.command('resync').description('read one user or access list anew in AWS and try it again'))
    .argument('<object>', 'user/NAME or list/NAME')
    .action(async (text: string, options: PluginOptions) => {
      const [, kind, name] = /^(user|list)\/(.+)$/.exec(text) ?? []
      if (kind === undefined) {
        throw new GatewayError('INVALID_INPUT', `"${text}" is neither user/NAME nor list/NAME`)
      }
      const client = await clientOf(options, surroundings)
      await client.post(pluginPath(paths.awsicResync, options), { kind, name })
      out(printable(`${kind} ${name ?? ''} is read anew and tried again at once.`))
    })
}

interface ResourcesOptions extends PluginOptions {
  readonly kind?: (typeof previewKinds)[number]
  readonly search?: string
  readonly limit: string
}

function addResources(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  const resources = awsic.command('resources').description('what there is in Identity Center')
  const kinds = previewKinds.filter((kind) => kind !== 'members' && kind !== 'assignments')
  withPlugin(resources.command('ls').description('accounts, permission sets, users and groups, as last read'))
    .addOption(new Option('--kind <kind>', 'only of this').choices([...kinds]))
    .option('--search <words>', 'those whose name has all of these')
    .option('--limit <number>', 'at most so many of each', '100')
    .option('--json', 'one JSON object a line')
    .action(async (options: ResourcesOptions) => {
      const client = await clientOf(options, surroundings)
      const limit = parseCount('--limit', options.limit)
      const rows: string[][] = []
      for (const kind of options.kind === undefined ? kinds : [options.kind]) {
        const { items, more } = await readPreview(client, { ...options, kind }, limit)
        if (more) err(`There are more ${kind.replace('_', ' ')}; --limit says how many are shown.`)
        for (const item of items) {
          if (options.json) out(JSON.stringify({ kind, ...item }))
          rows.push([kind.replace('_', ' ').replace(/s$/, ''), item.name, item.id, item.facts])
        }
      }
      if (!options.json) for (const line of formatTable(['Kind', 'Name', 'Id', 'Has'], rows)) out(line)
    })
}
