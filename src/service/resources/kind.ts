/**
 * @module What a kind of resource is. One folder in `src/kinds` defines each: its YAML form, its versions, the right
 * that guards it, its audit events, what it shows in a list, and what else has to happen when one is written. API,
 * command line, page and start-up file all work from these definitions and know no kind by name.
 */
import type { z } from 'zod'
import type { WrittenDocument } from '../../api/resource/documents.js'
import type { ParsedDocument } from '../../api/resource/parse.js'
import type { AuditEventName, AuditFacts } from '../../core/audit/event.js'
import type { Instant } from '../../core/time.js'
import type { ResourceKind, StoredResource, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import type { CatalogView, KnownValues } from './catalog-view.js'

export type ResourceDocument = Readonly<Record<string, unknown>> & {
  readonly kind: string
  readonly version: string
  readonly metadata: {
    readonly name: string
    readonly description?: string
    readonly labels?: Readonly<Record<string, string>>
  }
}

/** What a hook sees of a change that is about to be committed, or that was just written. */
export interface KindChange<V> {
  readonly action: 'create' | 'update' | 'delete'
  readonly name: string
  /** Undefined where there was none, and where the stored one could not be read. */
  readonly before: V | undefined
  /** Undefined for a deletion. */
  readonly after: V | undefined
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
  /** All resources as they stood before the change. */
  readonly catalog: CatalogView
  readonly dryRun: boolean
}

/** What a hook did beside the change itself. */
export interface KindEffects {
  /** Sentences for whoever asked: "Ends 2 sessions of alice@example.com." Also told by a dry run. */
  readonly notes?: readonly string[]
  /** Shown once to whoever asked, never stored or logged: the secret of a new token. Absent in a dry run. */
  readonly secret?: string
}

/** Given to hooks: never a store, for everything happens in the transaction of the change. */
export type KindContext = Omit<ServiceContext, 'store'>

/**
 * Where the resources of a kind are kept that are rows of a table of their own, not stored documents. The catalog does
 * not hold them: who reads or writes some of them loads those (`stored-rows.ts`). Revisions are made from the content.
 */
export interface KindStorage {
  readonly find: (store: StoreTransaction, name: string) => Promise<StoredResource | undefined>
  /** All of them. */
  readonly list: (store: StoreTransaction) => Promise<readonly StoredResource[]>
  /** The document is one that `prepare` gave. */
  readonly put: (tx: StoreTransaction, document: ResourceDocument) => Promise<StoredResource>
  readonly delete: (tx: StoreTransaction, name: string, now: Instant) => Promise<void>
}

/** Where a page of computed resources begins: so many places behind one that was shown, or behind the beginning. */
export interface ComputedPlace {
  readonly after: string | undefined
  readonly skip: number
}

export interface Kind<V = unknown> {
  /** As `kind:` in documents and `resources:` in rules. */
  readonly name: ResourceKind
  /** In lists and paths of the page: `roles`. */
  readonly plural: string
  /** In sentences: `service provider`. */
  readonly title: string
  /** Other words by which the command line knows it: `sp`, `saml_sp`. */
  readonly aliases: readonly string[]
  /** One sentence: what it is for. */
  readonly description: string
  /** Newest first. */
  readonly versions: readonly string[]
  /** Of a kind with exactly one resource, the name of that. */
  readonly singleton?: string
  /** A complete document in YAML to start a new one from. It parses. */
  readonly example: string
  /** For the description of the API; the parser may ask more. */
  readonly schema: z.ZodType
  /** @throws GatewayError `INVALID_RESOURCE` (or `INVALID_METADATA`) with every problem in `details.problems`. */
  readonly parse: (input: unknown, source?: string) => ParsedDocument<ResourceDocument, V>
  /** What the operator of the gateway's machine may do without roles: the way back in for who is locked out. */
  readonly operatorVerbs?: readonly string[]
  /** What no two resources of the kind may share, such as the entity ID. */
  readonly uniqueKey?: (value: V) => string | undefined
  readonly audit: {
    readonly create: AuditEventName
    readonly update: AuditEventName
    readonly delete: AuditEventName
  }
  /** More facts for the audit event of a change. */
  readonly auditFields?: (value: V, catalog: CatalogView) => NonNullable<AuditFacts['fields']>
  /** What an update changed, before and after, for its audit event; nothing secret. */
  readonly auditChange?: (before: V, after: V, catalog: CatalogView) => NonNullable<AuditFacts['fields']>
  /** Columns of lists beside name, description and age; each text is ready to show. */
  readonly columns: readonly {
    readonly key: string
    readonly title: string
    readonly of: (value: V, catalog: CatalogView) => string
  }[]
  /**
   * The document to store, from the one that was written: names become ids. Also refuses what only the whole can
   * tell: reserved names, names that look alike.
   * @throws GatewayError
   */
  readonly prepare?: (
    document: ResourceDocument,
    change: Omit<KindChange<V>, 'name'>,
    tx: StoreTransaction,
    context: KindContext,
  ) => Promise<ResourceDocument>
  /** The document to show, from the stored one: ids become names. The inverse of `prepare` for what exists. */
  readonly present?: (document: ResourceDocument, catalog: CatalogView) => ResourceDocument
  /** After the write, in its transaction: whatever must change together. */
  readonly effects?: (
    change: KindChange<V>,
    tx: StoreTransaction,
    context: KindContext,
  ) => Promise<KindEffects>
  /** For a kind whose resources are no stored documents. */
  readonly storage?: KindStorage
  /** Resources of this kind that are computed and never stored; they can be read, listed and named, not changed. */
  readonly computed?: {
    readonly find: (name: string, catalog: CatalogView) => ResourceDocument | undefined
    /** Those that are found and shown, and no more work than `maxLooked` of them. */
    readonly list: (
      page: {
        readonly search?: string
        readonly from: ComputedPlace
        readonly limit: number
        readonly maxLooked: number
        /** Whether the caller may see it; undefined for who sees all. */
        readonly shows?: (document: ResourceDocument) => boolean
      },
      catalog: CatalogView,
    ) => {
      readonly documents: readonly ResourceDocument[]
      readonly next: ComputedPlace | undefined
      /** Of all pages; undefined where not all are shown. */
      readonly total: number | undefined
    }
    /** Whether a name belongs to computed resources, existing or not: no stored one may have it. */
    readonly reserves: (name: string) => boolean
  }
  /** Warnings about a document that is valid: roles that do not exist, a role that gives nothing. */
  readonly warn?: (value: V, catalog: CatalogView, authority: Authority) => readonly string[]
}

/** All kinds, in the order in which a file of several is applied: roles before the users who hold them. */
export interface Kinds {
  readonly all: readonly Kind[]
  /** Those that the gateway itself works with, with the types of their values. */
  readonly known: { readonly [K in keyof KnownValues]: Kind<KnownValues[K]> }
  /** By name, plural or alias. */
  find(word: string): Kind | undefined
}

export type { WrittenDocument }
