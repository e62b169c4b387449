/** @module Password hashes and sealed TOTP seeds of local users. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { CredentialStore, PasswordCredential, TotpCredential } from '../store.js'
import type { TotpCredentialTable } from './schema/totp-credential.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

export class SqlCredentialStore implements CredentialStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async findPassword(user: string): Promise<PasswordCredential | undefined> {
    if (!isStorable(user)) return undefined
    const row = await this.#scope.db
      .selectFrom('password_credential')
      .selectAll()
      .where('user_name', '=', user)
      .executeTakeFirst()
    return row && { user: row.user_name, hash: row.hash, changedAt: row.changed_at }
  }

  async putPassword(credential: PasswordCredential): Promise<void> {
    const values = { hash: credential.hash, changed_at: credential.changedAt }
    await this.#scope.db
      .insertInto('password_credential')
      .values({ user_name: credential.user, ...values })
      .onConflict((conflict) => conflict.column('user_name').doUpdateSet(values))
      .execute()
  }

  async listTotp(user: string): Promise<TotpCredential[]> {
    if (!isStorable(user)) return []
    const rows = await this.#scope.db
      .selectFrom('totp_credential')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toTotp)
  }

  async summarise(): Promise<Map<string, { hasPassword: boolean; factors: number }>> {
    const { db } = this.#scope
    const passwords = await db.selectFrom('password_credential').select('user_name').execute()
    const factors = await db
      .selectFrom('totp_credential')
      .select((expression) => ['user_name', expression.fn.countAll<number | string>().as('factors')])
      .groupBy('user_name')
      .execute()
    const passkeys = await db
      .selectFrom('passkey')
      .select((expression) => ['user_name', expression.fn.countAll<number | string>().as('factors')])
      .groupBy('user_name')
      .execute()
    const summary = new Map(passwords.map((row) => [row.user_name, { hasPassword: true, factors: 0 }]))
    for (const row of [...factors, ...passkeys]) {
      const { hasPassword, factors: known } = summary.get(row.user_name) ?? { hasPassword: false, factors: 0 }
      summary.set(row.user_name, { hasPassword, factors: known + Number(row.factors) })
    }
    return summary
  }

  async addTotp(credential: TotpCredential): Promise<void> {
    await this.#scope.db
      .insertInto('totp_credential')
      .values({
        id: credential.id,
        user_name: credential.user,
        label: credential.label,
        sealed_seed: credential.sealedSeed,
        created_at: credential.createdAt,
        last_used_at: credential.lastUsedAt ?? null,
        last_step: credential.lastStep,
      })
      .execute()
  }

  async spendTotpStep(id: string, step: number, now: Instant): Promise<boolean> {
    const row = await this.#scope.db
      .updateTable('totp_credential')
      .set({ last_step: step, last_used_at: now })
      .where('id', '=', id)
      .where('last_step', '<', step)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  async renameTotp(user: string, id: string, label: string): Promise<boolean> {
    const row = await this.#scope.db
      .updateTable('totp_credential')
      .set({ label: storable(label) })
      .where('id', '=', id)
      .where('user_name', '=', user)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  async deleteTotp(user: string, id: string): Promise<boolean> {
    const row = await this.#scope.db
      .deleteFrom('totp_credential')
      .where('id', '=', id)
      .where('user_name', '=', user)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }

  deleteAll(user: string): Promise<void> {
    return atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('password_credential').where('user_name', '=', user).execute()
      await db.deleteFrom('totp_credential').where('user_name', '=', user).execute()
    })
  }
}

function toTotp(row: Selectable<TotpCredentialTable>): TotpCredential {
  return {
    id: row.id,
    user: row.user_name,
    label: row.label,
    sealedSeed: row.sealed_seed,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastStep: row.last_step,
  }
}
