/**
 * @module What the use cases on resources take and answer; `apply.ts`, `remove.ts`, `read.ts` and `list.ts` do it.
 */
import type { Instant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { ResourceDocument, WrittenDocument } from './kind.js'

export interface ApplyInput {
  readonly documents: readonly WrittenDocument[]
  /**
   * `create`: what exists is refused. `replace`: what exists is overwritten, unless the document carries another
   * `metadata.revision` than the stored one. `update`: what does not exist is refused.
   */
  readonly mode: 'create' | 'replace' | 'update'
  /** Of the one document, where the request names it (If-Match); wins over `metadata.revision`. */
  readonly expectedRevision?: string
  /** Everything is checked and told, nothing is kept. */
  readonly dryRun: boolean
}

export interface ResourceChange {
  readonly action: 'create' | 'update' | 'delete' | 'none'
  readonly kind: string
  readonly name: string
  /** After the change; undefined for a deletion and in a dry run. */
  readonly revision: string | undefined
  /** As people see it, without revision. */
  readonly before: ResourceDocument | undefined
  readonly after: ResourceDocument | undefined
  /** Fields that are kept without effect, roles that do not exist, what else happened with the change. */
  readonly notes: readonly string[]
  readonly secret: string | undefined
}

export interface RemoveInput {
  readonly kind: string
  readonly name: string
  /** Undefined: whatever is there. */
  readonly expectedRevision?: string
  readonly dryRun: boolean
}

/** One resource as it is shown. */
export interface ResourceView {
  readonly kind: string
  readonly name: string
  readonly revision: string
  readonly document: ResourceDocument
  /** `system`: computed or kept by the gateway; it can be read and granted, not changed. */
  readonly origin: 'user' | 'system'
  readonly createdAt: Instant | undefined
  readonly updatedAt: Instant | undefined
  /** Texts of the kind's columns, by key; empty for one that cannot be read. */
  readonly columns: Readonly<Record<string, string>>
  /** Why the stored document cannot be used, where it cannot. */
  readonly problem: string | undefined
  /** Dotted paths that are kept without effect. */
  readonly ignored: readonly string[]
}

export interface ListInput {
  readonly kind: string
  readonly authority: Authority
  readonly limit: number
  readonly cursor?: string
  /** Words that name, description or columns must contain, all of them, in any case. */
  readonly search?: string
  readonly origin?: 'user' | 'system'
  /** Whole documents are shown, so what the caller may list and not read is left out and counted. */
  readonly whole?: boolean
}

export interface ListAnswer {
  /** Without `whole`, what the caller may not read is shown without description, labels, columns and document. */
  readonly items: readonly ResourceView[]
  /** With `whole`: how many of this page the caller may list and not read. */
  readonly leftOut: number
  readonly nextCursor: string | undefined
  /** Of all pages, where it is cheap to know. */
  readonly total: number | undefined
}
