/**
 * @module Creates and changes resources from documents of any kind: the one way for API, command line, page and
 * start-up file. All documents of one call are kept, or none; everything that is wrong is told at once; a dry run
 * goes the same way and is rolled back.
 */
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import type { ApplyInput, ResourceChange } from './changes.js'
import type { ResourceDeps } from './deps.js'
import { inTransaction } from './in-transaction.js'
import { keepAdministrator } from './last-administrator.js'
import { assertMayWithAny } from './may.js'
import {
  combineErrors,
  refusalOf,
  tryParseDocuments,
  type DocumentError,
  type ParsedResource,
} from './parse-documents.js'
import { recordRefusedDocuments } from './refused-documents.js'
import { WorkingView } from './working-view.js'
import { writeResource, type WriteOptions, type Writing } from './write.js'

export type WriteMode = ApplyInput['mode']

/** What is needed within a transaction: never the store itself. */
export type ApplyDeps = Omit<ResourceDeps, 'store'>

/**
 * Answers what was done, in the order in which it was done: roles before the users who hold them.
 * @throws GatewayError `INVALID_RESOURCE` (or the one code that fits all), `FORBIDDEN`, `ALREADY_EXISTS`, `NOT_FOUND`,
 * `REVISION_MISMATCH` (with `details.current` for whoever may read), `RESERVED_NAME`, `SYSTEM_RESOURCE`,
 * `LAST_ADMINISTRATOR`, and as `confirmChange`; where several documents are wrong, all of it is in `details.problems`.
 */
export async function applyResources(
  deps: ResourceDeps,
  input: ApplyInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ResourceChange[]> {
  const verbs = input.mode === 'replace' ? ['create', 'update'] : [input.mode]
  const { parsed: documents, errors } = tryParseDocuments(deps.kinds, input.documents, (kind, name) =>
    assertMayWithAny(authority, kind.name, verbs, name),
  )
  // Outside of the transaction, so that what is parsed is kept.
  await deps.catalog.read()
  if (errors.length > 0) {
    const all = [...errors, ...(await checkOnly(deps, { ...input, documents }, authority, origin))]
    await recordRefusedDocuments(deps, all, input, authority, origin)
    throw combineErrors(all, input.documents.length)
  }
  let refused: readonly DocumentError[] = []
  try {
    const work = async () =>
      await inTransaction(deps.store, input.dryRun, (tx) => {
        refused = []
        const onRefused = (those: readonly DocumentError[]) => void (refused = those)
        return applyWithin(deps, tx, { ...input, documents, onRefused }, authority, origin)
      })
    return await tellingInvalidProofs(deps, origin, work)
  } catch (error) {
    await recordRefusedDocuments(deps, refused, input, authority, origin)
    throw error
  }
}

/** What would be refused of the documents that could be parsed, where others could not. Nothing is kept. */
async function checkOnly(
  deps: ResourceDeps,
  input: WriteOptions & { readonly documents: readonly ParsedResource[] },
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<readonly DocumentError[]> {
  if (input.documents.length === 0) return []
  return await inTransaction(deps.store, true, async (tx) => {
    const catalog = new WorkingView(await deps.catalog.readIn(tx))
    const writing = { deps, tx, catalog, authority, origin, dryRun: true }
    return (await writeEach(writing, input)).errors
  })
}

interface WithinInput extends WriteOptions {
  readonly documents: readonly ParsedResource[]
  readonly dryRun: boolean
  /** Told before it is thrown what is wrong with which document. */
  readonly onRefused?: (errors: readonly DocumentError[]) => void
}

/** {@link applyResources} as a part of a larger change. */
export async function applyWithin(
  deps: ApplyDeps,
  tx: StoreTransaction,
  input: WithinInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ResourceChange[]> {
  const before = await deps.catalog.readIn(tx)
  const catalog = new WorkingView(before)
  const writing = { deps, tx, catalog, authority, origin, dryRun: input.dryRun }
  const kinds = input.documents.map(({ kind }) => kind.name)
  const changes = await keepAdministrator(
    tx,
    { before, after: catalog },
    { kinds, authority, now: deps.clock.now() },
    async () => await writeAll(writing, input),
  )
  if (!input.dryRun) {
    const acts = changes.flatMap(({ kind, action }) =>
      action === 'none' ? [] : [{ resource: kind, verb: action }],
    )
    await confirmChange(tx, authority, { acts, preference: before.preference(), now: deps.clock.now() })
  }
  return changes.map((change, index) => withWarnings(change, input.documents[index], writing))
}

async function writeAll(writing: Writing, input: WithinInput): Promise<ResourceChange[]> {
  const { changes, errors } = await writeEach(writing, input)
  if (errors.length === 0) return changes
  input.onRefused?.(errors)
  throw combineErrors(errors, input.documents.length)
}

/** In their order, for later ones may rest on earlier ones; what is wrong with one does not hide the next. */
async function writeEach(
  writing: Writing,
  input: WriteOptions & { readonly documents: readonly ParsedResource[] },
): Promise<{ changes: ResourceChange[]; errors: DocumentError[] }> {
  const changes: ResourceChange[] = []
  const errors: DocumentError[] = []
  for (const document of input.documents) {
    try {
      changes.push(await writeResource(writing, input, document))
    } catch (error) {
      errors.push({ written: document.written, error: refusalOf(error), of: document })
    }
  }
  return { changes, errors }
}

/** Warnings come last: a role that a document names may stand further down in the same file. */
function withWarnings(
  change: ResourceChange,
  document: ParsedResource | undefined,
  { catalog, authority }: Pick<Writing, 'catalog' | 'authority'>,
): ResourceChange {
  if (document === undefined) return change
  const { kind, name, ignored } = document
  const value = catalog.parsed(kind.name).get(name)?.entry?.value
  const warnings = value === undefined ? [] : (kind.warn?.(value, catalog, authority) ?? [])
  const unused = ignored.map((path) => `${path} is kept and has no effect here.`)
  return { ...change, notes: [...change.notes, ...unused, ...warnings] }
}
