/**
 * @module `gatehouse get`: resources as a table, as YAML that `create -f` takes back, or as JSON. Without `--origin` it
 * shows what people wrote: what the gateway computes can be three quarters of a million, and cannot be written.
 */
import { Option, type Command } from 'commander'
import { parseAllDocuments } from 'yaml'
import { resourceAnswer, type KindAnswer, type ResourceItem } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant, type Instant } from '../../core/time.js'
import { systemClock } from '../../lib/clock.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { formatAge } from '../age.js'
import { parseSelector, readKinds, resourcePath, type Selector } from '../kinds.js'
import { parseCount } from '../count.js'
import { printable } from '../printable.js'
import { readList, readTexts, type Found, type Wanted } from '../resource-lists.js'
import { formatTable } from '../table.js'

interface GetOptions extends ClientOptions {
  readonly output: 'table' | 'yaml' | 'json'
  readonly search?: string
  readonly origin: 'user' | 'system' | 'any'
  readonly limit: string
  readonly all?: true
}

export function addGetCommand(program: Command, surroundings: CliSurroundings): void {
  withConnection(program.command('get').description('show resources'))
    .argument('<what...>', 'KIND, KIND/NAME or "all"; a kind by name, plural or alias')
    .addOption(new Option('-o, --output <format>', 'how').choices(['table', 'yaml', 'json']).default('table'))
    .option('--search <words>', 'only those with all these words in name, description or a column')
    .addOption(
      new Option('--origin <origin>', 'written by people, computed by the gateway, or both')
        .choices(['user', 'system', 'any'])
        .default('user'),
    )
    .addOption(new Option('--limit <n>', 'at most so many of each kind').default('100').conflicts('all'))
    .option('--all', 'without a limit')
    .addHelpText(
      'after',
      '\nExamples:\n  gatehouse get roles --search aws\n  gatehouse get user/alice@example.com -o yaml\n  gatehouse get all --all -o yaml > backup.yaml',
    )
    .action(async (words: readonly string[], options: GetOptions) => {
      const client = createClient(await findConnection(options, surroundings.env))
      const selectors = selectorsOf(words, await readKinds(client))
      const { search, origin } = options
      const wanted: Wanted = {
        query: { ...(search !== undefined && { search }), ...(origin !== 'any' && { origin }) },
        limit: options.all ? Infinity : parseCount('--limit', options.limit),
      }
      const show = options.output === 'table' ? showTables : showDocuments
      await show(client, selectors, wanted, { ...surroundings, output: options.output })
    })
}

function selectorsOf(words: readonly string[], kinds: readonly KindAnswer[]): readonly Selector[] {
  return words.flatMap((word) => {
    if (word !== 'all') return [parseSelector(word, kinds)]
    const listed = kinds.filter(({ verbs }) => verbs.includes('list'))
    if (listed.length > 0) return listed.map((kind) => ({ kind, name: undefined }))
    throw new GatewayError('FORBIDDEN', 'there is no kind of resource that you may list')
  })
}

type Output = CliSurroundings & Pick<GetOptions, 'output'>

async function showTables(
  client: ApiClient,
  selectors: readonly Selector[],
  wanted: Wanted,
  { out, err }: Output,
): Promise<void> {
  const now = systemClock.now()
  let shown = 0
  for (const [kind, names] of groupByKind(selectors)) {
    const { items, more } = await readItems(client, kind, names, wanted)
    // Of several kinds those that have nothing would only be in the way.
    if (items.length === 0 && selectors.length > 1) continue
    if (shown++ > 0) out('')
    if (selectors.length > 1) out(printable(`${kind.plural}:`))
    const titles = ['Name', ...kind.columns.map(({ title }) => title), 'Age']
    for (const line of formatTable(
      titles,
      items.map((item) => toRow(item, kind, now)),
    ))
      out(line)
    if (more) err(limitReached(kind, wanted))
  }
}

async function readItems(
  client: ApiClient,
  kind: KindAnswer,
  names: readonly (string | undefined)[],
  wanted: Wanted,
): Promise<Found<ResourceItem>> {
  const items: ResourceItem[] = []
  let more = false
  for (const name of names) {
    const found =
      name === undefined
        ? await readList(client, kind, wanted)
        : { items: [resourceAnswer.parse(await client.get(resourcePath({ kind, name })))], more: false }
    items.push(...found.items)
    more ||= found.more
  }
  return { items, more }
}

function toRow(item: ResourceItem, { columns }: KindAnswer, now: Instant): string[] {
  const created = item.createdAt === undefined ? undefined : parseInstant(item.createdAt)
  const age = created === undefined ? '' : formatAge(now - created)
  const [first = '', ...rest] = columns.map(({ key }) => item.columns[key] ?? '')
  return [item.name, item.problem === undefined ? first : `cannot be read: ${item.problem}`, ...rest, age]
}

async function showDocuments(
  client: ApiClient,
  selectors: readonly Selector[],
  wanted: Wanted,
  { out, err, output, outIsTerminal }: Output,
): Promise<void> {
  const texts: string[] = []
  for (const { kind, name } of selectors) {
    if (name !== undefined) {
      const { text } = await client.request('GET', resourcePath({ kind, name }), {
        accept: 'application/yaml',
      })
      texts.push(selectors.length === 1 ? text : `---\n${text}`)
      continue
    }
    const { items, more } = await readTexts(client, kind, wanted)
    texts.push(...items)
    if (more) err(limitReached(kind, wanted))
  }
  const text = texts.join('')
  if (output === 'json') out(escapeJson(JSON.stringify(toValues(text), undefined, 2)))
  // A program gets the very text of the gateway; on a terminal nothing in it is obeyed.
  else if (text !== '') out((outIsTerminal ? printable(text, { multiline: true }) : text).replace(/\n$/, ''))
}

function toValues(text: string): unknown[] {
  return [...parseAllDocuments(text, { logLevel: 'silent' })].map((document): unknown => document.toJS())
}

/** What a terminal would obey, as JSON can say it otherwise. */
function escapeJson(json: string): string {
  return json.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    [...Array(found.length).keys()]
      .map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

function limitReached({ plural }: KindAnswer, { limit }: Wanted): string {
  return `There are more ${plural} than these ${limit}; --limit N or --all shows them.`
}

function groupByKind(selectors: readonly Selector[]): Map<KindAnswer, (string | undefined)[]> {
  const groups = new Map<KindAnswer, (string | undefined)[]>()
  for (const { kind, name } of selectors) groups.set(kind, [...(groups.get(kind) ?? []), name])
  return groups
}
