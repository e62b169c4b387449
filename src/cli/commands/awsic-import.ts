/**
 * @module `gatehouse awsic scan`, `preview`, `import` and `preflight`: what there is in AWS, what it becomes here, and
 * who could still sign in after the identity source is changed. None of them changes anything in AWS.
 */
import { Option, type Command } from 'commander'
import { readFile } from 'node:fs/promises'
import {
  importAnswer,
  paths,
  preflightAnswer,
  previewAnswer,
  previewKinds,
  type PreflightAnswer,
  type PreviewAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import {
  clientOf,
  followJob,
  pluginPath,
  readPages,
  withPlugin,
  type PluginOptions,
} from '../awsic/plugin.js'
import type { CliSurroundings } from '../cli.js'
import { withMfa } from '../mfa.js'
import { parseCount } from '../count.js'
import type { ApiClient } from '../client.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

export function addImportCommands(awsic: Command, surroundings: CliSurroundings): void {
  addScan(awsic, surroundings)
  addPreview(awsic, surroundings)
  addImport(awsic, surroundings)
  addPreflight(awsic, surroundings)
}

function addScan(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withPlugin(awsic.command('scan').description('read Identity Center to the end, now'))
    .option('--json', 'the work as one JSON object')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const started = await client.post(pluginPath(paths.awsicScan, options), {})
      const job = await followJob(started, { client, options, tell: options.json ? err : out })
      if (options.json) out(JSON.stringify({ job }))
    })
}

type PreviewKind = (typeof previewKinds)[number]

interface PreviewOptions extends PluginOptions {
  readonly kind: PreviewKind
  readonly search?: string
  readonly show: string
  readonly filters?: string
  readonly limit: string
}

function addPreview(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withPlugin(awsic.command('preview').description('show what an import takes over, what not, and why'))
    .addOption(new Option('--kind <kind>', 'of what').choices([...previewKinds]).default('groups'))
    .addOption(
      new Option('--show <which>', 'which of them').choices(['all', 'imported', 'skipped']).default('all'),
    )
    .option('--search <words>', 'those whose name has all of these')
    .option(
      '--filters <file>',
      'try filters before they are saved: a JSON file with the members of the plugin',
    )
    .option('--limit <number>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action(async (options: PreviewOptions) => {
      const client = await clientOf(options, surroundings)
      const limit = parseCount('--limit', options.limit)
      const filters = options.filters === undefined ? undefined : await readFilters(options.filters)
      const { preview, items, more } = await readPreview(client, options, limit, filters)
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else for (const line of describePreview(preview, items)) out(line)
      if (more) err(`There are more: ${preview.total} in all; --limit says how many are shown.`)
    })
}

async function readFilters(file: string): Promise<string> {
  try {
    return JSON.stringify(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `cannot read ${file} as JSON`, {}, { cause })
  }
}

/** One kind of a preview, page after page. */
export async function readPreview(
  client: ApiClient,
  options: Pick<PreviewOptions, 'plugin' | 'kind' | 'search'> & { readonly show?: string },
  limit: number,
  filters?: string,
): Promise<{ preview: PreviewAnswer; items: readonly PreviewAnswer['items'][number][]; more: boolean }> {
  const { kind, search, show } = options
  let first: PreviewAnswer | undefined
  const { items, more } = await readPages(limit, async (cursor, pageSize) => {
    const query = { kind, search, show, filters, cursor, limit: pageSize }
    const page = previewAnswer.parse(await client.get(pluginPath(paths.awsicPreview, options), query))
    first ??= page
    return page
  })
  if (first === undefined) throw new Error('a first page is always read')
  return { preview: first, items, more }
}

function describePreview(preview: PreviewAnswer, items: readonly PreviewAnswer['items'][number][]): string[] {
  const rows = items.map(({ name, id, facts, imported, says }) => [
    name,
    id,
    facts,
    imported ? 'yes' : 'no',
    says,
  ])
  return [
    ...describeCounts(preview),
    '',
    ...formatTable(['Name', 'Id', 'Has', 'Imported', 'Becomes, or why not'], rows),
    ...(preview.notImported.length === 0 ? [] : ['', 'No import takes over:']),
    ...preview.notImported.map((line) => printable(`  ${line}`)),
  ]
}

/** "groups: 12 of 14 imported", for each kind. */
export function describeCounts({ counts, readAt }: PreviewAnswer): string[] {
  return [
    readAt === undefined
      ? 'Nothing was read yet: run "gatehouse awsic scan".'
      : `Read from AWS at ${readAt}.`,
    ...previewKinds.map(
      (kind) =>
        `  ${kind.replace('_', ' ').padEnd(16)}${counts[kind].found} found, ${counts[kind].imported} imported`,
    ),
  ]
}

function addImport(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  const make = awsic.command('import')
  withMfa(withPlugin(make.description('make access lists of the groups in AWS; changes nothing there')))
    .option('--json', 'the outcome as one JSON object')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const lines = await runImport(client, options, options.json ? err : out)
      if (options.json) out(JSON.stringify(lines))
    })
}

/** Begins an import and follows it; tells what came of it. */
export async function runImport(
  client: ApiClient,
  options: Pick<PluginOptions, 'plugin'>,
  tell: (line: string) => void,
): Promise<unknown> {
  const started = importAnswer.parse(await client.post(pluginPath(paths.awsicImport, options), {}))
  const job = await followJob(started, { client, options, tell })
  const { lists, members, withoutUser, directAssignments } = started
  if (lists !== undefined) {
    tell(`  access lists: ${lists.created} created, ${lists.updated} updated, ${lists.unchanged} unchanged`)
  }
  if (members !== undefined) tell(`  members: ${members}, of whom ${withoutUser ?? 0} have no user here yet`)
  if (directAssignments !== undefined) tell(`  direct assignments kept as found: ${directAssignments}`)
  return { ...started, job }
}

function addPreflight(awsic: Command, surroundings: CliSurroundings): void {
  const { out, setExitCode } = surroundings
  withPlugin(
    awsic
      .command('preflight')
      .description('who could still sign in to AWS once Gatehouse is its identity source, and who not'),
  )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 where the change can be made; 3 where somebody would be shut out.',
    )
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const answer = preflightAnswer.parse(await client.get(pluginPath(paths.awsicPreflight, options)))
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describePreflight(answer)) out(printable(line))
      setExitCode(answer.ready ? 0 : 3)
    })
}

export function describePreflight(answer: PreflightAnswer): string[] {
  const { ready, says, users, counts, administrator, certificate, howToGoBack } = answer
  const mark = (ok: boolean) => (ok ? '+' : '-')
  return [
    `${ready ? 'READY' : 'NOT READY'}: ${says}`,
    '',
    `${mark(administrator.ok)} You, ${administrator.user}: ${administrator.says}`,
    ...administrator.reasons.map((reason) => `    ${reason}`),
    `${mark(certificate.ok)} Certificate: ${certificate.says}`,
    ...Object.entries(counts).map(([verdict, count]) => `  ${verdict.replaceAll('_', ' ')}: ${count}`),
    ...users.flatMap(({ userName, verdict, says: words, remedy }) =>
      verdict === 'ok'
        ? []
        : [`- ${userName}: ${words}`, ...(remedy === undefined ? [] : [`    do: ${remedy}`])],
    ),
    '',
    'How to go back:',
    ...howToGoBack.map((line) => `  ${line}`),
  ]
}
