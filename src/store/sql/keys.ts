/** @module Signing keys, the private half sealed by `keys/` before it comes here. */
import { GatewayError } from '../../core/error.js'
import type { KeyPurpose, KeyStore, StoredKey } from '../store.js'
import type { SqlScope } from './scope.js'

export class SqlKeyStore implements KeyStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(purpose: KeyPurpose): Promise<StoredKey[]> {
    const rows = await this.#scope.db
      .selectFrom('signing_key')
      .selectAll()
      .where('purpose', '=', purpose)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      purpose: row.purpose,
      state: row.state,
      sealedPrivateKey: row.sealed_private_key,
      publicKeyPem: row.public_key_pem,
      certificatePem: row.certificate_pem ?? undefined,
      createdAt: row.created_at,
      notAfter: row.not_after ?? undefined,
    }))
  }

  async create(key: StoredKey): Promise<void> {
    await this.#scope.db
      .insertInto('signing_key')
      .values({
        id: key.id,
        purpose: key.purpose,
        state: key.state,
        sealed_private_key: key.sealedPrivateKey,
        public_key_pem: key.publicKeyPem,
        certificate_pem: key.certificatePem ?? null,
        created_at: key.createdAt,
        not_after: key.notAfter ?? null,
      })
      .execute()
  }

  async setState(id: string, state: StoredKey['state']): Promise<void> {
    const row = await this.#scope.db
      .updateTable('signing_key')
      .set({ state })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw new GatewayError('NOT_FOUND', `there is no signing key "${id}"`, { id })
  }

  async delete(id: string): Promise<boolean> {
    const result = await this.#scope.db.deleteFrom('signing_key').where('id', '=', id).executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}
