/**
 * @module The resource interface: kinds, lists, one resource, changes. Documents travel as JSON or YAML; YAML that
 * the gateway writes is the same text for API, command line and page. A revision is the ETag.
 */
import { z } from 'zod'

export const kindAnswer = z.object({
  name: z.string(),
  plural: z.string(),
  title: z.string(),
  aliases: z.array(z.string()),
  description: z.string(),
  versions: z.array(z.string()),
  /** Name of the only resource, for kinds that have one. */
  singleton: z.string().optional(),
  /** YAML to start a new one from. */
  example: z.string(),
  columns: z.array(z.object({ key: z.string(), title: z.string() })),
  /** What the caller may do, as far as it can be told without a particular resource. */
  verbs: z.array(z.string()),
})
export type KindAnswer = z.infer<typeof kindAnswer>
export const kindListAnswer = z.object({ items: z.array(kindAnswer) })

export const resourceItem = z.object({
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  revision: z.string(),
  /** `system`: can be read and granted, not changed. */
  origin: z.enum(['user', 'system']),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  columns: z.record(z.string(), z.string()),
  /** Why the gateway cannot use it, where it cannot. */
  problem: z.string().optional(),
})
export type ResourceItem = z.infer<typeof resourceItem>

export const resourceListQuery = z.strictObject({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  search: z.string().max(200).optional(),
  origin: z.enum(['user', 'system']).optional(),
})
export const resourceListAnswer = z.object({
  items: z.array(resourceItem),
  nextCursor: z.string().optional(),
  total: z.number().optional(),
})
export type ResourceListAnswer = z.infer<typeof resourceListAnswer>

/** With `Accept: application/yaml` the answer is `yaml` itself. */
export const resourceAnswer = resourceItem.extend({
  document: z.record(z.string(), z.unknown()),
  /** The document with `metadata.revision`, ready to edit and send back. */
  yaml: z.string(),
  /** Dotted paths that are kept and have no effect here. */
  ignored: z.array(z.string()),
})
export type ResourceAnswer = z.infer<typeof resourceAnswer>

const yesNo = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional()

/** Of `POST /v1/resources`; its body is YAML (several documents), one JSON document, or a JSON array of them. */
export const applyQuery = z.strictObject({
  mode: z.enum(['create', 'replace']).default('create'),
  dryRun: yesNo,
  /** Name of the file, for the places of problems. */
  source: z.string().max(300).optional(),
})
/** Of `PUT` (with If-Match) and `DELETE` (If-Match optional) on one resource. */
export const changeQuery = z.strictObject({ dryRun: yesNo })

export const changeAnswer = z.object({
  action: z.enum(['create', 'update', 'delete', 'none']),
  kind: z.string(),
  name: z.string(),
  revision: z.string().optional(),
  /** YAML without revision. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** Unified diff of the two; empty without a difference. */
  diff: z.string(),
  notes: z.array(z.string()),
  /** Shown this once: the secret of a token. */
  secret: z.string().optional(),
})
export type ChangeAnswer = z.infer<typeof changeAnswer>
export const applyAnswer = z.object({ dryRun: z.boolean(), changes: z.array(changeAnswer) })
export type ApplyAnswer = z.infer<typeof applyAnswer>

/** One thing that is wrong in a document. */
export const documentProblem = z.object({
  source: z.string().optional(),
  line: z.number().optional(),
  /** Dotted path within the document; empty for the document itself. */
  path: z.string(),
  message: z.string(),
})
export type DocumentProblem = z.infer<typeof documentProblem>

/** Beside `REVISION_MISMATCH`: what is stored now, so that both can be shown. */
export const currentResource = z.object({ revision: z.string(), yaml: z.string() })
export type CurrentResource = z.infer<typeof currentResource>
