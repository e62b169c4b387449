/**
 * @module `gatehouse awsic scim`: the SCIM endpoint of Identity Center and its two tokens. A token comes from a file or
 * from standard input: one on a command line is seen by everyone on the machine.
 */
import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import { paths, putScimTokenAnswer, scimAnswer, scimTestAnswer, type ScimAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant } from '../../core/time.js'
import { clientOf, pluginPath, withPlugin, type PluginOptions } from '../awsic/plugin.js'
import type { CliSurroundings } from '../cli.js'
import { withMfa } from '../mfa.js'
import type { ApiClient } from '../client.js'
import { confirm } from '../confirm.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

export function addScimCommands(awsic: Command, surroundings: CliSurroundings): void {
  const scim = awsic.command('scim').description('the SCIM endpoint of Identity Center and its tokens')
  addLs(scim, surroundings)
  addTest(scim, surroundings)
  addSetToken(scim, surroundings, 'set-token')
  addSetToken(scim, surroundings, 'rotate')
  addRm(scim, surroundings)
}

function addLs(scim: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withPlugin(scim.command('ls').description('the endpoint, and how long its tokens live'))
    .option('--json', 'as one JSON object')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const answer = scimAnswer.parse(await client.get(pluginPath(paths.awsicScim, options)))
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describeScim(answer)) out(printable(line))
    })
}

export function describeScim({ baseUrl, tokens, warnings }: ScimAnswer): string[] {
  const rows = tokens.map(({ slot, inUse, state, expiresAt, daysLeft, addedBy }) => [
    String(slot),
    inUse ? 'in use' : 'spare',
    state,
    `${expiresAt.slice(0, 10)} (${daysLeft} days)`,
    addedBy,
  ])
  return [
    `Endpoint: ${baseUrl ?? 'none yet'}`,
    ...(rows.length === 0 ? ['No token.'] : formatTable(['Slot', 'Use', 'State', 'Ends', 'Added by'], rows)),
    ...warnings.map((warning) => `! ${warning}`),
  ]
}

function addTest(scim: Command, surroundings: CliSurroundings): void {
  const { out, setExitCode } = surroundings
  withPlugin(scim.command('test').description('write, read and remove a user by SCIM, with the token in use'))
    .option('--json', 'as one JSON object')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const answer = scimTestAnswer.parse(await client.post(pluginPath(paths.awsicScimTest, options), {}))
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describeScimTest(answer)) out(printable(line))
      setExitCode(answer.ok ? 0 : 1)
    })
}

export function describeScimTest({
  steps,
}: {
  steps: { name: string; ok: boolean; says: string; remedy?: string | undefined }[]
}): string[] {
  return steps.flatMap(({ name, ok, says, remedy }) => [
    `${ok ? 'ok  ' : 'FAIL'}  ${name.replaceAll('_', ' ')}: ${says}`,
    ...(remedy === undefined ? [] : [`      do: ${remedy}`]),
  ])
}

interface TokenOptions extends PluginOptions {
  readonly file: string
  readonly slot?: string
  readonly expires?: string
  readonly scimUrl?: string
  readonly skipTest?: true
}

/** `rotate SLOT` replaces one of the two, `set-token` takes the first slot that is free. */
function addSetToken(scim: Command, surroundings: CliSurroundings, name: 'set-token' | 'rotate'): void {
  const { out, readInput } = surroundings
  const command = scim
    .command(name)
    .description(
      name === 'rotate'
        ? 'put a new token in a slot, after testing it'
        : 'give the first token, after testing it',
    )
  if (name === 'rotate') command.argument('<slot>', '1 or 2')
  else command.addOption(new Option('--slot <slot>', 'which of the two slots').choices(['1', '2']))
  withMfa(withPlugin(command))
    .requiredOption('--file <file>', 'file with the token and nothing else; - reads standard input')
    .option('--scim-url <url>', 'the SCIM endpoint, where it changes too')
    .option('--expires <instant>', 'when AWS ends it, RFC 3339; a year from now without')
    .option('--skip-test', 'keep it without writing and removing a user for a test')
    .option('--json', 'as one JSON object')
    .action(async (...args: readonly unknown[]) => {
      // Commander hands over the arguments, the options, and the command itself.
      const options = args.at(-2) as TokenOptions
      const slot = readSlot(name === 'rotate' ? String(args[0]) : options.slot)
      const token = await readToken(options.file, readInput)
      const client = await clientOf(options, surroundings)
      const answer = await putToken(client, options, { ...options, slot, token })
      if (options.json) out(JSON.stringify(answer))
      else {
        for (const line of describeScimTest(answer.test ?? { steps: [] })) out(printable(line))
        for (const line of describeScim(answer.scim)) out(printable(line))
      }
      if (!answer.saved) {
        throw new GatewayError(
          'INVALID_INPUT',
          'the token was not kept: the test failed; --skip-test leaves out what it writes, not whether the endpoint is that of this instance',
        )
      }
    })
}

function readSlot(text: string | undefined): 1 | 2 | undefined {
  if (text === undefined) return undefined
  if (text === '1') return 1
  if (text === '2') return 2
  throw new GatewayError('INVALID_INPUT', `"${text}" is no slot: there are 1 and 2`)
}

/** The token in a file, or on standard input. @throws GatewayError `INVALID_INPUT`, never with what was read. */
export async function readToken(file: string, readInput: () => Promise<string>): Promise<string> {
  let text: string
  try {
    text = file === '-' ? await readInput() : await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError(
      'INVALID_INPUT',
      `cannot read ${file}; is it there, and may you read it?`,
      {},
      { cause },
    )
  }
  return parseToken(text)
}

/** @throws GatewayError `INVALID_INPUT` for an empty token or one of several lines. */
export function parseToken(text: string): string {
  const token = text.trim()
  if (token === '') throw new GatewayError('INVALID_INPUT', 'the SCIM token must not be empty')
  if (/\s/.test(token)) throw new GatewayError('INVALID_INPUT', 'the SCIM token must be one word on one line')
  return token
}

export async function putToken(
  client: ApiClient,
  options: Pick<PluginOptions, 'plugin'>,
  given: {
    readonly token: string
    readonly slot?: 1 | 2 | undefined
    readonly scimUrl?: string | undefined
    readonly expires?: string | undefined
    readonly skipTest?: true | undefined
  },
) {
  const { token, slot, scimUrl, expires, skipTest } = given
  if (expires !== undefined && parseInstant(expires) === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `--expires: "${expires}" is no instant such as 2027-01-31T08:00:00Z`,
    )
  }
  return putScimTokenAnswer.parse(
    await client.put(pluginPath(paths.awsicScim, options), {
      token,
      ...(slot !== undefined && { slot }),
      ...(scimUrl !== undefined && { baseUrl: scimUrl }),
      ...(expires !== undefined && { expiresAt: expires }),
      ...(skipTest && { skipTest }),
    }),
  )
}

function addRm(scim: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  withPlugin(scim.command('rm').description('forget a token; delete it in the AWS console as well'))
    .argument('<slot>', '1 or 2')
    .option('--yes', 'without asking')
    .action(async (text: string, options: PluginOptions & { readonly yes?: true }) => {
      const slot = readSlot(text) ?? 1
      const client = await clientOf(options, surroundings)
      if (!(options.yes || (await confirm(ask, `Forget the token in slot ${slot}?`)))) {
        out('Nothing was changed.')
        return
      }
      await client.delete(pluginPath(paths.awsicScimToken, options).replace(':slot', String(slot)))
      out(`The token in slot ${slot} is forgotten.`)
    })
}
