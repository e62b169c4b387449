/** @module Bindings of subjects to users, sign-ins that wait for an upstream, and tests of connectors. */
import type { Selectable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { ConnectorIdentity, ConnectorSignIn, ConnectorStore, ConnectorTest } from '../connector-store.js'
import { assertStorable, parseStored } from './bulk.js'
import type { ConnectorIdentityTable, ConnectorSignInTable } from './schema/connector.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlConnectorStore implements ConnectorStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async findIdentity(connector: string, subject: string): Promise<ConnectorIdentity | undefined> {
    if (!isStorable(connector) || !isStorable(subject)) return undefined
    const row = await this.#scope.db
      .selectFrom('connector_identity')
      .selectAll()
      .where('connector', '=', connector)
      .where('subject', '=', subject)
      .executeTakeFirst()
    return row && toIdentity(row)
  }

  async findIdentityOf(user: string): Promise<ConnectorIdentity | undefined> {
    if (!isStorable(user)) return undefined
    const row = await this.#scope.db
      .selectFrom('connector_identity')
      .selectAll()
      .where('user_name', '=', user)
      .executeTakeFirst()
    return row && toIdentity(row)
  }

  async putIdentity(identity: ConnectorIdentity): Promise<void> {
    const { connector, subject, user, traits } = identity
    assertStorable('a subject', connector, subject, user, ...traits)
    await atomically(this.#scope, async ({ db }) => {
      const known = await db
        .selectFrom('connector_identity')
        .selectAll()
        .where(({ and, eb, or }) =>
          or([
            eb('user_name', '=', user),
            and([eb('connector', '=', connector), eb('subject', '=', subject)]),
          ]),
        )
        .execute()
      const same = known.every(
        (row) => row.user_name === user && row.connector === connector && row.subject === subject,
      )
      if (!same) throw boundOtherwise()
      const seen = { last_seen_at: identity.lastSeenAt, traits: JSON.stringify(traits) }
      const values = { user_name: user, connector, subject, bound_at: identity.boundAt, ...seen }
      await db
        .insertInto('connector_identity')
        .values(values)
        .onConflict((conflict) => conflict.column('user_name').doUpdateSet(seen))
        .execute()
    })
  }

  async forgetIdentity(user: string): Promise<void> {
    if (!isStorable(user)) return
    await this.#scope.db.deleteFrom('connector_identity').where('user_name', '=', user).execute()
  }

  async createSignIn(signIn: ConnectorSignIn): Promise<void> {
    assertStorable('a sign-in', signIn.connector.name, signIn.next ?? '')
    await this.#scope.db
      .insertInto('connector_sign_in')
      .values({
        state_hash: signIn.stateHash,
        kind: signIn.connector.kind,
        connector: signIn.connector.name,
        browser_hash: signIn.browserHash,
        sealed: signIn.sealed,
        next: signIn.next ?? null,
        reauthenticates: signIn.reauthenticates ? 1 : 0,
        test: signIn.test ?? null,
        answer: signIn.answer ?? null,
        created_at: signIn.createdAt,
        expires_at: signIn.expiresAt,
      })
      .execute()
  }

  async findSignIn(stateHash: string): Promise<ConnectorSignIn | undefined> {
    const row = await this.#scope.db
      .selectFrom('connector_sign_in')
      .selectAll()
      .where('state_hash', '=', stateHash)
      .executeTakeFirst()
    return row && toSignIn(row)
  }

  async keepAnswer(stateHash: string, sealed: string): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('connector_sign_in')
      .set({ answer: sealed })
      .where('state_hash', '=', stateHash)
      .where('answer', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async takeSignIn(stateHash: string): Promise<ConnectorSignIn | undefined> {
    const row = await this.#scope.db
      .deleteFrom('connector_sign_in')
      .where('state_hash', '=', stateHash)
      .returningAll()
      .executeTakeFirst()
    return row && toSignIn(row)
  }

  async createTest({ id, connector, user, state, result, expiresAt }: ConnectorTest): Promise<void> {
    await this.#scope.db
      .insertInto('connector_test')
      .values({
        id,
        kind: connector.kind,
        connector: connector.name,
        user_name: user,
        state,
        result: result ?? null,
        expires_at: expiresAt,
      })
      .execute()
  }

  async findTest(id: string): Promise<ConnectorTest | undefined> {
    if (!isStorable(id)) return undefined
    const row = await this.#scope.db
      .selectFrom('connector_test')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        connector: { kind: row.kind, name: row.connector },
        user: row.user_name,
        state: row.state,
        result: row.result ?? undefined,
        expiresAt: row.expires_at,
      }
    )
  }

  async beginTest(id: string): Promise<boolean> {
    if (!isStorable(id)) return false
    const result = await this.#scope.db
      .updateTable('connector_test')
      .set({ state: 'begun' })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async finishTest(id: string, result: string): Promise<boolean> {
    const updated = await this.#scope.db
      .updateTable('connector_test')
      .set({ state: 'done', result })
      .where('id', '=', id)
      .where('state', '=', 'begun')
      .executeTakeFirst()
    return updated.numUpdatedRows > 0n
  }

  deleteExpired(before: Instant): Promise<number> {
    return atomically(this.#scope, async ({ db }) => {
      const signIns = await db
        .deleteFrom('connector_sign_in')
        .where('expires_at', '<', before)
        .executeTakeFirst()
      const tests = await db.deleteFrom('connector_test').where('expires_at', '<', before).executeTakeFirst()
      return Number(signIns.numDeletedRows + tests.numDeletedRows)
    })
  }
}

function boundOtherwise(): GatewayError {
  return new GatewayError(
    'CONFLICT',
    'this user or this subject of the upstream is bound otherwise; try again',
  )
}

function toIdentity(row: Selectable<ConnectorIdentityTable>): ConnectorIdentity {
  return {
    connector: row.connector,
    subject: row.subject,
    user: row.user_name,
    boundAt: row.bound_at,
    lastSeenAt: row.last_seen_at,
    // Written by this store alone.
    traits: parseStored(row.traits, `the binding of "${row.user_name}"`) as string[],
  }
}

function toSignIn(row: Selectable<ConnectorSignInTable>): ConnectorSignIn {
  return {
    stateHash: row.state_hash,
    connector: { kind: row.kind, name: row.connector },
    browserHash: row.browser_hash,
    sealed: row.sealed,
    next: row.next ?? undefined,
    reauthenticates: row.reauthenticates === 1,
    test: row.test ?? undefined,
    answer: row.answer ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
