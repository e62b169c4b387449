/** @module `gatehouse logout`: ends the session at the gateway and forgets it here. An API token is only forgotten. */
import type { Command } from 'commander'
import { paths } from '../../api/contract.js'
import { GatewayError, isCode } from '../../core/error.js'
import type { CliSurroundings } from '../cli.js'
import { createClient } from '../client.js'
import { originOf, urlOf } from '../connection.js'
import { credentialsFile, readCredentials, withoutCredential, writeCredentials } from '../credentials.js'
import { printable } from '../printable.js'

interface LogoutOptions {
  readonly url?: string
  readonly all?: true
}

export function addLogoutCommand(program: Command, { env, out }: CliSurroundings): void {
  program
    .command('logout')
    .description('end the session of this command line')
    .option('--url <url>', 'the gateway to sign out of (default: the current one)')
    .option('--all', 'sign out of every gateway')
    .action(async (options: LogoutOptions) => {
      const file = credentialsFile(env)
      let known = await readCredentials(file)
      const url = urlOf(options, env)
      const named = url === undefined ? known.current : originOf(url)
      const origins = options.all ? Object.keys(known.gateways) : named === undefined ? [] : [named]
      const found = origins.filter((origin) => Object.hasOwn(known.gateways, origin))
      if (found.length === 0) {
        throw new GatewayError('NOT_SIGNED_IN', `you are not signed in to ${named ?? 'any gateway'}`)
      }
      for (const origin of found) {
        const credential = known.gateways[origin]
        // Forgotten first: what follows may fail, and the token is of no use here any more either way.
        known = withoutCredential(known, origin)
        await writeCredentials(file, known)
        if (credential?.kind === 'token') {
          out(
            printable(
              `Forgot the API token of ${credential.user} for ${origin}; it stays valid until it is deleted.`,
            ),
          )
        } else {
          out(printable(await endSession(origin, credential?.token)))
        }
      }
    })
}

/** Says how it went: the gateway may be down, and the session then lives until its end. */
async function endSession(origin: string, token: string | undefined): Promise<string> {
  try {
    await createClient({ url: origin, token }).delete(paths.session)
    return `Signed out of ${origin}.`
  } catch (error) {
    if (!isCode(error, 'UNAVAILABLE')) throw error
    return `Forgot the session for ${origin}, which did not answer: end the session there in your settings.`
  }
}
