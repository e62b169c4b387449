/** @module The audit event of a change to a resource: who, which, the fields that differ, and their values where the kind says so. */
import { isDeepStrictEqual } from 'node:util'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { CatalogView } from './catalog-view.js'
import type { Kind, KindContext } from './kind.js'

export interface RecordedChange {
  readonly action: 'create' | 'update' | 'delete'
  readonly kind: Kind
  readonly name: string
  /** The parsed resource after the change; of a deletion before it, where it could be read. */
  readonly value: unknown
  /** The parsed resource before an update, where it could be read. */
  readonly before?: unknown
  /** Dotted paths, for an update. */
  readonly changed?: readonly string[]
  /** Why the gateway did it by itself. */
  readonly message?: string
  /** Names what the stored document knows by ids. */
  readonly catalog: CatalogView
}

/** Appends the event to the transaction of the change. */
export async function recordChange(
  deps: KindContext,
  tx: StoreTransaction,
  { action, kind, name, value, before, changed, message, catalog }: RecordedChange,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const fields = {
    name,
    updated_by: authority.name,
    ...(value === undefined ? {} : kind.auditFields?.(value, catalog)),
    ...(before === undefined ? {} : kind.auditChange?.(before, value, catalog)),
    ...(changed !== undefined && { changed }),
    ...(message !== undefined && { message }),
  }
  const who = { user: authority.name, userKind: userKinds[authority.kind] }
  await record(deps, tx, { event: kind.audit[action], success: true, ...who, fields }, origin)
}

/** The gateway also acts in the name of people whose rights were asked before; then the name tells. */
const userKinds = { person: 1, machine: 2, operator: 3, system: undefined } as const

const maxPaths = 100

/** The dotted paths at which two documents differ, sorted; a list counts as one value. */
export function listChangedPaths(before: unknown, after: unknown): string[] {
  const paths: string[] = []
  const compare = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (isDeepStrictEqual(a, b)) return
    if (!isMap(a) || !isMap(b)) {
      paths.push(path.join('.'))
      return
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(a[key], b[key], [...path, key])
  }
  compare(before, after, [])
  return paths.sort().slice(0, maxPaths)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
