/** @module Upstream directories: tokens, ids, removals and held changes. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { DirectoryHold, DirectoryResource, DirectoryStore, DirectoryToken } from '../directory-store.js'
import type { DirectoryHoldTable, DirectoryResourceTable, DirectoryTokenTable } from './schema/directory.js'
import type { SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

type Kind = DirectoryResource['kind']

export class SqlDirectoryStore implements DirectoryStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async addToken(token: DirectoryToken): Promise<void> {
    await this.#scope.db
      .insertInto('directory_token')
      .values({
        id: token.id,
        connector: token.connector,
        token_hash: token.tokenHash,
        label: storable(token.label),
        created_at: token.createdAt,
        created_by: storable(token.createdBy),
        expires_at: token.expiresAt,
        last_used_at: token.lastUsedAt ?? null,
        last_used_from: token.lastUsedFrom ?? null,
      })
      .execute()
  }

  async findToken(tokenHash: string): Promise<DirectoryToken | undefined> {
    const row = await this.#scope.db
      .selectFrom('directory_token')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return row && toToken(row)
  }

  async listTokens(connector: string): Promise<DirectoryToken[]> {
    if (!isStorable(connector)) return []
    const rows = await this.#scope.db
      .selectFrom('directory_token')
      .selectAll()
      .where('connector', '=', connector)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toToken)
  }

  async touchToken(id: string, { at, from }: { readonly at: Instant; readonly from: string }): Promise<void> {
    await this.#scope.db
      .updateTable('directory_token')
      .set({ last_used_at: at, last_used_from: storable(from) })
      .where('id', '=', id)
      .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', at)]))
      .execute()
  }

  async deleteToken(connector: string, id: string): Promise<boolean> {
    if (!isStorable(connector) || !isStorable(id)) return false
    const result = await this.#scope.db
      .deleteFrom('directory_token')
      .where('connector', '=', connector)
      .where('id', '=', id)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async find(connector: string, kind: Kind, id: string): Promise<DirectoryResource | undefined> {
    if (!isStorable(id)) return undefined
    const row = await this.#scope.db
      .selectFrom('directory_resource')
      .selectAll()
      .where('id', '=', id)
      .where('connector', '=', connector)
      .where('kind', '=', kind)
      .executeTakeFirst()
    return row && toResource(row)
  }

  async findByName(kind: Kind, name: string): Promise<DirectoryResource | undefined> {
    if (!isStorable(name)) return undefined
    const row = await this.#scope.db
      .selectFrom('directory_resource')
      .selectAll()
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toResource(row)
  }

  async listByExternalId(connector: string, kind: Kind, externalId: string): Promise<DirectoryResource[]> {
    if (!isStorable(externalId)) return []
    const rows = await this.#scope.db
      .selectFrom('directory_resource')
      .selectAll()
      .where('connector', '=', connector)
      .where('kind', '=', kind)
      .where('external_id', '=', externalId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toResource)
  }

  async list(connector: string, kind: Kind): Promise<DirectoryResource[]> {
    const rows = await this.#scope.db
      .selectFrom('directory_resource')
      .selectAll()
      .where('connector', '=', connector)
      .where('kind', '=', kind)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toResource)
  }

  async listIds(connector: string, kind: Kind): Promise<Map<string, string>> {
    const rows = await this.#scope.db
      .selectFrom('directory_resource')
      .select(['id', 'name'])
      .where('connector', '=', connector)
      .where('kind', '=', kind)
      .execute()
    return new Map(rows.map(({ id, name }) => [name, id]))
  }

  async create(resource: DirectoryResource): Promise<void> {
    await this.#scope.db.insertInto('directory_resource').values(toRow(resource)).execute()
  }

  async update(resource: DirectoryResource): Promise<void> {
    const { id, ...values } = toRow(resource)
    await this.#scope.db.updateTable('directory_resource').set(values).where('id', '=', id).execute()
  }

  async forget(kind: Kind, name: string): Promise<void> {
    await this.#scope.db
      .deleteFrom('directory_resource')
      .where('kind', '=', kind)
      .where('name', '=', name)
      .execute()
  }

  async addRemovals(connector: string, kind: string, count: number, at: Instant): Promise<void> {
    await this.#scope.db.insertInto('directory_removal').values({ connector, kind, count, at }).execute()
  }

  async countRemovals(connector: string, since: Instant): Promise<Map<string, number>> {
    const rows = await this.#scope.db
      .selectFrom('directory_removal')
      .select((one) => ['kind', one.fn.sum<number | string>('count').as('total')])
      .where('connector', '=', connector)
      .where('at', '>', since)
      .groupBy('kind')
      .execute()
    return new Map(rows.map(({ kind, total }) => [kind, Number(total)]))
  }

  async findHold(connector: string, key: string): Promise<DirectoryHold | undefined> {
    if (!isStorable(connector) || !isStorable(key)) return undefined
    const row = await this.#scope.db
      .selectFrom('directory_hold')
      .selectAll()
      .where('connector', '=', connector)
      .where('hold_key', '=', key)
      .executeTakeFirst()
    return row && toHold(row)
  }

  async putHold(hold: DirectoryHold): Promise<void> {
    const values = {
      state: hold.state,
      what: storable(hold.what),
      says: storable(hold.says),
      first_at: hold.firstAt,
      last_at: hold.lastAt,
      tries: hold.tries,
      decided_by: hold.decidedBy === undefined ? null : storable(hold.decidedBy),
      decided_at: hold.decidedAt ?? null,
    }
    await this.#scope.db
      .insertInto('directory_hold')
      .values({ hold_key: hold.key, connector: hold.connector, ...values })
      .onConflict((conflict) => conflict.columns(['connector', 'hold_key']).doUpdateSet(values))
      .execute()
  }

  async listHolds(connector: string): Promise<DirectoryHold[]> {
    if (!isStorable(connector)) return []
    const rows = await this.#scope.db
      .selectFrom('directory_hold')
      .selectAll()
      .where('connector', '=', connector)
      .orderBy('last_at', 'desc')
      .orderBy('hold_key')
      .execute()
    return rows.map(toHold)
  }

  async deleteHold(connector: string, key: string): Promise<void> {
    await this.#scope.db
      .deleteFrom('directory_hold')
      .where('connector', '=', connector)
      .where('hold_key', '=', key)
      .execute()
  }

  async deleteBefore({
    removals,
    holds,
  }: {
    readonly removals: Instant
    readonly holds: Instant
  }): Promise<void> {
    await this.#scope.db.deleteFrom('directory_removal').where('at', '<', removals).execute()
    await this.#scope.db.deleteFrom('directory_hold').where('last_at', '<', holds).execute()
  }
}

function toToken(row: Selectable<DirectoryTokenTable>): DirectoryToken {
  return {
    id: row.id,
    connector: row.connector,
    tokenHash: row.token_hash,
    label: row.label,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastUsedFrom: row.last_used_from ?? undefined,
  }
}

function toResource(row: Selectable<DirectoryResourceTable>): DirectoryResource {
  return {
    id: row.id,
    connector: row.connector,
    kind: row.kind,
    name: row.name,
    externalId: row.external_id ?? undefined,
    // Written by `toRow` alone.
    attributes: JSON.parse(row.attributes) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function toRow(resource: DirectoryResource): Selectable<DirectoryResourceTable> {
  return {
    id: resource.id,
    connector: resource.connector,
    kind: resource.kind,
    name: resource.name,
    external_id: resource.externalId ?? null,
    attributes: JSON.stringify(resource.attributes),
    created_at: resource.createdAt,
    updated_at: resource.updatedAt,
  }
}

function toHold(row: Selectable<DirectoryHoldTable>): DirectoryHold {
  return {
    key: row.hold_key,
    connector: row.connector,
    state: row.state,
    what: row.what,
    says: row.says,
    firstAt: row.first_at,
    lastAt: row.last_at,
    tries: row.tries,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at ?? undefined,
  }
}
