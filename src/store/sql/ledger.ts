/** @module What we put into Identity Center, with why. Rows by plugin, principal, kind and target. */
import { sql, type Selectable } from 'kysely'
import { z } from 'zod'
import { GatewayError } from '../../core/error.js'
import type { GrantReason, LedgerEntry, PrincipalKey } from '../../core/identity-center/observation.js'
import type { LedgerStore } from '../store.js'
import { raiseSyncGeneration } from './generation.js'
import { assertStorable, inChunks, lastOfEach, parseStored } from './bulk.js'
import type { LedgerEntryTable } from './schema/ledger-entry.js'
import { atomically, type SqlScope } from './scope.js'

const reasonsForm: z.ZodType<readonly GrantReason[]> = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('list'), list: z.string() }),
    z.strictObject({ kind: z.literal('list_member'), list: z.string(), deniedBy: z.string() }),
    z.strictObject({ kind: z.literal('list_owner'), list: z.string() }),
    z.strictObject({ kind: z.literal('role'), role: z.string() }),
    z.strictObject({ kind: z.literal('request'), request: z.string(), until: z.number() }),
    z.strictObject({ kind: z.literal('found') }),
  ]),
)

export class SqlLedgerStore implements LedgerStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(plugin: string): Promise<LedgerEntry[]> {
    return toEntries(await this.#entries(plugin).execute())
  }

  async listOf(plugin: string, principal: PrincipalKey): Promise<LedgerEntry[]> {
    return toEntries(await this.#entries(plugin).where('principal', '=', principal).execute())
  }

  async put(plugin: string, entries: readonly LedgerEntry[]): Promise<void> {
    for (const { principal, target } of entries) assertStorable('a ledger entry', principal, target)
    const rows = lastOfEach(entries, ({ kind, principal, target }) => [kind, principal, target]).map(
      ({ kind, principal, target, reasons, since }): LedgerEntryTable => ({
        plugin,
        kind,
        principal,
        target,
        reasons: JSON.stringify(reasons),
        since,
      }),
    )
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await inChunks(rows, (chunk) =>
        scope.db
          .insertInto('ledger_entry')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['plugin', 'principal', 'kind', 'target']).doUpdateSet((row) => ({
              reasons: row.ref('excluded.reasons'),
              since: row.ref('excluded.since'),
            })),
          )
          .execute(),
      )
    })
  }

  async delete(
    plugin: string,
    entries: readonly Pick<LedgerEntry, 'kind' | 'principal' | 'target'>[],
  ): Promise<void> {
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await inChunks(entries, (chunk) => {
        const keys = chunk.map(({ kind, principal, target }) => sql`(${principal}, ${kind}, ${target})`)
        return scope.db
          .deleteFrom('ledger_entry')
          .where('plugin', '=', plugin)
          .where(sql<boolean>`(principal, kind, target) in (values ${sql.join(keys)})`)
          .execute()
      })
    })
  }

  async deleteOf(plugin: string, principal: PrincipalKey): Promise<void> {
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await scope.db
        .deleteFrom('ledger_entry')
        .where('plugin', '=', plugin)
        .where('principal', '=', principal)
        .execute()
    })
  }

  async deleteAll(plugin: string): Promise<void> {
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await scope.db.deleteFrom('ledger_entry').where('plugin', '=', plugin).execute()
    })
  }

  #entries(plugin: string) {
    return this.#scope.db
      .selectFrom('ledger_entry')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('principal')
      .orderBy('kind')
      .orderBy('target')
  }
}

/** Thousands of rows share a few reasons, so each text is parsed once. */
function toEntries(rows: readonly Selectable<LedgerEntryTable>[]): LedgerEntry[] {
  const known = new Map<string, readonly GrantReason[]>()
  return rows.map(({ kind, principal, target, reasons, since }) => {
    const parsed = known.get(reasons) ?? parseReasons(reasons, `the ledger entry of ${principal}`)
    known.set(reasons, parsed)
    return { kind, principal, target, reasons: parsed, since }
  })
}

function parseReasons(text: string, what: string): readonly GrantReason[] {
  const parsed = reasonsForm.safeParse(parseStored(text, what))
  if (parsed.success) return parsed.data
  throw new GatewayError('INTERNAL', `${what} is damaged in the database: ${z.prettifyError(parsed.error)}`)
}
