/** @module Passkeys and their challenges. */
import type { Selectable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { Passkey, PasskeyChallenge, PasskeyStore } from '../passkey-store.js'
import type { PasskeyTable } from './schema/passkey.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

export class SqlPasskeyStore implements PasskeyStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(user: string): Promise<Passkey[]> {
    if (!isStorable(user)) return []
    const rows = await this.#scope.db
      .selectFrom('passkey')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toPasskey)
  }

  async countByUser(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#scope.db
      .selectFrom('passkey')
      .select((expression) => ['user_name', expression.fn.countAll<number | string>().as('passkeys')])
      .groupBy('user_name')
      .execute()
    return new Map(rows.map((row) => [row.user_name, Number(row.passkeys)]))
  }

  async findByCredentialId(credentialId: string): Promise<Passkey | undefined> {
    if (!isStorable(credentialId)) return undefined
    const row = await this.#scope.db
      .selectFrom('passkey')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst()
    return row && toPasskey(row)
  }

  async add(passkey: Passkey): Promise<void> {
    const added = await this.#scope.db
      .insertInto('passkey')
      .values({
        id: passkey.id,
        user_name: passkey.user,
        label: storable(passkey.label),
        credential_id: passkey.credentialId,
        user_handle: passkey.userHandle,
        public_key: passkey.publicKey,
        sign_count: passkey.signCount,
        transports: JSON.stringify(passkey.transports),
        backup_eligible: passkey.backupEligible ? 1 : 0,
        backed_up: passkey.backedUp ? 1 : 0,
        aaguid: passkey.aaguid,
        discoverable: passkey.discoverable ? 1 : 0,
        attestation: passkey.attestation,
        created_at: passkey.createdAt,
        last_used_at: passkey.lastUsedAt ?? null,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added === undefined) throw new GatewayError('ALREADY_EXISTS', 'this passkey is enrolled already')
  }

  async use(
    id: string,
    seen: { readonly signCount: number; readonly backedUp: boolean; readonly at: Instant },
  ): Promise<boolean> {
    const row = await this.#scope.db
      .updateTable('passkey')
      .set({ sign_count: seen.signCount, backed_up: seen.backedUp ? 1 : 0, last_used_at: seen.at })
      .where('id', '=', id)
      .where((where) =>
        seen.signCount === 0 ? where('sign_count', '=', 0) : where('sign_count', '<', seen.signCount),
      )
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  async rename(user: string, id: string, label: string): Promise<boolean> {
    if (!isStorable(id)) return false
    const row = await this.#scope.db
      .updateTable('passkey')
      .set({ label: storable(label) })
      .where('id', '=', id)
      .where('user_name', '=', user)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  async delete(user: string, id: string): Promise<boolean> {
    if (!isStorable(id)) return false
    const row = await this.#scope.db
      .deleteFrom('passkey')
      .where('id', '=', id)
      .where('user_name', '=', user)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  deleteAll(user: string): Promise<void> {
    return atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('passkey').where('user_name', '=', user).execute()
      await db.deleteFrom('passkey_challenge').where('user_name', '=', user).execute()
    })
  }

  async addChallenge(challenge: PasskeyChallenge): Promise<void> {
    await this.#scope.db
      .insertInto('passkey_challenge')
      .values({
        challenge_hash: challenge.challengeHash,
        purpose: challenge.purpose,
        user_name: challenge.user ?? null,
        session_id: challenge.sessionId ?? null,
        subject: challenge.subject ?? null,
        expires_at: challenge.expiresAt,
      })
      .execute()
  }

  async takeChallenge(challengeHash: string): Promise<PasskeyChallenge | undefined> {
    const row = await this.#scope.db
      .deleteFrom('passkey_challenge')
      .where('challenge_hash', '=', challengeHash)
      .returningAll()
      .executeTakeFirst()
    return (
      row && {
        challengeHash: row.challenge_hash,
        purpose: row.purpose,
        user: row.user_name ?? undefined,
        sessionId: row.session_id ?? undefined,
        subject: row.subject ?? undefined,
        expiresAt: row.expires_at,
      }
    )
  }

  async deleteExpiredChallenges(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('passkey_challenge')
      .where('expires_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

function toPasskey(row: Selectable<PasskeyTable>): Passkey {
  return {
    id: row.id,
    user: row.user_name,
    label: row.label,
    credentialId: row.credential_id,
    userHandle: row.user_handle,
    publicKey: row.public_key,
    signCount: row.sign_count,
    // Written by `add` alone.
    transports: JSON.parse(row.transports) as string[],
    backupEligible: row.backup_eligible === 1,
    backedUp: row.backed_up === 1,
    aaguid: row.aaguid,
    discoverable: row.discoverable === 1,
    attestation: row.attestation,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  }
}
