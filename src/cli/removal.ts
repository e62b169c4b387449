/**
 * @module The deletion of resources from the command line, for every command that deletes: what would go with them is
 * shown first, then the person at the terminal is asked. Nothing is deleted before all of it was checked, and nothing
 * without a yes: of the person, or of a script that says --yes.
 */
import type { Command } from 'commander'
import { changeAnswer } from '../api/contract.js'
import { describeChange } from './change-lines.js'
import type { CliSurroundings } from './cli.js'
import type { ApiClient } from './client.js'
import { confirm } from './confirm.js'

export interface RemovalOptions {
  readonly dryRun?: true
  readonly yes?: true
}

/** Adds the options that {@link removeResources} obeys. */
export function withRemoval(command: Command): Command {
  return command
    .option('--dry-run', 'show what would happen, and change nothing')
    .option('--yes', 'without asking')
}

interface Removal extends Pick<CliSurroundings, 'out' | 'ask'> {
  /** Of the resources, at the interface. */
  readonly paths: readonly string[]
  readonly client: ApiClient
  readonly options: RemovalOptions
}

/** @throws GatewayError `INVALID_INPUT` without a terminal and without --yes, and what the gateway refuses. */
export async function removeResources({ paths, client, options, out, ask }: Removal): Promise<void> {
  const remove = async (path: string, dryRun: boolean) =>
    describeChange(changeAnswer.parse(await client.delete(path, dryRun ? { dryRun: 'true' } : {})), {
      dryRun,
    })
  // A mistake in the last one must not be found after the first ones are gone.
  for (const path of paths) {
    const lines = await remove(path, true)
    if (!options.yes || options.dryRun) for (const line of lines) out(line)
  }
  const what = paths.length === 1 ? 'it' : `these ${paths.length}`
  if (options.dryRun || !(options.yes || (await confirm(ask, `Delete ${what}?`)))) {
    out(`Nothing was changed${options.dryRun ? ': this was a dry run' : ''}.`)
    return
  }
  client.announce(paths.map((path) => ({ method: 'DELETE', path })))
  for (const path of paths) for (const line of await remove(path, false)) out(line)
}
