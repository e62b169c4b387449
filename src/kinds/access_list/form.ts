/**
 * @module The YAML form of an access list (v1): what people call it, who answers for it, what it asks of its people, what
 * they hold and when they are reviewed. Members are no part of it; they have paths of their own.
 */
import { z } from 'zod'
import { textSchema, wordSchema } from '../../api/resource/field-schemas.js'
import {
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
  text,
} from '../../api/resource/fields.js'
import { findAt, isPlainObject, parseWith, toPlain } from '../../api/resource/parse.js'
import type { ParsedDocument, ResourceProblem } from '../../api/resource/parse.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import type { ReviewSchedule } from '../../core/access-list/review-schedule.js'
import { parseInstant } from '../../core/time.js'
import { heldRoles, holderTraits } from '../shared/holder-fields.js'
import { auditSection, readRecurrence } from '../shared/review-fields.js'
import { ownersField, ownersOf } from './owner-fields.js'

const ignoredFields = ['status', 'preset'] as const
/** Identity Store API, type GroupDisplayName. */
const maxTitleLength = 1024

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

/** `dynamic` and `standard` are other words for what a list is without one. */
const listType = readField(
  (value, report): 'static' | 'scim' | undefined => {
    const word = value === null ? '' : readText(value, report).toLowerCase()
    if (word === 'static' || word === 'scim') return word
    if (!['', 'standard', 'dynamic'].includes(word)) report('must be empty, standard, static or scim')
    return undefined
  },
  wordSchema(['', 'standard', 'dynamic', 'static', 'scim'], { type: 'null' }),
)

const requirements = z.strictObject({
  roles: optionalSection(heldRoles.optional()).describe('Names of roles, all of which somebody must hold'),
  traits: optionalSection(holderTraits.optional()).describe(
    'Values of traits, all of which somebody must have',
  ),
})

const grants = z.strictObject({
  roles: optionalSection(heldRoles.optional()).describe('Names of roles, account assignment roles too'),
  traits: optionalSection(holderTraits.optional()).describe('Traits, beside those of the person'),
  ...ignoredShape(['scoped_roles']),
})

/** What authors may write. */
export const accessListForm = z.strictObject({
  kind: z.literal('access_list').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      title: title.describe('What people read, and the name of the group in Identity Center'),
      description: optionalSection(text.optional()).describe('For people'),
      type: listType
        .optional()
        .describe('Empty, or static: members are documents that are applied, or scim: a directory pushes it'),
      owners: ownersField
        .optional()
        .describe(
          'Users, or lists whose members own it, who answer for the list; one at least, but for static and scim',
        ),
      audit: optionalSection(auditSection).describe('When its members are reviewed'),
      membership_requires: optionalSection(requirements).describe(
        'What every member must have of their own, also members of nested lists',
      ),
      ownership_requires: optionalSection(requirements).describe('What every owner must have of their own'),
      grants: optionalSection(grants).describe('What members hold'),
      owner_grants: optionalSection(grants).describe('What owners hold'),
      origin: optionalSection(z.strictObject({ plugin: text.describe('Name of the plugin') })).describe(
        'The plugin whose import made the list; the gateway alone writes it',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('What the list is'),
  // Counts as of an export; not stored, since they would soon be wrong.
  status: z.unknown().optional().describe('Kept without effect'),
})

export type AccessListDocument = Omit<z.output<typeof accessListForm>, 'metadata' | 'status'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseAccessListDocument(
  input: unknown,
  source?: string,
): ParsedDocument<AccessListDocument, AccessList> {
  const { status, ...parsed } = parseWith(accessListForm, 'access_list', input, source, findProblems)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { spec } = document
  return {
    document,
    value: {
      name: document.metadata.name,
      title: spec.title,
      description: spec.description ?? '',
      type: spec.type ?? 'standard',
      owners: ownersOf(spec.owners ?? []),
      membershipRequires: {
        roles: spec.membership_requires?.roles ?? [],
        traits: spec.membership_requires?.traits ?? {},
      },
      ownershipRequires: {
        roles: spec.ownership_requires?.roles ?? [],
        traits: spec.ownership_requires?.traits ?? {},
      },
      grants: { roles: spec.grants?.roles ?? [], traits: spec.grants?.traits ?? {} },
      ownerGrants: { roles: spec.owner_grants?.roles ?? [], traits: spec.owner_grants?.traits ?? {} },
      review: reviewOf(spec),
      origin:
        spec.origin === undefined ? { kind: 'local' } : { kind: 'imported', plugin: spec.origin.plugin },
    },
    ignored: [
      ...(isPlainObject(status) ? ['status'] : []),
      ...listIgnored(parsed.spec, 'spec', ignoredFields),
      ...listIgnored(parsed.spec.grants, 'spec.grants', ['scoped_roles']),
      ...listIgnored(parsed.spec.owner_grants, 'spec.owner_grants', ['scoped_roles']),
    ],
    revision: parsed.metadata.revision,
  }
}

/** What no single field tells. */
function findProblems(input: unknown): ResourceProblem[] {
  const problems: ResourceProblem[] = []
  if (findAt(input, ['spec', 'origin', 'plugin']) === '') {
    problems.push({ path: 'spec.origin.plugin', message: 'must not be empty' })
  }
  const owners = findAt(input, ['spec', 'owners']) ?? []
  const type = findAt(input, ['spec', 'type'])
  const needsOwner = !(typeof type === 'string' && ['static', 'scim'].includes(type.toLowerCase()))
  if (needsOwner && Array.isArray(owners) && owners.length === 0 && isPlainObject(findAt(input, ['spec']))) {
    problems.push({
      path: 'spec.owners',
      message: 'at least one owner is required, who answers for the list',
    })
  }
  return problems
}

/** A list that people change is reviewed; one that is managed elsewhere only where its document asks for it. */
export function isReviewed({ type, audit }: AccessListDocument['spec']): boolean {
  return type === undefined || audit !== undefined
}

/** Undefined until the due date is worked out, which is when the document is written. */
function reviewOf(spec: AccessListDocument['spec']): ReviewSchedule | undefined {
  const dueAt = parseInstant(spec.audit?.next_audit_date ?? '')
  return dueAt === undefined ? undefined : { dueAt, ...readRecurrence(spec.audit) }
}
