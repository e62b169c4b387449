/** @module Proofs of a second factor, by the hash of what carries them, and what of each is not spent. */
import type { MfaProof } from '../../core/mfa/proof.js'
import type { Instant } from '../../core/time.js'
import type { MfaProofStore } from '../store.js'
import { assertStorable } from './bulk.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlMfaProofStore implements MfaProofStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async create(tokenHash: string, proof: MfaProof): Promise<void> {
    assertStorable('a proof', proof.user, ...proof.unspent)
    await atomically(this.#scope, async ({ db }) => {
      await db
        .insertInto('mfa_proof')
        .values({
          token_hash: tokenHash,
          user_name: proof.user,
          session_id: proof.sessionId,
          purpose: proof.purpose,
          method: proof.method,
          expires_at: proof.expiresAt,
        })
        .execute()
      const subjects = [...new Set(proof.unspent)].map((subject) => {
        return { token_hash: tokenHash, subject, spent_at: null }
      })
      if (subjects.length > 0) await db.insertInto('mfa_proof_subject').values(subjects).execute()
    })
  }

  async find(tokenHash: string): Promise<MfaProof | undefined> {
    const { db } = this.#scope
    const row = await db
      .selectFrom('mfa_proof')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const subjects = await db
      .selectFrom('mfa_proof_subject')
      .select('subject')
      .where('token_hash', '=', tokenHash)
      .where('spent_at', 'is', null)
      .orderBy('subject')
      .execute()
    return {
      user: row.user_name,
      sessionId: row.session_id,
      purpose: row.purpose,
      method: row.method,
      expiresAt: row.expires_at,
      unspent: subjects.map(({ subject }) => subject),
    }
  }

  async spend(tokenHash: string, subject: string, now: Instant): Promise<boolean> {
    if (!isStorable(subject)) return false
    const result = await this.#scope.db
      .updateTable('mfa_proof_subject')
      .set({ spent_at: now })
      .where('token_hash', '=', tokenHash)
      .where('subject', '=', subject)
      .where('spent_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  deleteExpired(before: Instant): Promise<number> {
    return atomically(this.#scope, async ({ db }) => {
      const expired = db.selectFrom('mfa_proof').select('token_hash').where('expires_at', '<', before)
      await db.deleteFrom('mfa_proof_subject').where('token_hash', 'in', expired).execute()
      const result = await db.deleteFrom('mfa_proof').where('expires_at', '<', before).executeTakeFirst()
      return Number(result.numDeletedRows)
    })
  }
}
