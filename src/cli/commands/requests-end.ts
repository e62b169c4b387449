/**
 * @module `gatehouse requests cancel`, `release`, `revoke`: ends of a request before its time; `assume` and `drop`: whether
 * its roles count in the session of this command line. Access in AWS is there whether it is assumed or not.
 */
import type { Command } from 'commander'
import { paths } from '../../api/contract.js'
import { clientOf, withFormat, type FormatOptions } from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { printable } from '../printable.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { decideRequest } from '../requests/decide.js'
import { requestPath, tellOutcome } from '../requests/request.js'

const ends = [
  ['cancel', paths.requestCancel, 'take back a request of yours that has not begun'],
  ['release', paths.requestRelease, 'give back the access of a request of yours before its end'],
  ['revoke', paths.requestRevoke, "end somebody else's request, and its access at once"],
] as const

interface EndOptions extends ClientOptions, FormatOptions, MfaOptions {
  readonly reason?: string
}

export function addRequestsEnd(requests: Command, surroundings: CliSurroundings): void {
  for (const [name, path, says] of ends) {
    const command = withFormat(withConnection(requests.command(name).description(says)))
    if (name === 'revoke') withMfa(command)
    command
      .argument('<id>', 'id of the request')
      .option('--reason <text>', 'why')
      .action(async (id: string, options: EndOptions) => {
        const client = await clientOf(options, surroundings)
        const sent = { path, id, body: { reason: options.reason ?? '' } }
        const { request } = await decideRequest(client, sent, options, surroundings)
        tellOutcome(request, options, surroundings)
      })
  }
  addAssume(requests, surroundings)
  addDrop(requests, surroundings)
}

function addAssume(requests: Command, surroundings: CliSurroundings): void {
  withConnection(requests.command('assume').description('let the roles of a request count in this session'))
    .argument('<id>', 'id of a request of yours that gives access now')
    .action(async (id: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      await client.put(requestPath(paths.meAssumed, id), {})
      surroundings.out(printable(`What ${id} gives counts in this session, until it ends or you drop it.`))
    })
}

function addDrop(requests: Command, surroundings: CliSurroundings): void {
  withConnection(requests.command('drop').description('let them count no longer; access in AWS stays'))
    .argument('<id>', 'id of a request that this session has assumed')
    .addHelpText('after', '\nTo give the access back, in AWS too: gatehouse requests release ID')
    .action(async (id: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      await client.delete(requestPath(paths.meAssumed, id))
      surroundings.out(printable(`${id} no longer counts in this session.`))
    })
}
