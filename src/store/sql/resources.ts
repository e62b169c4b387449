/**
 * @module Resources. Each write takes the next generation as its revision, so revisions never return and one cheap read
 * tells whether anything has changed.
 */
import { sql, type Selectable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { ResourceKind, ResourceStore, StoredResource } from '../store.js'
import { findGeneration, nextGeneration } from './generation.js'
import type { ResourceTable } from './schema/resource.js'
import { atomically, Prepared, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

const generationKey = 'store.generation'

const findResource = new Prepared((db) =>
  db.selectFrom('resource').selectAll().where('kind', '=', 'user').where('name', '=', ''),
)

type Write = Parameters<ResourceStore['create']>[0]

export class SqlResourceStore implements ResourceStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(kind: ResourceKind, name: string): Promise<StoredResource | undefined> {
    if (!isStorable(name)) return undefined
    const [row] = await findResource.run(this.#scope, [kind, name])
    return row && toResource(row)
  }

  async list(kind: ResourceKind, page: { after?: string; limit?: number } = {}): Promise<StoredResource[]> {
    let query = this.#scope.db.selectFrom('resource').selectAll().where('kind', '=', kind).orderBy('name')
    if (page.after !== undefined) query = query.where('name', '>', page.after)
    if (page.limit !== undefined) query = query.limit(page.limit)
    return (await query.execute()).map(toResource)
  }

  async listSince(generation: number): Promise<StoredResource[]> {
    const rows = await this.#scope.db
      .selectFrom('resource')
      .selectAll()
      .where(sql<number>`cast(revision as bigint)`, '>', generation)
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(toResource)
  }

  async count(): Promise<ReadonlyMap<ResourceKind, number>> {
    const rows = await this.#scope.db
      .selectFrom('resource')
      .select((row) => ['kind', row.fn.countAll<number | string>().as('resources')])
      .groupBy('kind')
      .execute()
    return new Map(rows.map(({ kind, resources }) => [kind, Number(resources)]))
  }

  async listNames(kind: ResourceKind): Promise<string[]> {
    const rows = await this.#scope.db
      .selectFrom('resource')
      .select('name')
      .where('kind', '=', kind)
      .orderBy('name')
      .execute()
    return rows.map(({ name }) => name)
  }

  async create(resource: Write): Promise<StoredResource> {
    assertStorable(resource)
    return atomically(this.#scope, async (scope) => {
      const row = await scope.db
        .insertInto('resource')
        .values({
          kind: resource.kind,
          name: resource.name,
          unique_key: resource.uniqueKey ?? null,
          revision: await nextGeneration(scope, generationKey),
          document: JSON.stringify(resource.document),
          created_at: resource.now,
          updated_at: resource.now,
          updated_by: writerOf(resource),
        })
        // Without an error a PostgreSQL transaction stays usable for the caller.
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row) return toResource(row)
      await assertKeyFree(scope, resource)
      throw new GatewayError(
        'ALREADY_EXISTS',
        `${describe(resource)} exists already; change that one, or choose another name`,
        { kind: resource.kind, name: resource.name },
      )
    })
  }

  async update(resource: Write & { expectedRevision: string }): Promise<StoredResource> {
    assertStorable(resource)
    return atomically(this.#scope, async (scope) => {
      const revision = await nextGeneration(scope, generationKey)
      await assertRevision(scope, resource)
      await assertKeyFree(scope, resource)
      const row = await scope.db
        .updateTable('resource')
        .set({
          unique_key: resource.uniqueKey ?? null,
          revision,
          document: JSON.stringify(resource.document),
          updated_at: resource.now,
          updated_by: writerOf(resource),
        })
        .where('kind', '=', resource.kind)
        .where('name', '=', resource.name)
        .returningAll()
        .executeTakeFirstOrThrow()
      return toResource(row)
    })
  }

  delete(resource: { kind: ResourceKind; name: string; expectedRevision: string }): Promise<void> {
    return atomically(this.#scope, async (scope) => {
      await nextGeneration(scope, generationKey)
      await assertRevision(scope, resource)
      await scope.db
        .deleteFrom('resource')
        .where('kind', '=', resource.kind)
        .where('name', '=', resource.name)
        .execute()
    })
  }

  generation(): Promise<number> {
    return findGeneration(this.#scope, generationKey)
  }
}

async function assertRevision(
  { db }: SqlScope,
  resource: { kind: ResourceKind; name: string; expectedRevision: string },
): Promise<void> {
  const { kind, name, expectedRevision } = resource
  const row = isStorable(name)
    ? await db
        .selectFrom('resource')
        .select('revision')
        .where('kind', '=', kind)
        .where('name', '=', name)
        .executeTakeFirst()
    : undefined
  if (!row) throw new GatewayError('NOT_FOUND', `there is no ${describe(resource)}`, { kind, name })
  if (row.revision === expectedRevision) return
  throw new GatewayError(
    'REVISION_MISMATCH',
    `${describe(resource)} was changed since you read it (you have revision ${expectedRevision}, it is now ` +
      `${row.revision}); read it again, apply your change to that, and write once more`,
    { kind, name, expectedRevision, currentRevision: row.revision },
  )
}

async function assertKeyFree({ db }: SqlScope, resource: Omit<Write, 'document'>): Promise<void> {
  const { kind, name, uniqueKey } = resource
  if (uniqueKey === undefined) return
  const holder = await db
    .selectFrom('resource')
    .select('name')
    .where('kind', '=', kind)
    .where('unique_key', '=', uniqueKey)
    .where('name', '!=', name)
    .executeTakeFirst()
  if (!holder) return
  throw new GatewayError(
    'ALREADY_EXISTS',
    `${describe(resource)} cannot have the identifier "${uniqueKey}": ${describe({ kind, name: holder.name })} has it ` +
      'already; give each its own, or change that one',
    { kind, name, uniqueKey, holder: holder.name },
  )
}

function assertStorable({ kind, name, uniqueKey }: Write): void {
  if (isStorable(name) && isStorable(uniqueKey ?? '')) return
  throw new GatewayError(
    'INVALID_INPUT',
    `${kind}: the name holds a character that cannot be stored; remove it`,
    {
      kind,
    },
  )
}

function writerOf({ by }: Write): string | null {
  return by === undefined ? null : storable(by)
}

function describe(resource: { readonly kind: ResourceKind; readonly name: string }): string {
  return `${resource.kind} "${resource.name}"`
}

/** The document is parsed when it is asked for: a damaged one fails its reader, not the list that it stands in. */
function toResource(row: Selectable<ResourceTable>): StoredResource {
  return {
    kind: row.kind,
    name: row.name,
    revision: row.revision,
    get document() {
      return parseDocument(row)
    },
    createdAt: row.created_at satisfies Instant,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by ?? undefined,
  }
}

function parseDocument(row: Selectable<ResourceTable>): unknown {
  try {
    return JSON.parse(row.document)
  } catch (error) {
    throw new GatewayError(
      'INTERNAL',
      `${describe(row)} is damaged in the database: its document is not JSON; write it anew or restore a backup`,
      { kind: row.kind, name: row.name },
      { cause: error },
    )
  }
}
