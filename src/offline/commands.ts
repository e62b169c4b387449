/**
 * @module Commands for the operator of this machine that work on the database itself, beside the gateway or without it:
 * `backup`, `backup verify`, `restore`, `store migrate`. What they need is loaded when one of them runs.
 */
import type { Command } from 'commander'
import type { BackupOptions } from './backup.js'
import type { MoveOptions } from './move-store.js'
import type { RestoreOptions } from './restore.js'
import type { OfflineHost } from './surroundings.js'

export function addOfflineCommands(program: Command, host: OfflineHost): void {
  const backup = withConfig(
    program
      .command('backup')
      .description('write an encrypted backup, as of one moment, while the gateway runs')
      .enablePositionalOptions(),
  )
    .option('--out <file>', 'where to; a file that is there is never written over')
    .option('--recipient <age1...>', 'who may open it; once for each', collect)
    .option('--passphrase-file <file>', 'encrypt with the passphrase in this file instead')
    .option('--with-master-key', 'put the master key into it too, so that it restores by itself')
    .action(async (options: BackupOptions) => {
      const { backup } = await import('./backup.js')
      await backup(host, options)
    })
  withConfig(
    withKeys(
      backup
        .command('verify <file>')
        .description('restore a backup into a temporary database, compare, and say whether it is whole'),
    ),
  ).action(async (file: string, options: RestoreOptions) => {
    const { restore } = await import('./restore.js')
    await restore(host, file, { ...options, verifyOnly: true })
  })

  withConfig(
    withKeys(
      program
        .command('restore <file>')
        .description(
          'restore a backup into an empty database; nothing is changed in AWS until you release it',
        ),
    ),
  )
    .option('--database-url <url>', 'where to (default: the database that is configured)')
    .option('--verify-only', 'only try it, in a temporary database: the same as "backup verify"')
    .action(async (file: string, options: RestoreOptions) => {
      const { restore } = await import('./restore.js')
      await restore(host, file, options)
    })

  const store = program.command('store').description('the database of this gateway')
  withConfig(
    store
      .command('migrate')
      .description(
        'move everything to an empty database, of SQLite or PostgreSQL, and check that nothing is lost',
      ),
  )
    .requiredOption('--from <url>', 'sqlite:PATH or postgres://...; no gateway may run on it')
    .requiredOption('--to <url>', 'postgres://... or sqlite:PATH; empty')
    .option('--dry-run', 'read and check everything, and write nothing')
    .option('--accept-broken-chain', 'go on although the audit chain of the source does not hold')
    .action(async (options: MoveOptions) => {
      const { moveStore } = await import('./move-store.js')
      await moveStore(host, options)
    })
}

function withConfig(command: Command): Command {
  return command.option(
    '--config <file>',
    'configuration file of the gateway; GATEHOUSE_CONFIG names one too',
  )
}

function withKeys(command: Command): Command {
  return command
    .option('--identity-file <file>', 'with the identity of age that opens it')
    .option('--passphrase-file <file>', 'with the passphrase that opens it')
    .option('--accept-broken-chain', 'go on although the audit chain in the backup does not hold')
    .option(
      '--accept-unproven-origin',
      'go on although nothing proves that the backup was made with the master key of the gateway',
    )
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
