/**
 * @module One resource written or deleted, within a transaction: rights on what was and on what will be, revision,
 * the kind's own checks, the write, what changes with it, and the audit event.
 */
import { isDeepStrictEqual } from 'node:util'
import { GatewayError } from '../../core/error.js'
import type { StoredResource, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { Parsed } from './catalog-view.js'
import { listChangedPaths, recordChange } from './change-event.js'
import type { ApplyInput, ResourceChange } from './changes.js'
import type { Kind, KindContext, ResourceDocument } from './kind.js'
import { assertMayOnResource, mayOnResource } from './may.js'
import type { ParsedResource } from './parse-documents.js'
import { presentDocument, readStored, shownDocument } from './present.js'
import { loadRow } from './stored-rows.js'
import type { WorkingView } from './working-view.js'

/** What every write of one transaction shares. */
export interface Writing {
  readonly deps: KindContext
  readonly tx: StoreTransaction
  /** Exactly what the transaction sees, its own writes included. */
  readonly catalog: WorkingView
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
  readonly dryRun: boolean
}

export type WriteOptions = Pick<ApplyInput, 'mode' | 'expectedRevision'>

/** @throws GatewayError as `applyResources` does. */
export async function writeResource(
  writing: Writing,
  { mode, expectedRevision }: WriteOptions,
  { kind, name, ...written }: ParsedResource,
): Promise<ResourceChange> {
  const { deps, tx, catalog, authority, origin, dryRun } = writing
  await loadRow(tx, kind, catalog, name)
  const known = catalog.parsed(kind.name).get(name)
  const before = known && shownDocument(kind, known, catalog)
  const action = known === undefined ? 'create' : 'update'
  const show = (document: ResourceDocument) => presentDocument(kind, document, catalog)
  assertNotComputed(writing, kind, name, 'update')
  if (mode === 'create' && known !== undefined) {
    assertMayOnResource(authority, { resource: kind.name, verb: 'create' }, name, show(written.document))
    throw alreadyExists(kind, name)
  }
  if (mode === 'update' && known === undefined) throw notFound(authority, kind, name, 'update')
  const assertMay = (document: ResourceDocument) =>
    assertMayOnResource(authority, { resource: kind.name, verb: action }, name, document)
  if (before !== undefined) assertMay(before)
  assertMay(show(written.document))
  const expected = expectedRevision ?? (mode === 'create' ? undefined : written.revision)
  if (known !== undefined) assertRevision(writing, kind, known, expected)

  const change = { action, before: known?.entry?.value, authority, origin, catalog, dryRun } as const
  const prepared =
    (await kind.prepare?.(written.document, { ...change, after: written.value }, tx, deps)) ??
    written.document
  const { document, value, ignored } = prepared === written.document ? written : kind.parse(prepared)
  const after = show(document)
  // What was written and what it became may differ, and a condition must hold for both.
  assertMay(after)

  const readable = before !== undefined && mayRead(authority, kind, before)
  const result = { kind: kind.name, name, before: readable ? before : undefined, after, secret: undefined }
  if (known !== undefined && isDeepStrictEqual(readStored(known.stored), document)) {
    return { ...result, action: 'none', revision: known.revision, notes: [] }
  }
  const uniqueKey = kind.uniqueKey?.(value)
  const now = deps.clock.now()
  const by = authority.name
  const row = { kind: kind.name, name, document, now, by, ...(uniqueKey !== undefined && { uniqueKey }) }
  const stored = await store(kind, row, known?.revision, tx)
  const changed = known && {
    before: known.entry?.value,
    changed: listChangedPaths(readStored(known.stored), document),
  }
  await recordChange(deps, tx, { action, kind, name, value, catalog, ...changed }, authority, origin)
  const effects = (await kind.effects?.({ ...change, name, after: value }, tx, deps)) ?? {}
  catalog.put(kind.name, name, { revision: stored.revision, stored, entry: { value, stored, ignored } })
  return {
    ...result,
    action,
    revision: dryRun ? undefined : stored.revision,
    notes: effects.notes ?? [],
    secret: dryRun ? undefined : effects.secret,
  }
}

async function store(
  { storage }: Kind,
  row: Parameters<StoreTransaction['resources']['create']>[0] & { readonly document: ResourceDocument },
  expectedRevision: string | undefined,
  tx: StoreTransaction,
): Promise<StoredResource> {
  if (storage !== undefined) return await storage.put(tx, row.document)
  return expectedRevision === undefined
    ? await tx.resources.create(row)
    : await tx.resources.update({ ...row, expectedRevision })
}

/** @throws GatewayError as `removeResource` does. */
export async function deleteResource(
  writing: Writing,
  kind: Kind,
  { name, expectedRevision }: { readonly name: string; readonly expectedRevision: string | undefined },
): Promise<ResourceChange> {
  const { deps, tx, catalog, authority, origin, dryRun } = writing
  assertNotComputed(writing, kind, name, 'delete')
  await loadRow(tx, kind, catalog, name)
  const known = catalog.parsed(kind.name).get(name)
  if (known === undefined) throw notFound(authority, kind, name, 'delete')
  const before = shownDocument(kind, known, catalog)
  assertMayOnResource(authority, { resource: kind.name, verb: 'delete' }, name, before)
  assertRevision(writing, kind, known, expectedRevision)
  const value = known.entry?.value
  if (kind.storage === undefined) {
    await tx.resources.delete({ kind: kind.name, name, expectedRevision: known.revision })
  } else await kind.storage.delete(tx, name, deps.clock.now())
  await recordChange(deps, tx, { action: 'delete', kind, name, value, catalog }, authority, origin)
  const change = { action: 'delete', name, before: value, after: undefined } as const
  const effects = await kind.effects?.({ ...change, authority, origin, catalog, dryRun }, tx, deps)
  catalog.put(kind.name, name, undefined)
  return {
    action: 'delete',
    kind: kind.name,
    name,
    revision: undefined,
    before: mayRead(authority, kind, before) ? before : undefined,
    after: undefined,
    notes: effects?.notes ?? [],
    secret: undefined,
  }
}

function mayRead(authority: Authority, kind: Kind, document: ResourceDocument): boolean {
  return mayOnResource(authority, { resource: kind.name, verb: 'read' }, document).effect === 'allow'
}

function assertNotComputed(
  { authority, catalog }: Writing,
  { name: resource, title, computed }: Kind,
  name: string,
  verb: 'update' | 'delete',
): void {
  if (!computed?.reserves(name)) return
  const found = computed.find(name, catalog)
  assertMayOnResource(authority, { resource, verb }, name, found)
  if (found !== undefined) {
    throw new GatewayError(
      'SYSTEM_RESOURCE',
      `${title} "${name}" is computed by the gateway from what exists in AWS; it can be given to people, not changed`,
      { kind: resource, name },
    )
  }
  throw new GatewayError(
    'RESERVED_NAME',
    `the name "${name}" has the form of those that the gateway computes from accounts and permission sets, ` +
      '<permission set>-on-<account>-<account id>; choose another name',
    { kind: resource, name },
  )
}

function assertRevision(
  { authority, catalog }: Writing,
  kind: Kind,
  known: Parsed,
  expected: string | undefined,
): void {
  if (expected === undefined || expected === known.revision) return
  const { name } = known.stored
  const document = shownDocument(kind, known, catalog)
  throw new GatewayError(
    'REVISION_MISMATCH',
    `${kind.title} "${name}" was changed since you read it (you have revision ${expected.slice(0, 100)}, it is now ` +
      `${known.revision}); read it again, apply your change to that, and write once more`,
    {
      kind: kind.name,
      name,
      expectedRevision: expected,
      currentRevision: known.revision,
      ...(mayRead(authority, kind, document) && { current: { revision: known.revision, document } }),
    },
  )
}

function alreadyExists({ name: kind, title }: Kind, name: string): GatewayError {
  const message = `${title} "${name}" exists already; change that one, or choose another name`
  return new GatewayError('ALREADY_EXISTS', message, { kind, name })
}

/** For whoever may do so to some resource of the kind; others are told nothing of what exists. */
export function notFound(authority: Authority, kind: Kind, name: string, verb: string): GatewayError {
  assertMayOnResource(authority, { resource: kind.name, verb }, name, undefined)
  const what = kind.singleton === name ? `no ${kind.title} is stored, so the defaults hold` : undefined
  return new GatewayError('NOT_FOUND', what ?? `there is no ${kind.title} named "${name.slice(0, 200)}"`, {
    kind: kind.name,
    name,
  })
}
