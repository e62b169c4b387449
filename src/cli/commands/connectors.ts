/** @module `gatehouse connectors`: identity providers through which people sign in, and what a sign-in would come to. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import open from 'open'
import {
  connectorTestAnswer,
  connectorTestStarted,
  paths,
  resourceListAnswer,
  type ConnectorTestReport,
  type ResourceItem,
} from '../../api/contract.js'
import { connectorKinds } from '../../core/connector/connector.js'
import { GatewayError, isCode } from '../../core/error.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'
import { addConnectorScimCommands } from './connectors-scim.js'

type JsonOptions = ClientOptions & { readonly json?: true }

export function addConnectorsCommands(program: Command, surroundings: CliSurroundings): void {
  const connectors = program
    .command('connectors')
    .alias('connector')
    .description('identity providers through which people sign in, and their directories')
  addLs(connectors, surroundings)
  addTest(connectors, surroundings)
  addConnectorScimCommands(connectors, surroundings)
}

function addLs(connectors: Command, { env, out }: CliSurroundings): void {
  withConnection(connectors.command('ls').description('list connectors of all kinds'))
    .option('--json', 'one JSON object a line')
    .action(async (options: JsonOptions) => {
      const client = createClient(await findConnection(options, env))
      const items: ResourceItem[] = []
      for (const kind of connectorKinds) {
        const path = paths.resourceList.replace(':kind', kind)
        let cursor: string | undefined
        do {
          const page = resourceListAnswer.parse(
            await client.get(path, { limit: '500', cursor }).catch((error: unknown) => {
              // A kind that this gateway does not have, or that the roles do not show.
              if (isCode(error, 'NOT_FOUND')) return { items: [], leftOut: 0 }
              throw error
            }),
          )
          items.push(...page.items)
          cursor = page.nextCursor
        } while (cursor !== undefined)
      }
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else
        for (const line of formatTable(['Name', 'Kind', 'Provider', 'Mapping'], items.map(toRow))) out(line)
    })
}

function toRow({ name, kind, columns, problem }: ResourceItem): string[] {
  if (problem !== undefined) return [name, kind, `cannot be read: ${problem}`, '']
  return [
    name,
    kind,
    columns['upstream'] ?? columns['idp'] ?? '',
    columns['mapping'] ?? columns['mappings'] ?? '',
  ]
}

interface TestOptions extends JsonOptions {
  readonly browser: boolean
}

const pauseMs = 1000
/** As long as the gateway keeps a test. */
const maxPauses = 600

function addTest(connectors: Command, { env, out, err, setExitCode }: CliSurroundings): void {
  withConnection(connectors.command('test').description('try a sign-in that signs nobody in, in a browser'))
    .argument('<name>', 'name of the connector')
    .option('--no-browser', 'only print the address')
    .option('--json', 'the report as one JSON object')
    .action(async (name: string, options: TestOptions) => {
      const client = createClient(await findConnection(options, env))
      const path = paths.connectorTest.replace(':name', encodeURIComponent(name))
      const { id, url } = connectorTestStarted.parse(await client.post(path, {}))
      err('Open this address in a browser in which you are signed in to Gatehouse:')
      err(`  ${url}`)
      if (options.browser) void openBrowser(url)
      const resultPath = paths.connectorTestResult
        .replace(':name', encodeURIComponent(name))
        .replace(':id', encodeURIComponent(id))
      for (let pauses = 0; pauses < maxPauses; pauses++) {
        const { report } = connectorTestAnswer.parse(await client.get(resultPath))
        if (report !== undefined) {
          if (options.json) out(JSON.stringify(report))
          else for (const line of describeReport(report)) out(printable(line))
          if (report.verdict.effect === 'refuse') setExitCode(1)
          return
        }
        await delay(pauseMs)
      }
      throw new GatewayError(
        'CONNECTOR_SIGN_IN_GONE',
        'nobody finished the test within ten minutes; begin a new one',
      )
    })
}

/** Best effort: the address is on the screen already. */
async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url)
    child.once('error', () => undefined)
  } catch {
    // No browser here, or no desktop.
  }
}

const howWords = { made: 'would be made', bound: 'would be bound', known: 'is bound already' } as const

const bindsByWords = { name: 'by the user name alone', external_id: 'by the externalId' } as const

function describeReport(report: ConnectorTestReport): string[] {
  const { verdict, identity, rules, lines, unknownRoles, roles, traits, pushedUsersBy } = report
  const by = verdict.bindsBy === undefined ? '' : `, ${bindsByWords[verdict.bindsBy]}`
  const how = verdict.how === undefined ? '' : ` (${howWords[verdict.how]}${by})`
  const head =
    verdict.effect === 'sign_in'
      ? `Would sign in ${verdict.user ?? ''}${how}`
      : `Would sign nobody in: ${verdict.why ?? ''}`
  if (identity === undefined) return [head]
  return [
    head,
    `  Name      ${identity.username}`,
    `  Subject   ${identity.subject}`,
    ...(identity.authentication === undefined ? [] : [`  Signed in by ${identity.authentication}`]),
    'Claims',
    ...valuesOf(identity.claims),
    ...rules.flatMap((rule) => [`After login rule ${rule.name}`, ...valuesOf(rule.traits)]),
    'Mapping',
    ...lines.map(({ claim, value, matched, given }) => {
      const came =
        matched.length === 0 ? 'matched nothing' : `matched ${matched.join(', ')}: ${given.join(', ')}`
      return `  ${claim} = ${value}   ${came}`
    }),
    ...(unknownRoles.length === 0 ? [] : [`  No such role: ${unknownRoles.join(', ')}`]),
    `Roles      ${roles.join(', ') || 'none'}`,
    'Traits',
    ...valuesOf(traits),
    ...(pushedUsersBy === 'name' ? [pushedByNameAlone] : []),
  ]
}

const pushedByNameAlone =
  'Users whom a directory pushes are bound at their first sign-in by the user name alone; scim_external_id_claim ' +
  '(oidc) or scim_external_id_attribute (saml) asks for the same externalId, too.'

function valuesOf(of: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(of).map(([name, values]) => `  ${name}: ${values.join(', ')}`)
}
