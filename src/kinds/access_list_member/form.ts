/**
 * @module The YAML form of a member of an access list (v1), as the reference product writes it. Its name is that of the
 * list and that of the member, `LIST/NAME`; for a list as a member `LIST/list/NAME`, since names have no slashes.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import {
  findNameProblem,
  ignoredShape,
  instant,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  text,
} from '../../api/resource/fields.js'
import {
  findAt,
  isPlainObject,
  parseWith,
  resourceError,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import {
  memberDocument,
  memberDocumentName,
  type MemberDocument,
  type WrittenMember,
} from '../../core/access-list/member-document.js'
import { parseInstant, type Instant } from '../../core/time.js'
import { membershipKindSchema, readMembershipKind } from '../access_list/owner-fields.js'

const maxNameLength = 200
const maxReason = 1000

export { memberDocument, memberDocumentName, type WrittenMember }

const partName = readField(
  (value, report): string => {
    const written = readText(value, report)
    const problem = findNameProblem(written, maxNameLength)
    if (problem !== undefined) report(problem)
    return written
  },
  textSchema({ minLength: 1, maxLength: maxNameLength }),
).optional()

const reason = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.length > maxReason) report(`must have at most ${maxReason} characters`)
    return written
  },
  textSchema({ maxLength: maxReason }),
)

const membershipKind = readField(
  (value, report): AccessListMember['kind'] => readMembershipKind(value, report),
  membershipKindSchema,
)

const documentName = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written === '') report('must not be empty')
    return written
  },
  textSchema({ minLength: 1 }),
)

/** Go's zero instant, by which exported documents say that a membership does not end. */
const never = '0001-01-01T00:00:00Z'

const expires = readField((value, report): Instant | undefined => {
  if (value === null || value === '' || value === never) return undefined
  const read = instant.safeParse(value)
  if (read.success) return parseInstant(read.data)
  for (const { message } of read.error.issues) report(message)
  return undefined
}, textSchema())

export const memberForm = z.strictObject({
  kind: z.literal('access_list_member').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema()
    .extend({
      name: documentName.describe('LIST/NAME, or LIST/list/NAME for a list as a member'),
    })
    .describe('The name of the list and of the member'),
  spec: z
    .strictObject({
      access_list: partName.describe('Name of the access list'),
      name: partName.describe('Name of the user, or of the access list that is a member'),
      membership_kind: membershipKind.optional().describe('What the name means: user (default) or list'),
      expires: expires.optional().describe('When the membership ends; without it never'),
      reason: optionalSection(reason.optional()).describe('For people'),
      joined: expires.optional().describe('When the membership began; the gateway alone writes it'),
      added_by: optionalSection(text.optional()).describe('Who began it; the gateway alone writes it'),
      ...ignoredShape(['ineligible_status', 'title']),
    })
    .describe('Who is a member of which list, and until when'),
})

/** Rows have no room for what people say of resources; it would be lost. */
function findProblems(input: unknown): ResourceProblem[] {
  const isEmpty = (value: unknown) =>
    value === undefined ||
    value === null ||
    value === '' ||
    (isPlainObject(value) && Object.keys(value).length === 0)
  return ['description', 'labels']
    .filter((field) => !isEmpty(findAt(input, ['metadata', field])))
    .map((field) => ({ path: `metadata.${field}`, message: 'is not kept of members; write spec.reason' }))
}

/** What a name of a document says; undefined for one of another form. */
export function readMemberName(text: string): Pick<AccessListMember, 'list' | 'kind' | 'name'> | undefined {
  const [list = '', first = '', second, ...more] = text.split('/')
  if (list === '' || first === '' || more.length > 0) return undefined
  if (second === undefined) return { list, kind: 'user', name: first }
  return first === 'list' && second !== '' ? { list, kind: 'list', name: second } : undefined
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseMemberDocument(
  input: unknown,
  source?: string,
): ParsedDocument<MemberDocument, WrittenMember> {
  const { metadata, spec } = parseWith(memberForm, 'access_list_member', input, source, findProblems)
  const told = readMemberName(metadata.name)
  const list = spec.access_list ?? told?.list
  const name = spec.name ?? told?.name
  if (list === undefined || name === undefined) {
    const message =
      'say the list and the member: metadata.name as LIST/NAME, or spec.access_list and spec.name'
    throw resourceError('access_list_member', input, [{ path: 'metadata.name', message }])
  }
  const kind = spec.membership_kind ?? told?.kind ?? 'user'
  const value = { list, kind, name, expiresAt: spec.expires, reason: spec.reason ?? '' }
  if (told !== undefined && metadata.name !== memberDocumentName(value)) {
    const message = `says another member than spec does, which is ${memberDocumentName(value)}`
    throw resourceError('access_list_member', input, [{ path: 'metadata.name', message }])
  }
  const known = {
    ...(spec.joined !== undefined && { joinedAt: spec.joined }),
    ...(spec.added_by !== undefined && { addedBy: spec.added_by }),
  }
  const document = memberDocument({ ...value, ...known })
  return { document, value, ignored: [], revision: metadata.revision }
}
