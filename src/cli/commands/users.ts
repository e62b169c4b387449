/**
 * @module `gatehouse users reset`: a one-time link by which a person sets a new password. The way back for
 * administrators who are locked out, so the operator's token of this machine is enough to ask for it.
 */
import type { Command } from 'commander'
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'

interface ResetOptions extends ClientOptions {
  readonly forgetFactors?: true
}

const issued = z.object({ user: z.string(), url: z.string(), expiresAt: z.string() })

export function addUsersCommands(program: Command, { env, out }: CliSurroundings): void {
  const users = program.command('users').description('help people who are locked out')
  withConnection(users.command('reset').description('print a one-time link that sets a new password'))
    .argument('<name>', 'name of the user')
    .option('--forget-factors', 'drop the authenticator apps now, so that the link enrols a new one')
    .action(async (name: string, options: ResetOptions) => {
      const client = createClient(await findConnection(options, env))
      const path = paths.userResetLink.replace(':name', encodeURIComponent(name))
      const body = { forgetFactors: options.forgetFactors ?? false }
      const { user, url, expiresAt } = issued.parse(await client.post(path, body))
      out(printable(`Whoever opens this link once sets the password of ${user}; hand it to nobody else:`))
      out(printable(`  ${url}`))
      out(printable(`It is good until ${expiresAt}; a newer link ends it.`))
    })
}
