/** @module `gatehouse audit sinks`: where the audit log goes, how far it came there, and forgetting one that is gone. */
import type { Command } from 'commander'
import { auditSinksAnswer, paths, type AuditSinkItem } from '../../api/contract.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

type SinksOptions = ClientOptions & { readonly json?: true }

export function addAuditSinks(audit: Command, surroundings: CliSurroundings): void {
  const sinks = audit.command('sinks').description('where the audit log goes, and how far it came there')
  addLs(sinks, surroundings)
  addRm(sinks, surroundings)
}

function addLs(sinks: Command, { env, out, setExitCode }: CliSurroundings): void {
  withConnection(
    sinks.command('ls', { isDefault: true }).description('list sinks; exit status 1 where one takes nothing'),
  )
    .option('--json', 'one JSON object a line')
    .action(async (options: SinksOptions) => {
      const client = createClient(await findConnection(options, env))
      const { items } = auditSinksAnswer.parse(await client.get(paths.auditSinks))
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else if (items.length === 0)
        out('The audit log goes nowhere but to the database: see docs/audit-sinks.md.')
      else for (const line of formatTable(titles, items.map(toRow))) out(line)
      if (items.some(({ state }) => state === 'failing')) setExitCode(1)
    })
}

const titles = ['Sink', 'Type', 'State', 'Goes to', 'Event', 'Behind', 'Last taken', 'Trouble']

function toRow(item: AuditSinkItem): string[] {
  const { key, type, state, target, sequence, lagEvents, lagSeconds, deliveredAt, error, nextAttemptAt } =
    item
  const behind = lagEvents === 0 ? '-' : `${lagEvents} (${lagSeconds} s)`
  const trouble = error === undefined ? '-' : `${error}; again ${nextAttemptAt ?? ''}`
  return [key, type, state, target ?? '-', String(sequence), behind, deliveredAt ?? 'never', trouble]
}

function addRm(sinks: Command, { env, out }: CliSurroundings): void {
  withConnection(
    sinks
      .command('rm')
      .description('forget the position of a sink that is in no configuration any more')
      .argument('<sink>', 'as the list shows it'),
  ).action(async (sink: string, options: ClientOptions) => {
    const client = createClient(await findConnection(options, env))
    await client.delete(paths.auditSink.replace(':key', encodeURIComponent(sink)))
    out(printable(`The position of the audit sink ${sink} is forgotten.`))
  })
}
