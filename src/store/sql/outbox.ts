/** @module Mail and webhooks that wait to be sent, and what is left of them afterwards. Claiming is one statement. */
import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type {
  OutboxCount,
  OutboxDelivery,
  OutboxLine,
  OutboxMessage,
  OutboxStore,
} from '../access-list-store.js'
import { assertStorable, inChunks } from './bulk.js'
import type { Database } from './schema/database.js'
import type { OutboxMessageTable } from './schema/outbox-message.js'
import { atomically, type SqlScope } from './scope.js'
import { storable } from './text.js'

export class SqlOutboxStore implements OutboxStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async add(messages: readonly OutboxMessage[]): Promise<number> {
    for (const { id, key, to } of messages) assertStorable('a message', id, key, to)
    let added = 0
    await atomically(this.#scope, ({ db }) =>
      inChunks(messages.map(toRow), async (rows) => {
        const result = await db
          .insertInto('outbox_message')
          .values(rows)
          .onConflict((conflict) => conflict.column('message_key').doNothing())
          .executeTakeFirst()
        added += Number(result.numInsertedOrUpdatedRows ?? 0n)
      }),
    )
    return added
  }

  async withdraw(keys: readonly string[]): Promise<void> {
    await atomically(this.#scope, ({ db }) =>
      inChunks(keys, async (some) => {
        await db
          .deleteFrom('outbox_message')
          .where('state', '=', 'waiting')
          .where('message_key', 'in', some)
          .execute()
      }),
    )
  }

  async withdrawAll(line: OutboxLine): Promise<void> {
    await this.#scope.db
      .deleteFrom('outbox_message')
      .where('state', '=', 'waiting')
      .where(inLine(line))
      .execute()
  }

  async claim({
    line = mail,
    now,
    until,
    limit,
  }: {
    readonly line?: OutboxLine
    readonly now: Instant
    readonly until: Instant
    readonly limit: number
  }): Promise<OutboxMessage[]> {
    const rows = await this.#scope.db
      .updateTable('outbox_message')
      .set((row) => ({ claimed_until: until, attempts: row('attempts', '+', 1) }))
      // Asked again of each row that is locked for us: another may have claimed it since the inner question.
      .where('state', '=', 'waiting')
      .where('not_before', '<=', now)
      .where('claimed_until', '<=', now)
      .where('position', 'in', (inner) =>
        inner
          .selectFrom('outbox_message as due')
          .select('due.position')
          .where('due.state', '=', 'waiting')
          .where(inLine(line))
          .where('due.not_before', '<=', now)
          .where('due.claimed_until', '<=', now)
          .orderBy('due.position')
          .limit(limit),
      )
      .returningAll()
      .execute()
    return rows.sort((a, b) => a.position - b.position).map(toMessage)
  }

  async markSent(id: string, at: Instant): Promise<void> {
    await this.#scope.db
      .updateTable('outbox_message')
      .set({ state: 'sent', ended_at: at, claimed_until: 0, last_error: null, ...forgotten })
      .where('id', '=', id)
      .execute()
  }

  async markFailed(
    id: string,
    { error, at, notBefore }: Parameters<OutboxStore['markFailed']>[1],
  ): Promise<void> {
    await this.#scope.db
      .updateTable('outbox_message')
      .set({
        claimed_until: 0,
        last_error: storable(error),
        ...(notBefore === undefined
          ? { state: 'given_up', ended_at: at, ...forgotten }
          : { not_before: notBefore }),
      })
      .where('id', '=', id)
      // One that took longer than it was ours may have been sent by another since.
      .where('state', '=', 'waiting')
      .execute()
  }

  async count(since: Instant, line: OutboxLine = mail): Promise<OutboxCount> {
    const { db } = this.#scope
    const waiting = await db
      .selectFrom('outbox_message')
      .select((row) => row.fn.countAll<number | string>().as('count'))
      .where('state', '=', 'waiting')
      .where(inLine(line))
      .executeTakeFirstOrThrow()
    const givenUp = await db
      .selectFrom('outbox_message')
      .select((row) => row.fn.countAll<number | string>().as('count'))
      .where('ended_at', '>=', since)
      .where('state', '=', 'given_up')
      .where(inLine(line))
      .executeTakeFirstOrThrow()
    const last = await db
      .selectFrom('outbox_message')
      .select('last_error')
      .where('state', 'in', ['waiting', 'given_up'])
      .where('last_error', 'is not', null)
      .where(inLine(line))
      .where((row) => row.or([row('state', '=', 'waiting'), row('ended_at', '>=', since)]))
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst()
    return {
      waiting: Number(waiting.count),
      givenUp: Number(givenUp.count),
      lastError: last?.last_error ?? undefined,
    }
  }

  async deleteBefore(at: Instant): Promise<number> {
    return await atomically(this.#scope, async ({ db }) => {
      const ended = await db.deleteFrom('outbox_message').where('ended_at', '<', at).executeTakeFirst()
      const stale = await db
        .deleteFrom('outbox_message')
        .where('state', '=', 'waiting')
        .where('expires_at', '<', at)
        .executeTakeFirst()
      return Number(ended.numDeletedRows + stale.numDeletedRows)
    })
  }

  async nextAt(line: OutboxLine = mail): Promise<Instant | undefined> {
    const row = await this.#scope.db
      .selectFrom('outbox_message')
      .select((one) =>
        one.fn
          .min<number | null>(
            one
              .case()
              .when('claimed_until', '>', one.ref('not_before'))
              .then(one.ref('claimed_until'))
              .else(one.ref('not_before'))
              .end(),
          )
          .as('next'),
      )
      .where('state', '=', 'waiting')
      .where(inLine(line))
      .executeTakeFirst()
    return row?.next ?? undefined
  }

  async listDue(channel: OutboxLine['channel'], now: Instant): Promise<string[]> {
    const rows = await this.#scope.db
      .selectFrom('outbox_message')
      .select('recipient')
      .distinct()
      .where('state', '=', 'waiting')
      .where('not_before', '<=', now)
      .where('claimed_until', '<=', now)
      .where(inLine({ channel }))
      .execute()
    return rows.map(({ recipient }) => recipient).sort()
  }

  async listLast(line: Required<OutboxLine>, limit: number): Promise<OutboxDelivery[]> {
    const rows = await this.#scope.db
      .selectFrom('outbox_message')
      .select(['id', 'subject', 'created_at', 'state', 'attempts', 'last_error', 'not_before', 'ended_at'])
      .where(inLine(line))
      .orderBy('position', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      subject: row.subject,
      createdAt: row.created_at,
      state: row.state,
      attempts: row.attempts,
      lastError: row.last_error ?? undefined,
      nextAt: row.state === 'waiting' ? row.not_before : undefined,
      endedAt: row.ended_at ?? undefined,
    }))
  }
}

const mail: OutboxLine = { channel: 'mail' }

/** Names of columns that only this table has. */
function inLine({ channel, to }: OutboxLine) {
  return (row: ExpressionBuilder<Pick<Database, 'outbox_message'>, 'outbox_message'>) =>
    row.and({ channel, ...(to !== undefined && { recipient: to }) })
}

const forgotten = { body_text: '', body_html: '' }

function toRow(message: OutboxMessage): Omit<OutboxMessageTable, 'position'> {
  return {
    id: message.id,
    message_key: message.key,
    channel: message.channel,
    recipient: message.to,
    subject: storable(message.subject),
    body_text: storable(message.text),
    body_html: storable(message.html),
    created_at: message.createdAt,
    not_before: message.notBefore,
    expires_at: message.expiresAt,
    claimed_until: 0,
    attempts: message.attempts,
    last_error: message.lastError === undefined ? null : storable(message.lastError),
    state: 'waiting',
    ended_at: null,
  }
}

function toMessage(row: Selectable<OutboxMessageTable>): OutboxMessage {
  return {
    id: row.id,
    key: row.message_key,
    channel: row.channel,
    to: row.recipient,
    subject: row.subject,
    text: row.body_text,
    html: row.body_html,
    createdAt: row.created_at,
    notBefore: row.not_before,
    expiresAt: row.expires_at,
    attempts: row.attempts,
    lastError: row.last_error ?? undefined,
  }
}
