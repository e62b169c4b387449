/**
 * @module `gatehouse status`: who this command line is, where, until when and with which roles, and what said so. Exit
 * status 1 when it is signed in nowhere.
 */
import type { Command } from 'commander'
import { paths, sessionAnswer, type SessionAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { systemClock } from '../../lib/clock.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import type { Connection } from '../connection.js'
import { credentialsFile, hasEnded, readCredentials } from '../credentials.js'
import { printable } from '../printable.js'

interface StatusOptions extends ClientOptions {
  readonly json?: true
}

export function addStatusCommand(program: Command, { env, out }: CliSurroundings): void {
  withConnection(program.command('status').description('tell who you are, and at which gateway'))
    .option('--json', 'as one JSON object')
    .action(async (options: StatusOptions) => {
      const connection = await findConnection(options, env)
      const answer = sessionAnswer.parse(await createClient(connection).get(paths.session))
      if (answer.actor === undefined) {
        throw new GatewayError(
          'NOT_SIGNED_IN',
          `${connection.url} does not accept ${describeSource(connection)} any more; run: gatehouse login --url ${connection.url}`,
        )
      }
      const { actor, user, expiresAt, clusterName } = answer
      if (options.json) {
        const { url, source } = connection
        const roles = user?.roles ?? []
        out(JSON.stringify({ url, clusterName, actor, roles, expiresAt, source }))
        return
      }
      for (const line of describe(connection, answer)) out(printable(line))
      for (const line of await describeOthers(connection, env)) out(printable(line))
    })
}

function describe(connection: Connection, { actor, user, expiresAt, clusterName }: SessionAnswer): string[] {
  const roles = user?.roles ?? []
  return [
    `Gateway:  ${clusterName} (${connection.url})`,
    `You are:  ${actor?.name ?? 'nobody'}${words[actor?.kind ?? 'person']}`,
    ...(roles.length > 0 ? [`Roles:    ${roles.join(', ')}`] : []),
    ...(expiresAt === undefined ? [] : [`Until:    ${expiresAt}`]),
    `Known by: ${describeSource(connection)}`,
  ]
}

const words = {
  person: '',
  machine: ', a machine user',
  operator: ' of this machine: audit log, reset links, locks and the cluster’s preference alone',
} as const

function describeSource({ source }: Connection): string {
  switch (source.kind) {
    case 'environment':
      return 'the token in GATEHOUSE_TOKEN'
    case 'credentials':
      return `the sign-in in ${source.file}`
    case 'operator':
      return `the operator token in ${source.file}`
  }
}

/** Other gateways that this command line is signed in to. */
async function describeOthers({ url }: Connection, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { gateways } = await readCredentials(credentialsFile(env))
  const now = systemClock.now()
  return Object.entries(gateways)
    .filter(([origin]) => origin !== url)
    .map(([origin, known]) => {
      const until =
        known.expiresAt === undefined ? '' : ` ${hasEnded(known, now) ? 'ended' : 'until'} ${known.expiresAt}`
      return `Also:     ${origin} as ${known.user}${until}`
    })
}
