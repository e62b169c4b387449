/**
 * @module `gatehouse users`: who there is, invitations, where somebody is signed in, and the one-time link by which a
 * person sets a new password. That link is the way back for administrators who are locked out, so the operator's token
 * of this machine is enough to ask for it.
 */
import type { Command } from 'commander'
import {
  linkIssuedAnswer,
  paths,
  sessionListAnswer,
  userListAnswer,
  type InviteRequest,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

export function addUsersCommands(program: Command, surroundings: CliSurroundings): void {
  const users = program.command('users').description('people: list, invite, sessions, and a way back in')
  addLs(users, surroundings)
  addAdd(users, surroundings)
  addSessions(users, surroundings)
  addSignOut(users, surroundings)
  addReset(users, surroundings)
}

type WithJson = ClientOptions & { readonly json?: true }

function addLs(users: Command, { env, out }: CliSurroundings): void {
  withConnection(users.command('ls').description('list the people whom the gateway knows'))
    .option('--json', 'one JSON object a line')
    .action(async (options: WithJson) => {
      const client = createClient(await findConnection(options, env))
      const { items } = userListAnswer.parse(await client.get(paths.users))
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else {
        const rows = items.map(({ name, roles, origin, hasPassword, factors }) => {
          return [name, roles.join(', '), origin, hasPassword ? 'set' : 'none', String(factors)]
        })
        for (const line of formatTable(['Name', 'Roles', 'Origin', 'Password', 'Second factors'], rows))
          out(line)
      }
    })
}

interface AddOptions extends ClientOptions {
  readonly roles: readonly string[]
  readonly traits?: readonly string[]
}

function addAdd(users: Command, { env, out, ask, err }: CliSurroundings): void {
  withMfa(
    withConnection(
      users.command('add').description('invite a person: print a one-time link that sets a password'),
    ),
  )
    .argument('<name>', 'name of the user, as AWS knows it')
    .requiredOption('--roles <role...>', 'what they may do; several by commas or spaces')
    .option('--traits <trait...>', 'facts about them, as KEY=VALUE; a key may stand more than once')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse users add alice@example.com --roles aws,auditor --traits team=platform team=sre',
    )
    .action(async (name: string, { roles, traits, ...options }: AddOptions) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const body: InviteRequest = {
        name,
        roles: roles
          .flatMap((one) => one.split(','))
          .flatMap((one) => (one.trim() === '' ? [] : [one.trim()])),
        ...(traits !== undefined && { traits: parseTraits(traits) }),
      }
      const { user, url, expiresAt } = linkIssuedAnswer.parse(await client.post(paths.users, body))
      out(printable(`Whoever opens this link once becomes ${user}; hand it to nobody else:`))
      out(printable(`  ${url}`))
      out(printable(`It is good until ${expiresAt}.`))
    })
}

function parseTraits(words: readonly string[]): Record<string, string[]> {
  const traits = new Map<string, string[]>()
  for (const word of words) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
    if (key === undefined || value === undefined) {
      throw new GatewayError('INVALID_INPUT', `--traits: "${word}" is not of the form KEY=VALUE`)
    }
    traits.set(key, [...(traits.get(key) ?? []), value])
  }
  return Object.fromEntries(traits)
}

function addSessions(users: Command, { env, out }: CliSurroundings): void {
  withConnection(users.command('sessions').description('list where somebody is signed in'))
    .argument('<name>', 'name of the user')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nTo end one: gatehouse users sign-out NAME --session ID')
    .action(async (name: string, options: WithJson) => {
      const client = createClient(await findConnection(options, env))
      const path = paths.userSessions.replace(':name', encodeURIComponent(name))
      const { items } = sessionListAnswer.parse(await client.get(path))
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else {
        const rows = items.map(({ id, client: where, label, address, lastSeenAt, expiresAt }) => {
          return [id, label === undefined ? where : `${where} on ${label}`, address, lastSeenAt, expiresAt]
        })
        for (const line of formatTable(['Id', 'Client', 'Address', 'Last seen', 'Ends'], rows)) out(line)
      }
    })
}

function addSignOut(users: Command, { env, out }: CliSurroundings): void {
  withConnection(
    users.command('sign-out').description('end where somebody is signed in; they may sign in again'),
  )
    .argument('<name>', 'name of the user')
    .option('--session <id>', 'only this one, as gatehouse users sessions lists it')
    .addHelpText('after', '\nTo keep somebody out: gatehouse locks add --user NAME --message "..."')
    .action(async (name: string, { session, ...options }: ClientOptions & { readonly session?: string }) => {
      const client = createClient(await findConnection(options, env))
      const person = encodeURIComponent(name)
      const path = paths.userSessions.replace(':name', person)
      const ids =
        session === undefined
          ? sessionListAnswer.parse(await client.get(path)).items.map(({ id }) => id)
          : [session]
      for (const id of ids) {
        await client.delete(paths.userSession.replace(':name', person).replace(':id', encodeURIComponent(id)))
      }
      out(printable(`Ended ${ids.length === 1 ? 'one session' : `${ids.length} sessions`} of ${name}.`))
    })
}

interface ResetOptions extends ClientOptions {
  readonly forgetFactors?: true
}

function addReset(users: Command, { env, out, ask, err }: CliSurroundings): void {
  withMfa(
    withConnection(users.command('reset').description('print a one-time link that sets a new password')),
  )
    .argument('<name>', 'name of the user')
    .option(
      '--forget-factors',
      'drop passkeys, authenticator apps and recovery codes now, so that the link enrols anew',
    )
    .action(async (name: string, options: ResetOptions) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const path = paths.userResetLink.replace(':name', encodeURIComponent(name))
      const body = { forgetFactors: options.forgetFactors ?? false }
      const { user, url, expiresAt } = linkIssuedAnswer.parse(await client.post(path, body))
      out(printable(`Whoever opens this link once sets the password of ${user}; hand it to nobody else:`))
      out(printable(`  ${url}`))
      out(printable(`It is good until ${expiresAt}; a newer link ends it.`))
    })
}
