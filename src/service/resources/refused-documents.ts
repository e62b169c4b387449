/**
 * @module What was refused of documents that somebody wanted to write, or of one to delete, as audit events: of kinds
 * whose events have a code for failure. A document that could not be read changes nothing and is told to its author
 * alone, unless its author had no right to write it.
 */
import type { GatewayError } from '../../core/error.js'
import {
  asRefusal,
  recordRefusedChanges,
  tellsFailure,
  type RefusedChange,
} from '../audit/refused-changes.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from './catalog-view.js'
import type { ApplyInput } from './changes.js'
import type { ResourceDeps } from './deps.js'
import type { Kind } from './kind.js'
import type { DocumentError } from './parse-documents.js'

/** Of a call that kept nothing. */
export async function recordRefusedDocuments(
  deps: ResourceDeps,
  errors: readonly DocumentError[],
  { mode, dryRun }: Pick<ApplyInput, 'mode' | 'dryRun'>,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  if (dryRun || errors.length === 0) return
  const catalog = await deps.catalog.read()
  const changes: RefusedChange[] = []
  for (const { of, error } of errors) {
    if (of === undefined || (of.value === undefined && error.code !== 'FORBIDDEN')) continue
    const { kind, name, value } = of
    const exists =
      mode !== 'create' &&
      (catalog.parsed(kind.name).has(name) || (await kind.storage?.find(deps.store, name)) !== undefined)
    const event = kind.audit[exists ? 'update' : 'create']
    if (tellsFailure(event)) changes.push({ event, error, fields: fieldsOf({ kind, name, value, catalog }) })
  }
  await recordRefusedChanges(deps, changes, authority, origin)
}

/** Of one that is there, or of whose deletion nobody may be told. */
export async function recordRefusedRemoval(
  deps: ResourceDeps,
  { kind, name, error }: { readonly kind: Kind; readonly name: string; readonly error: unknown },
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const refusal: GatewayError | undefined = asRefusal(error)
  const event = kind.audit.delete
  if (refusal === undefined || refusal.code === 'NOT_FOUND' || !tellsFailure(event)) return
  const catalog = await deps.catalog.read()
  const row = await kind.storage?.find(deps.store, name)
  const value = row === undefined ? catalog.parsed(kind.name).get(name)?.entry?.value : valueOf(kind, row)
  const fields = fieldsOf({ kind, name, value, catalog })
  await recordRefusedChanges(deps, [{ event, error: refusal, fields }], authority, origin)
}

function valueOf(kind: Kind, { document }: { readonly document: unknown }): unknown {
  return kind.parse(document).value
}

function fieldsOf({
  kind,
  name,
  value,
  catalog,
}: {
  readonly kind: Kind
  readonly name: string
  readonly value: unknown
  readonly catalog: CatalogView
}) {
  return {
    name: name.slice(0, 200),
    ...(value === undefined ? {} : kind.auditFields?.(value, catalog)),
  }
}
