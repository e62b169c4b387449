/** @module `gatehouse audit evidence`: one signed archive for an auditor, of a period. */
import type { Command } from 'commander'
import { paths } from '../../api/contract.js'
import { instantOf } from '../audit-filters.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { findConnection, type ClientOptions } from '../client.js'
import { download } from '../download.js'

interface EvidenceOptions extends ClientOptions {
  readonly from: string
  readonly to: string
  readonly out: string
}

export function addAuditEvidence(audit: Command, { env, out }: CliSurroundings): void {
  withConnection(
    audit
      .command('evidence')
      .description('make the evidence pack of a period: one signed archive for an auditor'),
  )
    .requiredOption('--from <instant>', 'beginning of the period, RFC 3339')
    .requiredOption('--to <instant>', 'end of the period (before), RFC 3339')
    .requiredOption('--out <file>', 'the archive to write, readable by you alone')
    .action(async (options: EvidenceOptions) => {
      const { url, token } = await findConnection(options, env)
      const query = { from: instantOf('--from', options.from), to: instantOf('--to', options.to) }
      await download({ url, token, path: paths.auditEvidence, query, file: options.out })
      out(`${options.out} written; check it with: gatehouse audit verify --file ${options.out}`)
    })
}
