/** @module `gatehouse kinds`: what can be written, by which words, what one may do with it, and an example of each. */
import type { Command } from 'commander'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { findKind, readKinds } from '../kinds.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

export function addKindsCommand(program: Command, { env, out }: CliSurroundings): void {
  withConnection(
    program.command('kinds').description('list the kinds of resource, or print an example of one'),
  )
    .argument('[kind]', 'print the YAML of an example')
    .addHelpText('after', '\nExample:\n  gatehouse kinds role > role.yaml')
    .action(async (word: string | undefined, options: ClientOptions) => {
      const kinds = await readKinds(createClient(await findConnection(options, env)))
      if (word !== undefined) {
        out(printable(findKind(word, kinds).example.trimEnd(), { multiline: true }))
        return
      }
      const rows = kinds.map(({ name, aliases, versions, verbs, description }) => [
        name,
        aliases.join(', '),
        versions.join(', '),
        verbs.join(', '),
        description,
      ])
      for (const line of formatTable(['Kind', 'Also', 'Versions', 'You may', 'For'], rows)) out(line)
    })
}
