/** @module `gatehouse audit ls`: events newest first, as a table for people or JSON lines for programs. */
import type { Command } from 'commander'
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import type { AuditEvent } from '../../core/audit/event.js'
import { describeEvent } from '../../core/audit/describe.js'
import { GatewayError } from '../../core/error.js'
import { auditFilterQuery, needsSearch, withAuditFilters, type AuditFilterOptions } from '../audit-filters.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { parseCount } from '../count.js'
import { printable } from '../printable.js'

interface LsOptions extends ClientOptions, AuditFilterOptions {
  readonly uid?: string
  readonly limit: string
  readonly asc?: true
  readonly json?: true
}

const page = z.object({
  items: z.array(z.object({ sequence: z.number(), hash: z.string(), json: z.string() })),
  nextCursor: z.string().optional(),
  searchedTo: z.object({ time: z.string() }).optional(),
})

const pageSize = 500

export function addAuditLs(audit: Command, { env, out, err }: CliSurroundings): void {
  withAuditFilters(withConnection(audit.command('ls').description('list audit events, newest first')))
    .option('--uid <reference>', 'the one event with this reference')
    .option('--limit <n>', 'at most so many', '50')
    .option('--asc', 'oldest first')
    .option('--json', 'one JSON object a line, as it was stored')
    .action(async (options: LsOptions) => {
      const client = createClient(await findConnection(options, env))
      let left = parseCount('--limit', options.limit)
      let cursor: string | undefined
      const search = needsSearch(options)
      if (search && (options.uid !== undefined || options.asc)) {
        const other = options.asc ? '--asc' : '--uid'
        throw new GatewayError(
          'INVALID_INPUT',
          `a search goes from new to old, and has no ${other}; leave it out`,
        )
      }
      const path = search ? paths.auditSearch : paths.auditEvents
      const order = options.asc ? 'asc' : 'desc'
      do {
        const answer: unknown = await client.get(path, {
          ...auditFilterQuery(options),
          ...(!search && { uid: options.uid, order }),
          cursor,
          limit: String(Math.min(left, pageSize)),
        })
        const { items, nextCursor, searchedTo } = page.parse(answer)
        for (const { json } of items) out(options.json ? json : formatEvent(json))
        left -= items.length
        cursor = nextCursor
        if (search && items.length === 0 && cursor !== undefined && searchedTo) {
          err(printable(`searched back to ${searchedTo.time}, and on`))
        }
      } while (cursor !== undefined && left > 0)
    })
}

const eventFields = z.looseObject({
  time: z.string(),
  code: z.string(),
  event: z.string(),
  success: z.boolean(),
  uid: z.string(),
})

/** One line: time, outcome, code, sentence, reference. Terminal control characters are shown, not obeyed. */
function formatEvent(json: string): string {
  const parsed = parseEvent(json)
  // Somebody wrote it past the gateway. The events beside it must stay readable.
  if (parsed === undefined) return printable(`not an audit event, see "gatehouse audit verify": ${json}`)
  // The gateway wrote it by buildEvent(); a newer one may know names that this program does not.
  const event = parsed as AuditEvent
  const line = [
    event.time,
    event.success ? 'ok  ' : 'FAIL',
    event.code.padEnd(10),
    describeEvent(event),
    `(${event.uid})`,
  ].join('  ')
  return printable(line)
}

function parseEvent(json: string): z.infer<typeof eventFields> | undefined {
  try {
    return eventFields.parse(JSON.parse(json))
  } catch {
    return undefined
  }
}
