/** @module `gatehouse rm`: deletes resources, after showing what goes with them. Checked first, all of them. */
import type { Command } from 'commander'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { parseOneSelector, readKinds, resourcePath } from '../kinds.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'

export function addRmCommand(program: Command, { env, out, ask }: CliSurroundings): void {
  withRemoval(withConnection(program.command('rm').description('delete resources')))
    .argument('<resource...>', 'KIND/NAME')
    .addHelpText('after', '\nExample:\n  gatehouse rm role/contractor user/gone@example.com --dry-run')
    .action(async (words: readonly string[], options: ClientOptions & RemovalOptions) => {
      const client = createClient(await findConnection(options, env))
      const kinds = await readKinds(client)
      const all = words.map((word) => resourcePath(parseOneSelector(word, kinds)))
      await removeResources({ paths: all, client, options, out, ask })
    })
}
