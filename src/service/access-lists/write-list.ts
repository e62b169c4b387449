/**
 * @module The document of a list, written by the gateway in the name of somebody who has no right on it: what owners
 * may say of a list is a part of its document, and whoever calls this has judged that part.
 */
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { applyWithin, type ApplyDeps } from '../resources/apply.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceChange } from '../resources/changes.js'
import { mayOnResource } from '../resources/may.js'
import { parseDocuments } from '../resources/parse-documents.js'
import { isMap, shownDocument } from '../resources/present.js'

export type ListSpec = Readonly<Record<string, unknown>>

/**
 * Writes the list with `change` made to its `spec`. What the gateway notices of users, roles and other lists is in the
 * notes for those alone who may read all of them. @throws GatewayError `INVALID_RESOURCE`.
 */
export async function writeListAs(
  deps: ApplyDeps,
  tx: StoreTransaction,
  {
    catalog,
    name,
    change,
    dryRun,
  }: {
    readonly catalog: CatalogView
    readonly name: string
    readonly change: (spec: ListSpec) => ListSpec
    readonly dryRun: boolean
  },
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ResourceChange | undefined> {
  const parsed = catalog.parsed('access_list').get(name)
  if (parsed === undefined) throw new Error('a list that was read is missing')
  const shown = shownDocument(deps.kinds.known.access_list, parsed, catalog)
  const spec = isMap(shown['spec']) ? shown['spec'] : {}
  const documents = parseDocuments(deps.kinds, [
    { value: { ...shown, spec: change(spec) }, source: undefined, lineOf: () => undefined },
  ])
  const writer: Authority = { ...authority, kind: 'system', roles: [] }
  const [written] = await applyWithin(deps, tx, { mode: 'update', documents, dryRun }, writer, origin)
  const tells = ['user', 'role', 'access_list'].every(
    (resource) => mayOnResource(authority, { resource, verb: 'read' }).effect === 'allow',
  )
  return written === undefined || tells ? written : { ...written, notes: [] }
}
