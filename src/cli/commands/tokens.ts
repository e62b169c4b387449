/** @module `gatehouse tokens`: machine users, their secrets and when they were last used. */
import type { Command } from 'commander'
import { paths, tokenListAnswer, tokenRotateAnswer, type TokenItem } from '../../api/contract.js'
import { applyAnswer } from '../../api/contract.js'
import { parseDuration } from '../../core/time.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { printable } from '../printable.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'
import { formatTable } from '../table.js'

export function addTokensCommands(program: Command, surroundings: CliSurroundings): void {
  const tokens = program.command('tokens').description('machine users and their API tokens')
  addLs(tokens, surroundings)
  addAdd(tokens, surroundings)
  addRotate(tokens, surroundings)
  addRm(tokens, surroundings)
}

function addLs(tokens: Command, { env, out }: CliSurroundings): void {
  withConnection(tokens.command('ls').description('list machine users'))
    .option('--json', 'one JSON object a line')
    .action(async (options: ClientOptions & { readonly json?: true }) => {
      const client = createClient(await findConnection(options, env))
      const { items } = tokenListAnswer.parse(await client.get(paths.tokens))
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else
        for (const line of formatTable(['Name', 'State', 'Roles', 'Expires', 'Last used'], items.map(toRow)))
          out(line)
    })
}

function toRow({ name, state, roles, expiresAt, lastUsedAt, lastUsedFrom }: TokenItem): string[] {
  const used =
    lastUsedAt === undefined ? 'never' : `${lastUsedAt}${lastUsedFrom ? ` from ${lastUsedFrom}` : ''}`
  return [name, state.replace('_', ' '), roles.join(', '), expiresAt, used]
}

interface AddOptions extends ClientOptions {
  readonly roles: string[]
  readonly ttl?: string
  readonly expires?: string
  readonly description?: string
  readonly json?: true
}

function addAdd(tokens: Command, { env, out, ask, err }: CliSurroundings): void {
  withMfa(withConnection(tokens.command('add').description('make a machine user and print its secret, once')))
    .argument('<name>', 'name of the token')
    .requiredOption('--roles <role...>', 'what it may do')
    .option('--ttl <duration>', 'how long it lives, for example 720h; at most a year')
    .option('--expires <instant>', 'when it ends instead, RFC 3339')
    .option('--description <text>', 'what it is for')
    .option('--json', 'the change as one JSON object, with the secret')
    .action(async (name: string, options: AddOptions, command: Command) => {
      const { roles, ttl, expires, description } = options
      if (ttl === undefined && expires === undefined) {
        command.error('error: a token ends: give --ttl, for example --ttl 720h', { exitCode: 2 })
      }
      if (ttl !== undefined) parseDuration(ttl, '--ttl')
      const client = await createConfirmingClient(options, { env, ask, err })
      const document = {
        kind: 'token',
        version: 'v1',
        metadata: { name, ...(description !== undefined && { description }) },
        spec: { roles, ...(ttl !== undefined && { ttl }), ...(expires !== undefined && { expires }) },
      }
      const { changes } = applyAnswer.parse(await client.post(paths.resources, document))
      for (const { secret = '', notes } of changes) {
        if (options.json) out(JSON.stringify({ name, secret, notes }))
        else showSecret(out, name, secret, notes)
      }
    })
}

function addRotate(tokens: Command, { env, out, ask, err }: CliSurroundings): void {
  withMfa(
    withConnection(
      tokens.command('rotate').description('print a new secret; the old one is worth nothing at once'),
    ),
  )
    .argument('<name>', 'name of the token')
    .option('--json', 'as one JSON object, with the secret')
    .action(async (name: string, options: ClientOptions & { readonly json?: true }) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const path = paths.tokenRotate.replace(':name', encodeURIComponent(name))
      const answer = tokenRotateAnswer.parse(await client.post(path, {}))
      if (options.json) out(JSON.stringify(answer))
      else showSecret(out, name, answer.secret, [`Good until ${answer.expiresAt}.`])
    })
}

function addRm(tokens: Command, { env, out, ask, err }: CliSurroundings): void {
  const rm = tokens.command('rm').description('delete a machine user; its secret is worth nothing at once')
  withRemoval(withMfa(withConnection(rm)))
    .argument('<name>', 'name of the token')
    .action(async (name: string, options: ClientOptions & RemovalOptions) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const path = paths.resource.replace(':kind', 'token').replace(':name', encodeURIComponent(name))
      await removeResources({ paths: [path], client, options, out, ask })
    })
}

function showSecret(
  out: CliSurroundings['out'],
  name: string,
  secret: string,
  notes: readonly string[],
): void {
  out(printable(`The secret of token ${name}, shown this once; keep it where only its program reads it:`))
  out(printable(`  ${secret}`))
  for (const note of notes) out(printable(note))
}
