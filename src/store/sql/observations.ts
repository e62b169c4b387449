/** @module What was seen in AWS, thing by thing. Writes of accounts and permission sets raise a counter for caches. */
import type { ObservationStore, SeenKind, SeenObject } from '../store.js'
import { assertStorable, inChunks, lastOfEach, parseStored } from './bulk.js'
import { findGeneration, nextGeneration, raiseSyncGeneration } from './generation.js'
import { atomically, type SqlScope } from './scope.js'

const generationKey = 'store.inventory.generation'
const inventoryKinds: readonly SeenKind[] = ['account', 'permission_set']

export class SqlObservationStore implements ObservationStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(plugin: string, kind: SeenKind): Promise<SeenObject[]> {
    const rows = await this.#scope.db
      .selectFrom('seen_object')
      .select(['id', 'document', 'seen_at'])
      .where('plugin', '=', plugin)
      .where('kind', '=', kind)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      document: parseStored(row.document, `what was seen of ${kind} "${row.id}"`),
      seenAt: row.seen_at,
    }))
  }

  put(plugin: string, kind: SeenKind, objects: readonly SeenObject[]): Promise<void> {
    return atomically(this.#scope, (scope) => write(scope, plugin, kind, objects))
  }

  replaceAll(plugin: string, kind: SeenKind, objects: readonly SeenObject[]): Promise<void> {
    return atomically(this.#scope, async (scope) => {
      await scope.db.deleteFrom('seen_object').where('plugin', '=', plugin).where('kind', '=', kind).execute()
      await write(scope, plugin, kind, objects)
    })
  }

  delete(plugin: string, kind: SeenKind, ids: readonly string[]): Promise<void> {
    return atomically(this.#scope, async (scope) => {
      await raise(scope, kind)
      await inChunks(ids, (chunk) =>
        scope.db
          .deleteFrom('seen_object')
          .where('plugin', '=', plugin)
          .where('kind', '=', kind)
          .where('id', 'in', chunk)
          .execute(),
      )
    })
  }

  deleteAll(plugin: string): Promise<void> {
    return atomically(this.#scope, async (scope) => {
      await nextGeneration(scope, generationKey)
      await raiseSyncGeneration(scope)
      await scope.db.deleteFrom('seen_object').where('plugin', '=', plugin).execute()
    })
  }

  syncGeneration(): Promise<number> {
    return findGeneration(this.#scope, 'store.sync.generation')
  }

  inventoryGeneration(): Promise<number> {
    return findGeneration(this.#scope, generationKey)
  }

  async raiseInventoryGeneration(): Promise<void> {
    await nextGeneration(this.#scope, generationKey)
  }
}

async function write(
  scope: SqlScope,
  plugin: string,
  kind: SeenKind,
  objects: readonly SeenObject[],
): Promise<void> {
  for (const { id } of objects) assertStorable(`the id of a ${kind}`, id)
  await raise(scope, kind)
  const rows = lastOfEach(objects, ({ id }) => [id]).map(({ id, document, seenAt }) => ({
    plugin,
    kind,
    id,
    document: JSON.stringify(document),
    seen_at: seenAt,
  }))
  await inChunks(rows, (chunk) =>
    scope.db
      .insertInto('seen_object')
      .values(chunk)
      .onConflict((conflict) =>
        conflict.columns(['plugin', 'kind', 'id']).doUpdateSet((row) => ({
          document: row.ref('excluded.document'),
          seen_at: row.ref('excluded.seen_at'),
        })),
      )
      .execute(),
  )
}

async function raise(scope: SqlScope, kind: SeenKind): Promise<void> {
  await raiseSyncGeneration(scope)
  if (inventoryKinds.includes(kind)) await nextGeneration(scope, generationKey)
}
