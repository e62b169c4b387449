/**
 * @module `gatehouse create -f`: sends the documents of files to the gateway, which keeps all of them or none. The
 * files are not read here: what is wrong in them is told by the gateway, with file and line.
 */
import type { Command } from 'commander'
import { applyAnswer, paths } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { describeChange, formatDiff, wantsColor } from '../change-lines.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { readDocumentFiles } from '../documents-file.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { printable } from '../printable.js'

interface CreateOptions extends ClientOptions {
  readonly file: string[]
  readonly force?: true
  readonly dryRun?: true
}

export function addCreateCommand(program: Command, surroundings: CliSurroundings): void {
  const { out, err } = surroundings
  withMfa(
    withConnection(
      program.command('create').description('create the resources of files, all of them or none'),
    ),
  )
    .requiredOption('-f, --file <file...>', 'YAML of one or more documents, or JSON; - reads standard input')
    .option('--force', 'replace what exists; a revision in a document must then be the stored one')
    .option('--dry-run', 'show what would change, and change nothing')
    .addHelpText('after', '\nExample:\n  gatehouse create -f roles.yaml -f people.yaml --force --dry-run')
    .action(async (options: CreateOptions) => {
      const dryRun = options.dryRun ?? false
      const documents = await readDocumentFiles(options.file, surroundings)
      const client = await createConfirmingClient(options, surroundings)
      const { text } = await client
        .request('POST', paths.resources, {
          query: {
            mode: options.force ? 'replace' : 'create',
            source: documents.source,
            ...(dryRun && { dryRun: 'true' }),
          },
          body: documents.text,
          contentType: documents.contentType,
        })
        .catch((error: unknown) => {
          throw error instanceof GatewayError ? documents.locate(error) : error
        })
      const { changes } = applyAnswer.parse(JSON.parse(text))
      for (const change of changes) {
        for (const line of describeChange(change, { dryRun })) out(line)
        if (dryRun) for (const line of formatDiff(change.diff, { color: wantsColor(surroundings) })) out(line)
        if (change.secret === undefined) continue
        err(
          printable(
            `The secret of ${change.kind} "${change.name}" is shown this once; keep it where only its program reads it.`,
          ),
        )
        out(printable(`  ${change.secret}`))
      }
      if (dryRun) out('Nothing was changed: this was a dry run.')
    })
}
