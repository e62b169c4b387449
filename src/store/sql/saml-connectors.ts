/** @module Assertions that were used, and copies of metadata. */
import type { Instant } from '../../core/time.js'
import type { SamlConnectorStore, StoredMetadata } from '../saml-connector-store.js'
import { assertStorable } from './bulk.js'
import type { SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

export class SqlSamlConnectorStore implements SamlConnectorStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async useAssertion(connector: string, idHash: string, until: Instant): Promise<boolean> {
    const added = await this.#scope.db
      .insertInto('saml_used_assertion')
      .values({ connector, id_hash: idHash, expires_at: until })
      .onConflict((conflict) => conflict.columns(['connector', 'id_hash']).doNothing())
      .returning('id_hash')
      .executeTakeFirst()
    return added !== undefined
  }

  async findMetadata(connector: string): Promise<StoredMetadata | undefined> {
    if (!isStorable(connector)) return undefined
    const row = await this.#scope.db
      .selectFrom('saml_metadata')
      .selectAll()
      .where('connector', '=', connector)
      .executeTakeFirst()
    return (
      row && {
        connector: row.connector,
        url: row.url,
        xml: row.xml ?? undefined,
        fetchedAt: row.fetched_at ?? undefined,
        validUntil: row.valid_until ?? undefined,
        triedAt: row.tried_at,
        problem: row.problem ?? undefined,
      }
    )
  }

  async putMetadata({
    connector,
    url,
    xml,
    fetchedAt,
    validUntil,
    triedAt,
    problem,
  }: StoredMetadata): Promise<void> {
    assertStorable('the metadata', connector, url, xml ?? '')
    const values = {
      url,
      xml: xml ?? null,
      fetched_at: fetchedAt ?? null,
      valid_until: validUntil ?? null,
      tried_at: triedAt,
      problem: problem === undefined ? null : storable(problem),
    }
    await this.#scope.db
      .insertInto('saml_metadata')
      .values({ connector, ...values })
      .onConflict((conflict) => conflict.column('connector').doUpdateSet(values))
      .execute()
  }

  async forgetMetadata(connector: string): Promise<void> {
    await this.#scope.db.deleteFrom('saml_metadata').where('connector', '=', connector).execute()
  }

  async deleteExpiredAssertions(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('saml_used_assertion')
      .where('expires_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
