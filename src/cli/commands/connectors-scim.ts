/**
 * @module `gatehouse connectors scim-token` and `gatehouse connectors held`: the tokens by which the directory of a
 * connector pushes users and groups, and the changes of it that wait for a person.
 */
import type { Command } from 'commander'
import {
  addDirectoryTokenAnswer,
  directoryTokensAnswer,
  heldChangesAnswer,
  paths,
  type DirectoryTokenItem,
  type HeldChangeItem,
} from '../../api/contract.js'
import { formatInstant, parseDuration } from '../../core/time.js'
import { systemClock } from '../../lib/clock.js'
import { clientOf, showItems, withFormat, type FormatOptions } from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

/** Below `gatehouse connectors`. */
export function addConnectorScimCommands(connectors: Command, surroundings: CliSurroundings): void {
  const tokens = connectors
    .command('scim-token')
    .description('tokens by which the directory of a connector pushes users and groups here')
  addLs(tokens, surroundings)
  addAdd(tokens, surroundings)
  addRm(tokens, surroundings)
  addHeld(connectors, surroundings)
}

type Options = ClientOptions & FormatOptions

function addLs(tokens: Command, surroundings: CliSurroundings): void {
  withFormat(withConnection(tokens.command('ls').description('the tokens of a connector')))
    .argument('<connector>', 'name of the connector')
    .action(async (connector: string, options: Options) => {
      const client = await clientOf(options, surroundings)
      const { items } = directoryTokensAnswer.parse(
        await client.get(pathOf('connectorScimTokens', connector)),
      )
      const titles = ['ID', 'Label', 'Made by', 'Expires', 'Last used']
      showItems({ items, more: false, titles, row: toTokenRow }, options, surroundings)
    })
}

function toTokenRow({
  id,
  label,
  createdBy,
  expiresAt,
  expired,
  lastUsedAt,
  lastUsedFrom,
}: DirectoryTokenItem): readonly string[] {
  const from = lastUsedFrom === undefined ? '' : ` from ${lastUsedFrom}`
  return [
    id,
    label,
    createdBy,
    `${expiresAt}${expired ? ' (over)' : ''}`,
    lastUsedAt === undefined ? 'never' : `${lastUsedAt}${from}`,
  ]
}

interface AddOptions extends ClientOptions, MfaOptions {
  readonly label?: string
  readonly ttl?: string
  readonly json?: true
}

function addAdd(tokens: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withMfa(
    withConnection(tokens.command('add').description('make a token and print it, once; others stay good')),
  )
    .argument('<connector>', 'name of the connector')
    .option('--label <text>', 'what it is for')
    .option('--ttl <duration>', 'how long it lives, for example 2160h; a year without, two at most')
    .option('--json', 'as one JSON object')
    .action(async (connector: string, { label, ttl, ...options }: AddOptions) => {
      const lives = ttl === undefined ? undefined : parseDuration(ttl, '--ttl')
      const client = await createConfirmingClient(options, surroundings)
      const body = {
        ...(label !== undefined && { label }),
        ...(lives !== undefined && { expiresAt: formatInstant(systemClock.now() + lives) }),
      }
      const path = pathOf('connectorScimTokens', connector)
      const answer = addDirectoryTokenAnswer.parse(await client.post(path, body))
      if (options.json) {
        out(JSON.stringify(answer))
        return
      }
      const lines = [
        `The SCIM token of connector ${connector}, shown this once; give it to the directory alone:`,
        `  ${answer.secret}`,
        `Base URL: ${answer.baseUrl}`,
        `Good until ${answer.token.expiresAt}.`,
      ]
      for (const line of lines) out(printable(line))
    })
}

function addRm(tokens: Command, surroundings: CliSurroundings): void {
  withConnection(tokens.command('rm').description('delete a token; it is worth nothing at once'))
    .argument('<connector>', 'name of the connector')
    .argument('<id>', 'id of the token, as ls tells it')
    .action(async (connector: string, id: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      await client.delete(pathOf('connectorScimToken', connector).replace(':id', encodeURIComponent(id)))
      surroundings.out(printable(`The token ${id} of connector ${connector} is gone.`))
    })
}

function addHeld(connectors: Command, surroundings: CliSurroundings): void {
  const held = connectors
    .command('held')
    .description('changes of the directory of a connector that wait for a person')
  withFormat(withConnection(held.command('ls').description('the changes, those that were decided too')))
    .argument('<connector>', 'name of the connector')
    .action(async (connector: string, options: Options) => {
      const client = await clientOf(options, surroundings)
      const { items } = heldChangesAnswer.parse(await client.get(pathOf('connectorHeld', connector)))
      const titles = ['Key', 'State', 'Change', 'Why', 'Tried last']
      showItems({ items, more: false, titles, row: toHeldRow }, options, surroundings)
    })
  for (const decision of ['release', 'refuse'] as const) addDecision(held, surroundings, decision)
}

function toHeldRow({ key, state, what, says, lastAt }: HeldChangeItem): readonly string[] {
  return [key, state, what, says, lastAt]
}

interface DecisionOptions extends ClientOptions {
  readonly all?: true
}

function addDecision(held: Command, surroundings: CliSurroundings, decision: 'release' | 'refuse'): void {
  const words =
    decision === 'release'
      ? 'let changes through when the directory tries again'
      : 'refuse changes each time, until they are released'
  withConnection(held.command(decision).description(words))
    .argument('<connector>', 'name of the connector')
    .argument('[keys...]', 'keys of the changes, as ls tells them')
    .option('--all', 'every change that waits now')
    .action(async (connector: string, keys: string[], options: DecisionOptions, command: Command) => {
      if ((keys.length === 0) === (options.all === undefined))
        command.error('error: name the changes by their keys, or give --all', { exitCode: 2 })
      const client = await clientOf(options, surroundings)
      const path = pathOf('connectorHeld', connector)
      const { items } = heldChangesAnswer.parse(await client.get(path))
      const waiting = items.filter(({ state }) => state === 'waiting').map(({ key }) => key)
      const meant = options.all ? waiting : keys
      if (meant.length === 0) {
        surroundings.out('Nothing waits.')
        return
      }
      heldChangesAnswer.parse(await client.post(path, { decision, keys: meant }))
      const done = decision === 'release' ? 'Released' : 'Refused'
      const after = decision === 'release' ? ' They are made when the directory tries again.' : ''
      const count = meant.length === 1 ? 'one change' : `${meant.length} changes`
      surroundings.out(printable(`${done} ${count} of connector ${connector}.${after}`))
    })
}

function pathOf(path: 'connectorScimTokens' | 'connectorScimToken' | 'connectorHeld', name: string): string {
  return paths[path].replace(':name', encodeURIComponent(name))
}
