/**
 * @module The YAML form of an access list (v1): what people call it, who answers for it and what its members hold.
 * Members are no part of it; they have paths of their own. What would narrow who may be a member, and is not evaluated
 * here, is refused.
 */
import { z } from 'zod'
import { listSchema, textSchema } from '../../api/resource/field-schemas.js'
import {
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
  text,
  type Report,
} from '../../api/resource/fields.js'
import { findAt, isPlainObject, parseWith, toPlain } from '../../api/resource/parse.js'
import type { ParsedDocument, ResourceProblem } from '../../api/resource/parse.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { heldRoles } from '../shared/holder-fields.js'

const ignoredFields = ['audit', 'owner_grants', 'type', 'status', 'preset'] as const
/** Identity Store API, type GroupDisplayName. */
const maxTitleLength = 1024
const maxOwners = 100

const title = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.trim() === '') report('access list title required')
    else if (written.length > maxTitleLength) report(`must have at most ${maxTitleLength} characters`)
    else if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}\u0020\u3000]*$/u.test(written)) {
      report('must be one line without control or invisible characters, as AWS wants the name of a group')
    }
    return written
  },
  textSchema({ minLength: 1, maxLength: maxTitleLength }),
)

/** An owner as `{name}` or as the name alone. */
const ownerSchema = {
  anyOf: [
    textSchema({ minLength: 1 }),
    {
      type: 'object',
      properties: {
        name: textSchema({ minLength: 1, description: 'Name of a user' }),
        description: { description: 'Kept without effect' },
        ineligible_status: { description: 'Kept without effect' },
        membership_kind: {
          description: 'Only a user: an access list as an owner is not supported',
          enum: [null, '', 0, 1, 'user', 'MEMBERSHIP_KIND_USER', 'MEMBERSHIP_KIND_UNSPECIFIED'],
        },
      },
      required: ['name'],
      additionalProperties: false,
    },
  ],
}

const userKinds: readonly unknown[] = [
  undefined,
  null,
  '',
  0,
  1,
  'user',
  'MEMBERSHIP_KIND_USER',
  'MEMBERSHIP_KIND_UNSPECIFIED',
]

const owners = readField((value, report): { readonly name: string }[] => {
  const written: readonly unknown[] = Array.isArray(value) ? value : [value]
  const names = written.map((owner, index) => readOwner(owner, report, Array.isArray(value) ? [index] : []))
  if (written.length === 0) report('at least one owner is required, who answers for the list')
  if (written.length > maxOwners) report(`must have at most ${maxOwners} owners`)
  return [...new Set(names)].map((name) => ({ name }))
}, listSchema(ownerSchema))

function readOwner(owner: unknown, report: Report, path: readonly number[]): string {
  if (!isPlainObject(owner)) {
    const name = readText(owner, report, ...path)
    if (name === '') report('owner name is missing', ...path)
    return name
  }
  const known = ['name', 'description', 'membership_kind', 'ineligible_status']
  const unknown = Object.keys(owner).find((key) => !known.includes(key))
  if (unknown !== undefined)
    report(`this field is not known; there are ${known.join(', ')}`, ...path, unknown)
  if (!userKinds.includes(owner['membership_kind'])) {
    report('an access list as an owner is not supported; name users', ...path, 'membership_kind')
  }
  const name = owner['name'] === undefined ? '' : readText(owner['name'], report, ...path, 'name')
  if (name === '') report('owner name is missing', ...path, 'name')
  return name
}

/** Empty, or a map of empty lists: anything else would keep somebody out here who would get in. */
const noRequirement = readField(
  (value, report): undefined => {
    if (!isEmpty(value)) {
      report('requirements are not evaluated by this version; remove them and choose the members accordingly')
    }
    return undefined
  },
  { anyOf: [{ type: ['object', 'array', 'null'] }, { enum: [''] }] },
).optional()

/** What authors may write. */
export const accessListForm = z.strictObject({
  kind: z.literal('access_list').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      title: title.describe('What people read, and the name of the group in Identity Center'),
      description: optionalSection(text.optional()).describe('For people'),
      owners: owners.describe('Names of the users who answer for the list, one at least'),
      grants: optionalSection(
        z.strictObject({
          roles: optionalSection(heldRoles.optional()).describe(
            'Names of roles, account assignment roles too',
          ),
          ...ignoredShape(['traits', 'scoped_roles']),
        }),
      ).describe('What members hold'),
      membership_requires: noRequirement.describe('Only empty'),
      ownership_requires: noRequirement.describe('Only empty'),
      origin: optionalSection(z.strictObject({ plugin: text.describe('Name of the plugin') })).describe(
        'The plugin whose import made the list; the gateway alone writes it',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('What the list is'),
})

export type AccessListDocument = Omit<z.output<typeof accessListForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseAccessListDocument(
  input: unknown,
  source?: string,
): ParsedDocument<AccessListDocument, AccessList> {
  const parsed = parseWith(accessListForm, 'access_list', input, source, findProblems)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { spec } = document
  return {
    document,
    value: {
      name: document.metadata.name,
      title: spec.title,
      description: spec.description ?? '',
      owners: spec.owners.map(({ name }) => name),
      grants: { roles: spec.grants?.roles ?? [] },
      origin:
        spec.origin === undefined ? { kind: 'local' } : { kind: 'imported', plugin: spec.origin.plugin },
    },
    ignored: [
      ...listIgnored(parsed.spec, 'spec', ignoredFields),
      ...listIgnored(parsed.spec.grants, 'spec.grants', ['traits', 'scoped_roles']),
    ],
    revision: parsed.metadata.revision,
  }
}

/** What no single field tells. */
function findProblems(input: unknown): ResourceProblem[] {
  const plugin = findAt(input, ['spec', 'origin', 'plugin'])
  return plugin === '' ? [{ path: 'spec.origin.plugin', message: 'must not be empty' }] : []
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isPlainObject(value) && Object.values(value).every(isEmpty)
}
