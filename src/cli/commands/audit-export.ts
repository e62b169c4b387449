/** @module `gatehouse audit export`: the events of any filter into a file, as CSV or JSON lines. */
import { Option, type Command } from 'commander'
import { auditFirstHeader, auditLastHeader, paths } from '../../api/contract.js'
import { createExportProgress } from '../../core/audit/export-progress.js'
import type { ExportFormat } from '../../core/audit/export.js'
import { auditFilterQuery, withAuditFilters, type AuditFilterOptions } from '../audit-filters.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { findConnection, type ClientOptions } from '../client.js'
import { download } from '../download.js'

interface ExportOptions extends ClientOptions, AuditFilterOptions {
  readonly format: ExportFormat
  readonly out: string
}

/** Below so many places a line on progress would be gone before it is read. */
const worthTelling = 20_000

export function addAuditExport(audit: Command, { env, out, err }: CliSurroundings): void {
  withAuditFilters(
    withConnection(audit.command('export').description('write the events of any filter into a file')),
  )
    .addOption(
      new Option('--format <format>', 'JSON lines prove themselves where no filter is given')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .requiredOption('--out <file>', 'the file to write, readable by you alone')
    .action(async (options: ExportOptions) => {
      const { format } = options
      let progress = createExportProgress(format, { first: 1, last: 0 })
      const { url, token } = await findConnection(options, env)
      await download({
        url,
        token,
        path: paths.auditExport,
        query: { ...auditFilterQuery(options), format },
        file: options.out,
        onStart: (headers) => {
          const first = Number(headers.get(auditFirstHeader) ?? 1)
          const last = Number(headers.get(auditLastHeader) ?? 0)
          progress = createExportProgress(format, { first, last })
          let told = 0
          return (bytes) => {
            progress.take(bytes)
            const tenths = Math.floor(progress.share * 10)
            if (last - first < worthTelling || tenths <= told || tenths === 10) return
            told = tenths
            err(`${tenths * 10}%, ${progress.events.toLocaleString('en')} events`)
          }
        },
      })
      out(`${progress.events.toLocaleString('en')} events written to ${options.out}`)
    })
}
