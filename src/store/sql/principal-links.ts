/** @module Bonds between names of ours and ids of Identity Center; an id is bound to one name at most. */
import type { Selectable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Link, PrincipalKind } from '../../core/identity-center/observation.js'
import type { PrincipalLinkStore } from '../store.js'
import { assertStorable } from './bulk.js'
import { raiseSyncGeneration } from './generation.js'
import type { PrincipalLinkTable } from './schema/principal-link.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

export class SqlPrincipalLinkStore implements PrincipalLinkStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(plugin: string): Promise<Link[]> {
    const rows = await this.#scope.db
      .selectFrom('principal_link')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(toLink)
  }

  async find(plugin: string, kind: PrincipalKind, name: string): Promise<Link | undefined> {
    if (!isStorable(name)) return undefined
    const row = await this.#scope.db
      .selectFrom('principal_link')
      .selectAll()
      .where('plugin', '=', plugin)
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toLink(row)
  }

  async put(plugin: string, link: Link): Promise<void> {
    assertStorable(`the name or the id of a ${link.kind}`, link.name, link.awsId)
    const values = {
      aws_id: link.awsId,
      origin: link.origin,
      linked_at: link.linkedAt,
      unwanted_since: link.unwantedSince ?? null,
    }
    await atomically(this.#scope, async (scope) => {
      await assertIdFree(scope, plugin, link)
      await raiseSyncGeneration(scope)
      await scope.db
        .insertInto('principal_link')
        .values({ plugin, kind: link.kind, name: link.name, ...values })
        .onConflict((conflict) => conflict.columns(['plugin', 'kind', 'name']).doUpdateSet(values))
        .execute()
    })
  }

  async delete(plugin: string, kind: PrincipalKind, name: string): Promise<boolean> {
    if (!isStorable(name)) return false
    return await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      const result = await scope.db
        .deleteFrom('principal_link')
        .where('plugin', '=', plugin)
        .where('kind', '=', kind)
        .where('name', '=', name)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    })
  }

  async deleteAll(plugin: string): Promise<void> {
    await atomically(this.#scope, async (scope) => {
      await raiseSyncGeneration(scope)
      await scope.db.deleteFrom('principal_link').where('plugin', '=', plugin).execute()
    })
  }
}

/** Asked before the write, since an error would end the whole transaction of the caller on PostgreSQL. */
async function assertIdFree({ db }: SqlScope, plugin: string, { kind, name, awsId }: Link): Promise<void> {
  const holder = await db
    .selectFrom('principal_link')
    .select('name')
    .where('plugin', '=', plugin)
    .where('kind', '=', kind)
    .where('aws_id', '=', awsId)
    .where('name', '!=', name)
    .executeTakeFirst()
  if (!holder) return
  throw new GatewayError(
    'ALREADY_EXISTS',
    `the ${kind} ${awsId} of Identity Center belongs to "${holder.name}" and cannot belong to "${name}" as well; ` +
      'release it there first',
    { kind, name, awsId, holder: holder.name },
  )
}

function toLink(row: Selectable<PrincipalLinkTable>): Link {
  return {
    kind: row.kind,
    name: row.name,
    awsId: row.aws_id,
    origin: row.origin,
    linkedAt: row.linked_at,
    unwantedSince: row.unwanted_since ?? undefined,
  }
}
