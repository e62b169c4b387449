/**
 * @module Users, lists and locks written in the name of a directory, by the ordinary path of resources: with its checks,
 * its audit events and whatever goes with the change.
 */
import { directoryLockName, directoryName } from '../../core/directory/names.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { applyWithin, type WriteMode } from '../resources/apply.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDocument } from '../resources/kind.js'
import { parseDocuments } from '../resources/parse-documents.js'
import { isMap, shownDocument } from '../resources/present.js'
import { removeWithin } from '../resources/remove.js'
import type { Directory, DirectoryDeps } from './deps.js'

/** What a write of one request shares. */
export interface DirectoryWriting {
  readonly deps: DirectoryDeps
  readonly tx: StoreTransaction
  readonly directory: Directory
  readonly origin: RequestOrigin | undefined
}

/** The gateway itself, in the name of the directory: its tokens open nothing but the SCIM endpoint. */
export function directoryAuthority({ connector }: Directory): Authority {
  return { name: directoryName(connector), kind: 'system', user: undefined, roles: [] }
}

/** @throws GatewayError as `applyResources` does. */
export async function writeDocument(
  { deps, tx, directory, origin }: DirectoryWriting,
  mode: WriteMode,
  document: object,
): Promise<void> {
  const documents = parseDocuments(deps.kinds, [
    { value: document, source: undefined, lineOf: () => undefined },
  ])
  await applyWithin(deps, tx, { mode, documents, dryRun: false }, directoryAuthority(directory), origin)
}

/** @throws GatewayError as `removeResource` does. */
export async function removeDocument(
  { deps, tx, directory, origin }: DirectoryWriting,
  kind: 'user' | 'access_list' | 'lock',
  name: string,
): Promise<void> {
  await removeWithin(deps, tx, { kind, name }, directoryAuthority(directory), origin)
}

/** The document of a user or list with `change` made to its `spec`; undefined where it is gone or cannot be read. */
export function changedDocument(
  { kinds }: Pick<DirectoryDeps, 'kinds'>,
  catalog: CatalogView,
  { kind, name }: { readonly kind: 'user' | 'access_list'; readonly name: string },
  change: (spec: Readonly<Record<string, unknown>>) => object,
): ResourceDocument | undefined {
  const parsed = catalog.parsed(kind).get(name)
  if (parsed === undefined) return undefined
  const shown = shownDocument(kinds.known[kind], parsed, catalog)
  return { ...shown, spec: change(isMap(shown['spec']) ? shown['spec'] : {}) }
}

/** Shuts the user out, by a lock that bears the name of the directory; its sessions end. */
export async function deactivate(
  writing: DirectoryWriting,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  const { connector } = writing.directory
  await writeDocument(writing, 'replace', {
    kind: 'lock',
    version: 'v2',
    metadata: {
      name: directoryLockName(id),
      description: `The directory of connector ${connector} deactivated the user; it lifts the lock when it activates them.`,
    },
    spec: {
      target: { user: name },
      message: 'Your account was deactivated in the directory of your organisation.',
    },
  })
}

/** Lifts the lock of the directory; others stay. */
export async function activate(writing: DirectoryWriting, catalog: CatalogView, id: string): Promise<void> {
  const name = directoryLockName(id)
  if (catalog.parsed('lock').has(name)) await removeDocument(writing, 'lock', name)
}
