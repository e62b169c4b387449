/** @module Table `resource`: every resource as its author wrote it, as JSON text. */
import type { ResourceKind } from '../../store.js'

export interface ResourceTable {
  kind: ResourceKind
  name: string
  /** Unique within the kind; null where the kind has no second name. */
  unique_key: string | null
  /** The generation of the write that made it, in decimal: it never returns, not even after deletion. */
  revision: string
  document: string
  created_at: number
  updated_at: number
  /** As audit events name whoever wrote it last; null where that is not known. */
  updated_by: string | null
}
