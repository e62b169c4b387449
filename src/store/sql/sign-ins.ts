/** @module Sign-ins that wait for their person, the memory of those that were answered, and when each was the last. */
import type { Selectable, Updateable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { PendingSignIn, SignIn, SignInStore } from '../store.js'
import { assertStorable, inChunks } from './bulk.js'
import type { PendingSignInTable } from './schema/pending-sign-in.js'
import { atomically, Prepared, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

const findPending = new Prepared((db) =>
  db.selectFrom('pending_sign_in').selectAll().where('handle_hash', '=', ''),
)
const markAnswered = new Prepared((db) =>
  db
    .updateTable('pending_sign_in')
    .set({ answered_at: 0 })
    .where('handle_hash', '=', '')
    .where('answered_at', 'is', null)
    .returning(['entity_id', 'request_id']),
)
const rememberRequest = new Prepared((db) =>
  db
    .insertInto('answered_request')
    .values({ entity_id: '', request_id: '', remember_until: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .returning('request_id'),
)

const rememberSignIn = new Prepared((db) =>
  db
    .insertInto('last_sign_in')
    .values({ user_name: '', service_provider: '', signed_in_at: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(['user_name', 'service_provider'])
        .doUpdateSet((row) => ({ signed_in_at: row.ref('excluded.signed_in_at') }))
        .whereRef('excluded.signed_in_at', '>', 'last_sign_in.signed_in_at'),
    ),
)

export class SqlSignInStore implements SignInStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async create(pending: PendingSignIn): Promise<void> {
    await this.#scope.db.insertInto('pending_sign_in').values(toRow(pending)).execute()
  }

  async find(handleHash: string): Promise<PendingSignIn | undefined> {
    const [row] = await findPending.run(this.#scope, [handleHash])
    return row && toPending(row)
  }

  async recordMfa(handleHash: string, mfa: NonNullable<PendingSignIn['mfa']>): Promise<void> {
    const given = { mfa_session_id: mfa.sessionId, mfa_method: mfa.method, mfa_at: mfa.at }
    await this.#record(handleHash, given)
  }

  async recordDevice(handleHash: string, device: NonNullable<PendingSignIn['device']>): Promise<void> {
    await this.#record(handleHash, { device_proof: JSON.stringify(device) })
  }

  async #record(handleHash: string, given: Updateable<PendingSignInTable>): Promise<void> {
    const row = await this.#scope.db
      .updateTable('pending_sign_in')
      .set(given)
      .where('handle_hash', '=', handleHash)
      .where('answered_at', 'is', null)
      .returning('handle_hash')
      .executeTakeFirst()
    if (!row) {
      throw new GatewayError(
        'NOT_FOUND',
        'this sign-in is not waiting any more; start again at the application you want to open',
      )
    }
  }

  answer(handleHash: string, now: Instant, rememberUntil: Instant): Promise<boolean> {
    return atomically(this.#scope, async (scope) => {
      const [pending] = await markAnswered.run(scope, [now, handleHash])
      if (!pending) return false
      if (pending.request_id === null) return true
      const remembered = await rememberRequest.run(scope, [
        pending.entity_id,
        pending.request_id,
        rememberUntil,
      ])
      return remembered.length > 0
    })
  }

  async isAnswered(entityId: string, requestId: string): Promise<boolean> {
    if (!isStorable(entityId) || !isStorable(requestId)) return false
    const row = await this.#scope.db
      .selectFrom('answered_request')
      .select('request_id')
      .where('entity_id', '=', entityId)
      .where('request_id', '=', requestId)
      .executeTakeFirst()
    return row !== undefined
  }

  async recordSignIn({ user, serviceProvider, at }: SignIn): Promise<void> {
    assertStorable('a sign-in', user, serviceProvider)
    await rememberSignIn.run(this.#scope, [user, serviceProvider, at])
  }

  async lastSignIns(
    users: readonly string[],
    serviceProviders: readonly string[],
  ): Promise<ReadonlyMap<string, Instant>> {
    const last = new Map<string, Instant>()
    const providers = new Set(serviceProviders)
    await inChunks([...new Set(users)].filter(isStorable), async (chunk) => {
      const rows = await this.#scope.db
        .selectFrom('last_sign_in')
        .selectAll()
        .where('user_name', 'in', chunk)
        .execute()
      for (const { user_name: user, service_provider: provider, signed_in_at: at } of rows) {
        if (providers.has(provider)) last.set(user, Math.max(at, last.get(user) ?? at))
      }
    })
    return last
  }

  async forgetSignIns(user: string): Promise<void> {
    if (!isStorable(user)) return
    await this.#scope.db.deleteFrom('last_sign_in').where('user_name', '=', user).execute()
  }

  deleteExpired(before: Instant): Promise<number> {
    return atomically(this.#scope, async ({ db }) => {
      const pending = await db
        .deleteFrom('pending_sign_in')
        .where('expires_at', '<', before)
        .executeTakeFirst()
      const answered = await db
        .deleteFrom('answered_request')
        .where('remember_until', '<', before)
        .executeTakeFirst()
      return Number(pending.numDeletedRows + answered.numDeletedRows)
    })
  }
}

function toRow(pending: PendingSignIn): PendingSignInTable {
  return {
    handle_hash: pending.handleHash,
    initiated_by: pending.initiatedBy,
    service_provider: pending.serviceProvider,
    entity_id: pending.entityId,
    request_id: pending.requestId ?? null,
    acs_url: pending.acsUrl,
    relay_state: pending.relayState === undefined ? null : JSON.stringify(pending.relayState),
    force_authn: pending.forceAuthn ? 1 : 0,
    is_passive: pending.isPassive ? 1 : 0,
    name_id_format: pending.nameIdFormat ?? null,
    asks_second_factor: pending.asksSecondFactor ? 1 : 0,
    received_at: pending.receivedAt,
    expires_at: pending.expiresAt,
    answered_at: pending.answeredAt ?? null,
    mfa_session_id: pending.mfa?.sessionId ?? null,
    mfa_method: pending.mfa?.method ?? null,
    mfa_at: pending.mfa?.at ?? null,
    device_proof: pending.device === undefined ? null : JSON.stringify(pending.device),
  }
}

function toPending(row: Selectable<PendingSignInTable>): PendingSignIn {
  return {
    handleHash: row.handle_hash,
    initiatedBy: row.initiated_by,
    serviceProvider: row.service_provider,
    entityId: row.entity_id,
    requestId: row.request_id ?? undefined,
    acsUrl: row.acs_url,
    relayState: row.relay_state === null ? undefined : String(JSON.parse(row.relay_state)),
    forceAuthn: row.force_authn === 1,
    isPassive: row.is_passive === 1,
    nameIdFormat: row.name_id_format ?? undefined,
    asksSecondFactor: row.asks_second_factor === 1,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    answeredAt: row.answered_at ?? undefined,
    mfa:
      row.mfa_session_id === null || row.mfa_method === null || row.mfa_at === null
        ? undefined
        : { sessionId: row.mfa_session_id, method: row.mfa_method, at: row.mfa_at },
    // Written by `recordDevice` alone.
    device:
      row.device_proof === null
        ? undefined
        : (JSON.parse(row.device_proof) as NonNullable<PendingSignIn['device']>),
  }
}
