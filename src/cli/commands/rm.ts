/** @module `gatehouse rm`: deletes resources, after showing what goes with them. Checked first, all of them. */
import type { Command } from 'commander'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { parseOneSelector, readKinds, resourcePath } from '../kinds.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'

export function addRmCommand(program: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  withRemoval(withMfa(withConnection(program.command('rm').description('delete resources'))))
    .argument('<resource...>', 'KIND/NAME')
    .addHelpText('after', '\nExample:\n  gatehouse rm role/contractor user/gone@example.com --dry-run')
    .action(async (words: readonly string[], options: ClientOptions & RemovalOptions) => {
      const client = await createConfirmingClient(options, surroundings)
      const kinds = await readKinds(client)
      const all = words.map((word) => resourcePath(parseOneSelector(word, kinds)))
      await removeResources({ paths: all, client, options, out, ask })
    })
}
