/** @module Keys of devices, tokens that let one be enrolled, and what one is asked to vouch for. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type {
  DeviceAnswer,
  DeviceChallenge,
  DeviceEnrollToken,
  DeviceKey,
  DeviceStore,
} from '../device-store.js'
import { assertStorable } from './bulk.js'
import type { DeviceChallengeTable, DeviceEnrollTokenTable, DeviceKeyTable } from './schema/device.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlDeviceStore implements DeviceStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async listKeys(): Promise<DeviceKey[]> {
    const rows = await this.#scope.db.selectFrom('device_key').selectAll().orderBy('device').execute()
    return rows.map(toKey)
  }

  async findKey(device: string): Promise<DeviceKey | undefined> {
    if (!isStorable(device)) return undefined
    const row = await this.#scope.db
      .selectFrom('device_key')
      .selectAll()
      .where('device', '=', device)
      .executeTakeFirst()
    return row && toKey(row)
  }

  putKey(key: DeviceKey): Promise<void> {
    assertStorable('a device key', key.device, key.user, key.publicKey)
    return atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('device_key').where('device', '=', key.device).execute()
      await db
        .insertInto('device_key')
        .values({
          device: key.device,
          id: key.id,
          user_name: key.user,
          public_key: key.publicKey,
          storage: key.storage,
          enrolled_at: key.enrolledAt,
          last_used_at: key.lastUsedAt ?? null,
        })
        .execute()
    })
  }

  async touchKey(device: string, at: Instant): Promise<void> {
    await this.#scope.db
      .updateTable('device_key')
      .set({ last_used_at: at })
      .where('device', '=', device)
      .execute()
  }

  forget(device: string): Promise<void> {
    return atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('device_key').where('device', '=', device).execute()
      await db.deleteFrom('device_enroll_token').where('device', '=', device).execute()
    })
  }

  async forgetUser(user: string): Promise<void> {
    if (!isStorable(user)) return
    await this.#scope.db.deleteFrom('device_key').where('user_name', '=', user).execute()
  }

  putEnrollToken(token: DeviceEnrollToken): Promise<void> {
    assertStorable('a device', token.device)
    return atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('device_enroll_token').where('device', '=', token.device).execute()
      await db
        .insertInto('device_enroll_token')
        .values({
          device: token.device,
          token_hash: token.tokenHash,
          nonce: token.nonce,
          expires_at: token.expiresAt,
        })
        .execute()
    })
  }

  async listEnrollTokens(): Promise<DeviceEnrollToken[]> {
    const rows = await this.#scope.db
      .selectFrom('device_enroll_token')
      .selectAll()
      .orderBy('device')
      .execute()
    return rows.map(toToken)
  }

  async findEnrollToken(tokenHash: string): Promise<DeviceEnrollToken | undefined> {
    const row = await this.#scope.db
      .selectFrom('device_enroll_token')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return row && toToken(row)
  }

  async spendEnrollToken(tokenHash: string): Promise<boolean> {
    const result = await this.#scope.db
      .deleteFrom('device_enroll_token')
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async addChallenge(challenge: DeviceChallenge): Promise<void> {
    await this.#scope.db.insertInto('device_challenge').values(toRow(challenge)).execute()
  }

  async findChallenge(ticketHash: string): Promise<DeviceChallenge | undefined> {
    const row = await this.#scope.db
      .selectFrom('device_challenge')
      .selectAll()
      .where('ticket_hash', '=', ticketHash)
      .executeTakeFirst()
    return row && toChallenge(row)
  }

  async lastChallenge(handleHash: string, sessionId: string): Promise<DeviceChallenge | undefined> {
    const row = await this.#scope.db
      .selectFrom('device_challenge')
      .selectAll()
      .where('handle_hash', '=', handleHash)
      .where('session_id', '=', sessionId)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toChallenge(row)
  }

  async findCompletion(completionHash: string): Promise<DeviceChallenge | undefined> {
    const row = await this.#scope.db
      .selectFrom('device_challenge')
      .selectAll()
      .where('completion_hash', '=', completionHash)
      .executeTakeFirst()
    return row && toChallenge(row)
  }

  async move(ticketHash: string, from: DeviceChallenge['state'], to: DeviceAnswer): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('device_challenge')
      .set({
        state: to.state,
        device: to.device ?? null,
        key_id: to.keyId ?? null,
        completion_hash: to.completionHash ?? null,
      })
      .where('ticket_hash', '=', ticketHash)
      .where('state', '=', from)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  deleteExpired(before: Instant): Promise<number> {
    return atomically(this.#scope, async ({ db }) => {
      const tokens = await db
        .deleteFrom('device_enroll_token')
        .where('expires_at', '<', before)
        .executeTakeFirst()
      const challenges = await db
        .deleteFrom('device_challenge')
        .where('expires_at', '<', before)
        .executeTakeFirst()
      return Number(tokens.numDeletedRows + challenges.numDeletedRows)
    })
  }
}

function toKey(row: Selectable<DeviceKeyTable>): DeviceKey {
  return {
    device: row.device,
    id: row.id,
    user: row.user_name,
    publicKey: row.public_key,
    storage: row.storage,
    enrolledAt: row.enrolled_at,
    lastUsedAt: row.last_used_at ?? undefined,
  }
}

function toToken(row: Selectable<DeviceEnrollTokenTable>): DeviceEnrollToken {
  return { device: row.device, tokenHash: row.token_hash, nonce: row.nonce, expiresAt: row.expires_at }
}

function toRow(challenge: DeviceChallenge): DeviceChallengeTable {
  return {
    ticket_hash: challenge.ticketHash,
    way: challenge.way,
    handle_hash: challenge.handleHash,
    session_id: challenge.sessionId,
    user_name: challenge.user,
    service_provider: challenge.serviceProvider,
    entity_id: challenge.entityId,
    nonce: challenge.nonce,
    address: challenge.address,
    user_agent: challenge.userAgent,
    state: challenge.state,
    device: challenge.device ?? null,
    key_id: challenge.keyId ?? null,
    completion_hash: challenge.completionHash ?? null,
    created_at: challenge.createdAt,
    expires_at: challenge.expiresAt,
  }
}

function toChallenge(row: Selectable<DeviceChallengeTable>): DeviceChallenge {
  return {
    ticketHash: row.ticket_hash,
    way: row.way,
    handleHash: row.handle_hash,
    sessionId: row.session_id,
    user: row.user_name,
    serviceProvider: row.service_provider,
    entityId: row.entity_id,
    nonce: row.nonce,
    address: row.address,
    userAgent: row.user_agent,
    state: row.state,
    device: row.device ?? undefined,
    keyId: row.key_id ?? undefined,
    completionHash: row.completion_hash ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
