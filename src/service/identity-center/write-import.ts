/**
 * @module Writes what import made, in transactions of a few lists each, so that a large directory does not hold the
 * store. Every step may be done again: a broken import is repeated, not mended. Nothing here calls AWS.
 */
import type { ListOwner } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { ImportedList, ImportResult } from '../../core/import/build-import.js'
import { noteNames } from '../../core/identity-center/note-names.js'
import { principalKey } from '../../core/identity-center/observation.js'
import type { StoredResource, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { recordMembers } from '../access-lists/member-events.js'
import { record } from '../people/record.js'
import { applyWithin } from '../resources/apply.js'
import type { Kinds } from '../resources/kind.js'
import { isMap, readStored } from '../resources/present.js'
import { parseDocuments } from '../resources/parse-documents.js'
import { WorkingView } from '../resources/working-view.js'
import { deleteResource, writeResource, type Writing } from '../resources/write.js'
import type { IdentityCenterDeps } from './deps.js'
import { hasStarted, type ImportRecord } from './started.js'
import type { Progress } from './sync-port.js'

export interface ImportWork {
  readonly deps: IdentityCenterDeps
  readonly plugin: string
  /** Who imports; their right to change the plugin was asked before. */
  readonly by: string
  readonly origin: RequestOrigin | undefined
  readonly progress: Progress
}

const listsAtOnce = 25

/** `owners` are the default ones. @throws GatewayError `CONFLICT` where the sync was switched on meanwhile. */
export async function writeImport(
  work: ImportWork,
  result: ImportResult,
  owners: readonly string[],
): Promise<ImportRecord> {
  const { deps, plugin, by, origin, progress } = work
  const { lists } = result
  progress({ says: 'Writing access lists', done: 0, total: lists.length })
  const removed = await inStep(work, async (tx) => await removeLeft(work, tx, result))
  for (let done = 0; done < lists.length; done += listsAtOnce) {
    const batch = lists.slice(done, done + listsAtOnce)
    await inStep(work, async (tx) => {
      await writeLists(work, tx, batch)
    })
    progress({ done: Math.min(done + listsAtOnce, lists.length) })
  }
  const count = (change: ImportedList['change']) => lists.filter((list) => list.change === change).length
  const { members, withoutUser, directAssignments } = result.totals
  const made: ImportRecord = {
    at: deps.clock.now(),
    by,
    created: count('create'),
    updated: count('update'),
    unchanged: count('none'),
    removed,
    members,
    withoutUser,
    directAssignments,
    owners,
  }
  await inStep(work, async (tx) => {
    for (const link of result.userLinks) await tx.principalLinks.put(plugin, link)
    await tx.ledger.put(plugin, result.direct)
    await tx.notes.put(noteNames.imported(plugin), made)
    const { at: _at, by: _by, owners: _owners, ...totals } = made
    const fields = { name: plugin, updated_by: by, ...snakeTotals(totals) }
    const facts = { event: 'aws_identity_center.import', success: true, user: by, fields } as const
    await record(deps, tx, facts, origin)
  })
  return made
}

function snakeTotals(totals: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(totals).map(([key, value]) => [
      key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      value,
    ]),
  )
}

/** One transaction, in which AWS still has to be the truth. */
async function inStep<T>(work: ImportWork, step: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  const { deps, plugin } = work
  return await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    const settings = catalog.plugins().find(({ value }) => value.name === plugin)?.value
    if (settings === undefined || (await hasStarted(tx, settings))) throw importIsOver(plugin)
    return await step(tx)
  })
}

export function importIsOver(plugin: string): GatewayError {
  return new GatewayError(
    'CONFLICT',
    `the sync of "${plugin}" has been switched on, so what Gatehouse says is the truth now and import would undo it; ` +
      'change access lists here instead',
    { plugin },
  )
}

async function writeLists(
  { deps, plugin, by, origin }: ImportWork,
  tx: StoreTransaction,
  lists: readonly ImportedList[],
): Promise<void> {
  const catalog = await deps.catalog.readIn(tx)
  const documents = parseDocuments(
    deps.kinds,
    lists
      .filter(({ change }) => change !== 'none')
      .map((one) => ({
        value: documentOf(one, plugin, catalog.parsed('access_list').get(one.list.name)?.entry?.stored),
        source: undefined,
        lineOf: () => undefined,
      })),
  )
  const input = { mode: 'replace', dryRun: false, documents } as const
  if (documents.length > 0) await applyWithin(deps, tx, input, inTheNameOf(by), origin)
  for (const { list, members, link, ledger, change } of lists) {
    if (change !== 'none') {
      const wanted = new Set(members.map(({ kind, name }) => `${kind} ${name}`))
      for (const { kind, name } of await tx.members.list(list.name)) {
        if (!wanted.has(`${kind} ${name}`)) await tx.members.delete(list.name, kind, name, deps.clock.now())
      }
      await tx.members.put(members)
    }
    await tx.principalLinks.put(plugin, link)
    await tx.ledger.put(plugin, ledger)
  }
}

/**
 * Of a list that is there already, AWS says the title and the assignments, the plugin who owns what nobody handed over;
 * all else is what people made of it.
 */
function documentOf(
  { list, hasNewOwners }: ImportedList,
  plugin: string,
  stored: StoredResource | undefined,
): Readonly<Record<string, unknown>> {
  const before = stored === undefined ? undefined : readStored(stored)
  const spec = isMap(before?.['spec']) ? before['spec'] : { owners: list.owners.map(ownerOf) }
  const metadata = isMap(before?.['metadata']) ? before['metadata'] : {}
  const labels = isMap(metadata['labels']) ? metadata['labels'] : {}
  const grants = isMap(spec['grants']) ? spec['grants'] : {}
  return {
    kind: 'access_list',
    version: 'v1',
    metadata: {
      ...metadata,
      name: list.name,
      labels: { ...labels, 'teleport.dev/origin': 'aws-identity-center' },
    },
    spec: {
      ...spec,
      ...(hasNewOwners && { owners: list.owners.map(ownerOf) }),
      title: list.title,
      grants: { ...grants, roles: list.grants.roles },
      origin: { plugin },
    },
  }
}

/** In the form of documents. */
function ownerOf({ kind, name, description }: ListOwner): Readonly<Record<string, string>> {
  return { name, membership_kind: kind, description }
}

/** Lists whose group is gone or left out now, and bonds and rows that no longer hold. Answers how many lists went. */
async function removeLeft(work: ImportWork, tx: StoreTransaction, result: ImportResult): Promise<number> {
  const { deps, plugin, by, origin } = work
  const kind = deps.kinds.find('access_list')
  const catalog = new WorkingView(await deps.catalog.readIn(tx))
  const writing = { deps, tx, catalog, authority: inTheNameOf(by), origin, dryRun: false }
  let removed = 0
  for (const { name, groupId } of result.leftLists) {
    if (kind !== undefined && catalog.parsed('access_list').has(name)) {
      await detachList(writing, deps.kinds, { list: name, by })
      await deleteResource(writing, kind, { name, expectedRevision: undefined })
      removed += 1
    }
    await tx.principalLinks.delete(plugin, 'group', name)
    await tx.ledger.deleteOf(plugin, principalKey('group', groupId))
  }
  for (const { name } of result.leftUserLinks) await tx.principalLinks.delete(plugin, 'user', name)
  await tx.ledger.delete(plugin, result.leftLedger)
  return removed
}

/**
 * Takes a list that goes out of the lists that have it as a member or an owner, which would keep it from going. A list
 * that nobody else owns is then owned by whoever does this.
 */
export async function detachList(
  writing: Writing,
  kinds: Kinds,
  { list, by }: { readonly list: string; readonly by: string },
): Promise<void> {
  const { deps, tx, catalog, origin } = writing
  for (const parent of await tx.members.listOf('list', list)) {
    await tx.members.delete(parent.list, 'list', list, deps.clock.now())
    const left = { name: parent.list, title: catalog.accessList(parent.list)?.title }
    await recordMembers(deps, tx, { action: 'delete', list: left, members: [parent], actor: by }, origin)
  }
  for (const { value, stored } of catalog.accessLists()) {
    const left = value.owners.filter((owner) => owner.kind !== 'list' || owner.name !== list)
    if (left.length === value.owners.length || value.name === list) continue
    const before = readStored(stored)
    const spec = isMap(before['spec']) ? before['spec'] : {}
    const owners = left.length === 0 && value.type === 'standard' ? [{ name: by }] : left.map(ownerOf)
    const document = { ...before, spec: { ...spec, owners } }
    const [written] = parseDocuments(kinds, [{ value: document, source: undefined, lineOf: () => undefined }])
    if (written !== undefined) await writeResource(writing, { mode: 'replace' }, written)
  }
}

/** The gateway acts for somebody whose right was asked at the edge: `plugin:update`, not one on each list. */
export function inTheNameOf(name: string): Authority {
  return { name, kind: 'system', user: undefined, roles: [] }
}
