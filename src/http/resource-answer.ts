/**
 * @module Resources on the wire: bodies become written documents, and what use cases answer becomes JSON and YAML. The
 * YAML of a resource carries `metadata.revision`, so that it can be edited and sent back; that of a change does not,
 * so that before and after differ only in what people wrote.
 */
import type { ChangeAnswer, ResourceAnswer, ResourceItem, ResourceListAnswer } from '../api/contract.js'
import { diffYaml } from '../api/resource/diff.js'
import { readJsonDocuments, readYamlDocuments } from '../api/resource/documents.js'
import { isPlainObject } from '../api/resource/parse.js'
import { writeYaml } from '../api/resource/yaml.js'
import { describeProblems, type DocumentProblem } from '../core/document-problem.js'
import { GatewayError } from '../core/error.js'
import { formatInstant } from '../core/time.js'
import type { ListAnswer, ResourceChange, ResourceView } from '../service/resources/changes.js'
import type { WrittenDocument } from '../service/resources/kind.js'
import type { SentDocuments } from './route.js'

/**
 * The documents of a body, not parsed by their kind yet; `source` names it in problems.
 * @throws GatewayError `INVALID_RESOURCE` for text that cannot be read, and for none.
 */
export function readDocuments({ format, text }: SentDocuments, source: string): readonly WrittenDocument[] {
  const documents =
    format === 'yaml' ? readYamlDocuments(text, source) : readJsonDocuments(parseJson(text), source)
  if (documents.length > 0) return documents
  throw refuse({ source, path: '', message: 'there is no document in it' })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', 'the body of this request is not JSON', {}, { cause })
  }
}

/**
 * The one document of a body, which has to be of the kind and name that the path of the request says.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
export function readOneDocument(
  body: SentDocuments,
  expected: { readonly kind: string; readonly name: string },
): WrittenDocument {
  const [document, ...rest] = readDocuments(body, 'request')
  const problem = (path: string, message: string) =>
    refuse({ source: document?.source, line: document?.lineOf(path), path, message })
  if (document === undefined || rest.length > 0) {
    throw problem(
      '',
      `one document is expected here, and there are ${rest.length + 1}; POST them to /v1/resources`,
    )
  }
  const { kind, name } = identityOf(document.value)
  if (kind !== expected.kind)
    throw problem('kind', `has to be ${expected.kind}, as in the path of the request`)
  if (name !== expected.name) {
    throw problem(
      'metadata.name',
      `has to be ${expected.name}, as in the path of the request; a name never changes`,
    )
  }
  return document
}

function refuse(problem: DocumentProblem): GatewayError {
  const problems = [problem]
  return new GatewayError('INVALID_RESOURCE', describeProblems(problems), { problems })
}

function identityOf(value: unknown): { readonly kind: unknown; readonly name: unknown } {
  const own = (from: unknown, key: string): unknown =>
    isPlainObject(from) && Object.hasOwn(from, key) ? from[key] : undefined
  return { kind: own(value, 'kind'), name: own(own(value, 'metadata'), 'name') }
}

/** A document in YAML with its revision, ready to edit and send back; a broken one as it is stored. */
export function writeEditable(one: {
  readonly document: Readonly<Record<string, unknown>>
  readonly revision: string | undefined
}): string {
  const { document, revision } = one
  const metadata = document['metadata']
  // What cannot be read is shown as it is: it may have anything where its metadata should be.
  if (revision === undefined || !isPlainObject(metadata)) return writeYaml(document)
  return writeYaml({ ...document, metadata: { ...metadata, revision } })
}

export function toResourceListAnswer({ items, nextCursor, total }: ListAnswer): ResourceListAnswer {
  return { items: items.map(toResourceItem), nextCursor, total }
}

export function toResourceAnswer(view: ResourceView): ResourceAnswer {
  return {
    ...toResourceItem(view),
    document: view.document,
    yaml: writeEditable(view),
    ignored: [...view.ignored],
  }
}

function toResourceItem(view: ResourceView): ResourceItem {
  const { kind, name, revision, document, origin, createdAt, updatedAt, columns, problem } = view
  // A stored document that cannot be read may have anything, or nothing, in these places.
  const version: unknown = document.version
  const metadata: unknown = document.metadata
  const { description, labels }: Readonly<Record<string, unknown>> = isPlainObject(metadata) ? metadata : {}
  return {
    kind,
    name,
    version: typeof version === 'string' ? version : '',
    description: typeof description === 'string' ? description : undefined,
    labels: readLabels(labels),
    revision,
    origin,
    createdAt: createdAt === undefined ? undefined : formatInstant(createdAt),
    updatedAt: updatedAt === undefined ? undefined : formatInstant(updatedAt),
    columns: { ...columns },
    problem,
  }
}

function readLabels(labels: unknown): Record<string, string> {
  if (!isPlainObject(labels)) return {}
  return Object.fromEntries(
    Object.entries(labels).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}

/** `of` is the number of changes in the answer. */
export function toChangeAnswer(change: ResourceChange, of = 1): ChangeAnswer {
  const { action, kind, name, revision, notes, secret } = change
  const before = change.before && writeYaml(change.before)
  const after = change.after && writeYaml(change.after)
  return {
    action,
    kind,
    name,
    revision,
    before,
    after,
    diff: diffYaml(before, after, `${kind}/${name}`, of),
    notes: [...notes],
    secret,
  }
}
