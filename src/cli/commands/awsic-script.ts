/**
 * @module `gatehouse awsic script`, `test` and `setup`: what an administrator of AWS runs, whether it was enough, and
 * where the set-up stands.
 */
import { Option, type Command } from 'commander'
import {
  connectionTestAnswer,
  paths,
  resourceAnswer,
  setupAnswer,
  setupScriptAnswer,
  setupScriptBlocks,
  type ConnectionTestAnswer,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { clientOf, pluginPath, unlessRefused, withPlugin, type PluginOptions } from '../awsic/plugin.js'
import type { CliSurroundings } from '../cli.js'
import type { ApiClient } from '../client.js'
import { printable } from '../printable.js'

export function addScriptCommands(awsic: Command, surroundings: CliSurroundings): void {
  addScript(awsic, surroundings)
  addTest(awsic, surroundings)
  addSetup(awsic, surroundings)
}

interface ScriptOptions extends PluginOptions {
  readonly format: string
  readonly integration?: string
  readonly instanceArn?: string
  readonly instanceRegion?: string
  readonly roleName?: string
  readonly block?: string[]
}

const formats = {
  shell: 'shell',
  cloudformation: 'cloudformation',
  policy: 'policy',
  trust: 'trust_policy',
  cleanup: 'cleanup',
}

function addScript(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withPlugin(
    awsic.command('script').description('print what makes AWS trust the gateway, for AWS CloudShell'),
  )
    .addOption(
      new Option('--format <format>', 'script, template, or one of its policies')
        .choices(Object.keys(formats))
        .default('shell'),
    )
    .option('--integration <name>', 'the integration that will use the role; the plugin’s own without')
    .option('--instance-arn <arn>', 'ARN of the Identity Center instance; the plugin’s own without')
    .option('--instance-region <region>', 'its Region; the plugin’s own without')
    .option('--role-name <name>', 'name of the role')
    .addOption(
      new Option('--block <block...>', 'parts beyond the base policy').choices([...setupScriptBlocks]),
    )
    .option('--json', 'with warnings and what each part adds, as one JSON object')
    .action(async (options: ScriptOptions) => {
      const client = await clientOf(options, surroundings)
      const { format, roleName, block } = options
      const answer = setupScriptAnswer.parse(
        await client.post(paths.setupScript, {
          ...(await findSubject(client, options)),
          format: Object.entries(formats).find(([name]) => name === format)?.[1],
          ...(roleName !== undefined && { roleName }),
          ...(block !== undefined && { blocks: block }),
        }),
      )
      if (options.json) {
        out(JSON.stringify(answer))
        return
      }
      // The text alone on standard output, so that it can be sent to a file.
      for (const warning of answer.warnings) err(printable(`Warning: ${warning}`))
      for (const { block: name, says } of answer.blocks) err(printable(`${name}: ${says}`))
      out(printable(answer.text.trimEnd(), { multiline: true }))
    })
}

/** What the script is about: what the options say, else what the plugin says. */
async function findSubject(client: ApiClient, options: ScriptOptions): Promise<object> {
  const plugin = resourceAnswer.shape.document.catch({}).parse(
    await unlessRefused(
      client
        .get(paths.resource.replace(':kind', 'plugin').replace(':name', encodeURIComponent(options.plugin)))
        .then((answer) => resourceAnswer.parse(answer).document),
      'NOT_FOUND',
      () => ({}),
    ),
  )
  const integration =
    options.integration ??
    textIn(plugin, 'spec', 'settings', 'aws_ic', 'credentials', 'oidc', 'integration_name')
  const instanceArn = options.instanceArn ?? textIn(plugin, 'spec', 'settings', 'aws_ic', 'arn')
  const region = options.instanceRegion ?? textIn(plugin, 'spec', 'settings', 'aws_ic', 'region')
  if (integration === undefined || instanceArn === undefined || region === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `no plugin "${options.plugin}" says it all: give --integration, --instance-arn and --instance-region`,
    )
  }
  return { integration, instanceArn, region }
}

function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  const [name, ...rest] = path
  if (name === undefined) return typeof value === 'string' ? value : undefined
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return textIn(members.find(([key]) => key === name)?.[1], ...rest)
}

function addTest(awsic: Command, surroundings: CliSurroundings): void {
  const { out, setExitCode } = surroundings
  withPlugin(
    awsic.command('test').description('try the connection and each permission, without changing anything'),
  )
    .option('--json', 'as one JSON object')
    .addHelpText('after', '\nExit status: 0 where the connection works; 1 where it does not.')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const answer = connectionTestAnswer.parse(
        await client.post(pluginPath(paths.awsicConnectionTest, options), {}),
      )
      if (options.json) out(JSON.stringify(answer))
      else {
        for (const line of describeConnection(answer)) out(printable(line))
        for (const { action, verdict } of answer.permissions)
          out(printable(`  ${verdict.padEnd(8)} ${action}`))
      }
      setExitCode(answer.ok ? 0 : 1)
    })
}

/** Who we are at AWS, and what is missing, with the block of the script that brings it. */
export function describeConnection({
  ok,
  says,
  instance,
  limits,
  permissions,
}: ConnectionTestAnswer): string[] {
  const missing = permissions.filter(({ verdict }) => verdict === 'denied')
  return [
    `${ok ? 'ok' : 'FAIL'}: ${says}`,
    ...(instance === undefined
      ? []
      : [
          `instance ${instance.instanceArn}, identity store ${instance.identityStoreId}, ${instance.status}`,
          `we are ${instance.callerArn}, as ${instance.standing.replace('_', ' ')}`,
        ]),
    ...limits.map((limit) => `limit: ${limit}`),
    ...missing.map(({ action, block, says: words }) => `missing: ${action} (block ${block}): ${words}`),
  ]
}

const marks = { done: 'x', current: '>', waiting: ' ', attention: '!' } as const

function addSetup(awsic: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withPlugin(awsic.command('setup').description('where the set-up stands, and what each step changes'))
    .option('--json', 'as one JSON object')
    .action(async (options: PluginOptions) => {
      const client = await clientOf(options, surroundings)
      const answer = setupAnswer.parse(await client.get(pluginPath(paths.awsicSetup, options)))
      if (options.json) out(JSON.stringify(answer))
      else
        for (const { step, state, says, changes } of answer.steps) {
          out(printable(`[${marks[state]}] ${step.replace('_', ' ')}: ${says}`))
          out(printable(`      changes: ${changes}`))
        }
    })
}
