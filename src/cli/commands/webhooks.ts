/** @module `gatehouse webhooks`: who else is told of access requests, whether they listen, and their secrets. */
import type { Command } from 'commander'
import {
  applyAnswer,
  paths,
  webhookAnswer,
  webhookListAnswer,
  webhookRotateAnswer,
  webhookTestAnswer,
  type WebhookAnswer,
  type WebhookDelivery,
  type WebhookItem,
} from '../../api/contract.js'
import { webhookEvents } from '../../core/webhook/webhook.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'
import { formatTable } from '../table.js'

type JsonOptions = ClientOptions & { readonly json?: true }

export function addWebhooksCommands(program: Command, surroundings: CliSurroundings): void {
  const webhooks = program
    .command('webhooks')
    .alias('webhook')
    .description('addresses that are told of access requests, in signed messages')
  addLs(webhooks, surroundings)
  addGet(webhooks, surroundings)
  addCreate(webhooks, surroundings)
  addTest(webhooks, surroundings)
  addRotate(webhooks, surroundings)
  addRm(webhooks, surroundings)
}

function addLs(webhooks: Command, { env, out }: CliSurroundings): void {
  withConnection(webhooks.command('ls').description('list webhooks, and whether they are heard'))
    .option('--json', 'one JSON object a line')
    .action(async (options: JsonOptions) => {
      const client = createClient(await findConnection(options, env))
      const { items } = webhookListAnswer.parse(await client.get(paths.webhooks))
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else for (const line of formatTable(titles, items.map(toRow))) out(line)
    })
}

const titles = ['Name', 'State', 'Goes to', 'Told of', 'Waiting', 'Last message']

function toRow({ name, state, url, events, waiting, lastDelivery }: WebhookItem): string[] {
  const told = events?.map((event) => event.slice(event.indexOf('.') + 1)).join(', ') ?? 'everything'
  // The path of many receivers is as good as a password.
  const host = URL.canParse(url) ? new URL(url).host : ''
  const last = lastDelivery === undefined ? 'none yet' : describeDelivery(lastDelivery)
  return [name, wordsOf(state), host, told, String(waiting), last]
}

function wordsOf(state: WebhookItem['state']): string {
  switch (state) {
    case 'gone':
      return 'gone: the receiver wants nothing any more'
    case 'new':
      return 'nothing sent yet'
    case 'no_secret':
      return 'no secret yet'
    default:
      return state
  }
}

function describeDelivery({ event, state, attempts, error, nextAt, endedAt }: WebhookDelivery): string {
  const what = event.slice(event.indexOf('.') + 1)
  if (state === 'sent') return `${what}, taken ${endedAt ?? ''}`
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  const why = error === undefined ? '' : `: ${error}`
  if (state === 'given_up') return `${what}, given up after ${tries}${why}`
  return attempts === 0 ? `${what}, waits` : `${what}, ${tries}${why}; again ${nextAt ?? ''}`
}

function addGet(webhooks: Command, { env, out }: CliSurroundings): void {
  withConnection(webhooks.command('get').description('the state of a webhook and its last messages'))
    .argument('<name>', 'name of the webhook')
    .option('--json', 'as one JSON object')
    .action(async (name: string, options: JsonOptions) => {
      const client = createClient(await findConnection(options, env))
      const answer = webhookAnswer.parse(await client.get(pathOf(paths.webhook, name)))
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describeWebhook(answer)) out(line)
    })
}

function describeWebhook(answer: WebhookAnswer): string[] {
  const { name, state, url, events, about, waiting, givenUp, secrets, deliveries } = answer
  const secretLines = secrets.map(({ createdAt, createdBy, endsAt }) => {
    const end = endsAt === undefined ? '' : `, signs until ${endsAt}`
    return `  Secret     made ${createdAt} by ${createdBy}${end}`
  })
  const head = [
    name,
    `  State      ${wordsOf(state)}`,
    `  Goes to    ${url}`,
    `  Told of    ${events?.join(', ') ?? 'everything'}`,
    `  For what   ${about ?? 'any request'}`,
    `  Messages   ${waiting} waiting, ${givenUp} given up within 30 days`,
    ...secretLines,
  ].map((line) => printable(line))
  if (deliveries.length === 0) return head
  const rows = deliveries.map((one) => [one.createdAt, one.id, describeDelivery(one)])
  return [...head, '', ...formatTable(['Written', 'Message', 'What became of it'], rows)]
}

interface CreateOptions extends ClientOptions {
  readonly to: string
  readonly events?: string[]
  readonly accounts?: string[]
  readonly organizationalUnits?: string[]
  readonly permissionSets?: string[]
  readonly description?: string
  readonly allowPrivateNetwork?: true
  readonly json?: true
}

function addCreate(webhooks: Command, { env, out }: CliSurroundings): void {
  withConnection(webhooks.command('create').description('make a webhook and print its secret, once'))
    .argument('<name>', 'name of the webhook')
    .requiredOption('--to <url>', 'where messages are posted, https')
    .option('--events <event...>', `what it is told of (default: everything): ${webhookEvents.join(', ')}`)
    .option('--accounts <pattern...>', 'of requests for these accounts, by id or name (default: all)')
    .option('--organizational-units <path...>', 'of requests for accounts within these, as Root/Production')
    .option('--permission-sets <pattern...>', 'with --accounts or --organizational-units (default: any)')
    .option('--description <text>', 'what it is for')
    .option('--allow-private-network', 'the address may be one of a private network')
    .option('--json', 'the change as one JSON object, with the secret')
    .action(async (name: string, options: CreateOptions) => {
      const { to, events, description, allowPrivateNetwork } = options
      const client = createClient(await findConnection(options, env))
      const document = {
        kind: 'webhook',
        version: 'v1',
        metadata: { name, ...(description !== undefined && { description }) },
        spec: {
          url: to,
          ...(events !== undefined && { events }),
          ...itemsOf(options),
          ...(allowPrivateNetwork && { allow_private_network: true }),
        },
      }
      const { changes } = applyAnswer.parse(await client.post(paths.resources, document))
      for (const { secret = '', notes } of changes) {
        if (options.json) out(JSON.stringify({ name, secret, notes }))
        else showSecret(out, name, secret, [...notes, `Try it: gatehouse webhooks test ${name}`])
      }
    })
}

function itemsOf({ accounts, organizationalUnits, permissionSets }: CreateOptions): object {
  if (accounts === undefined && organizationalUnits === undefined && permissionSets === undefined) return {}
  const items = {
    ...(accounts !== undefined && { accounts }),
    ...(organizationalUnits !== undefined && { organizational_units: organizationalUnits }),
    permission_sets: permissionSets ?? ['*'],
  }
  return { items }
}

function addTest(webhooks: Command, { env, out, setExitCode }: CliSurroundings): void {
  withConnection(
    webhooks
      .command('test')
      .description('send a signed message of no meaning now; exit status 1 if not taken'),
  )
    .argument('<name>', 'name of the webhook')
    .option('--json', 'as one JSON object')
    .action(async (name: string, options: JsonOptions) => {
      const client = createClient(await findConnection(options, env))
      const answer = webhookTestAnswer.parse(await client.post(pathOf(paths.webhookTest, name), {}))
      const { delivered, status, error = 'no answer' } = answer
      if (options.json) out(JSON.stringify(answer))
      else out(printable(delivered ? `Taken: the receiver answered ${status}.` : `Not taken: ${error}.`))
      if (!delivered) setExitCode(1)
    })
}

function addRotate(webhooks: Command, { env, out }: CliSurroundings): void {
  withConnection(
    webhooks.command('rotate').description('print a new secret; the one before signs beside it for a day'),
  )
    .argument('<name>', 'name of the webhook')
    .option('--json', 'as one JSON object, with the secret')
    .action(async (name: string, options: JsonOptions) => {
      const client = createClient(await findConnection(options, env))
      const answer = webhookRotateAnswer.parse(await client.post(pathOf(paths.webhookRotate, name), {}))
      const { secret, oldEndsAt } = answer
      if (options.json) out(JSON.stringify(answer))
      else
        showSecret(
          out,
          name,
          secret,
          oldEndsAt === undefined ? [] : [`The one before signs too until ${oldEndsAt}.`],
        )
    })
}

function addRm(webhooks: Command, { env, out, ask }: CliSurroundings): void {
  const rm = webhooks.command('rm').description('delete a webhook; what waits for it is not sent')
  withRemoval(withConnection(rm))
    .argument('<name>', 'name of the webhook')
    .action(async (name: string, options: ClientOptions & RemovalOptions) => {
      const client = createClient(await findConnection(options, env))
      const path = pathOf(paths.resource.replace(':kind', 'webhook'), name)
      await removeResources({ paths: [path], client, options, out, ask })
    })
}

function pathOf(path: string, name: string): string {
  return path.replace(':name', encodeURIComponent(name))
}

function showSecret(
  out: CliSurroundings['out'],
  name: string,
  secret: string,
  notes: readonly string[],
): void {
  out(printable(`The secret of webhook ${name}, shown this once; keep it where only its receiver reads it:`))
  out(printable(`  ${secret}`))
  for (const note of notes) out(printable(note))
}
