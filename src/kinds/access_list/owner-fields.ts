/**
 * @module `spec.owners` of an access list: users, and lists whose members own it. Each once, in the order in which they
 * are written; the shortest form of each is stored.
 */
import { listSchema, textSchema } from '../../api/resource/field-schemas.js'
import { readField, readText, type Report } from '../../api/resource/fields.js'
import { isPlainObject } from '../../api/resource/parse.js'
import type { ListOwner } from '../../core/access-list/access-list.js'

const maxOwners = 100

/** Every way to say it in documents of the reference. */
const userKinds: readonly unknown[] = [
  ...[undefined, null, '', 0, 1, '0', '1', 'user', 'USER'],
  ...['MEMBERSHIP_KIND_USER', 'MEMBERSHIP_KIND_UNSPECIFIED'],
]
const listKinds: readonly unknown[] = [2, '2', 'list', 'LIST', 'MEMBERSHIP_KIND_LIST']

/** For the description of the API: what {@link readMembershipKind} takes. */
export const membershipKindSchema = {
  description: 'What the name means: user (default), or list for another access list',
  enum: [...userKinds.filter((kind) => kind !== undefined), ...listKinds],
}

/** `user` where nothing is said. */
export function readMembershipKind(
  value: unknown,
  report: Report,
  ...path: (string | number)[]
): ListOwner['kind'] {
  if (listKinds.includes(value)) return 'list'
  if (!userKinds.includes(value)) report('must be user or list', ...path)
  return 'user'
}

/** An owner as it is stored. */
interface WrittenOwner {
  readonly name: string
  readonly membership_kind?: 'list'
  readonly description?: string
}

/** An owner as `{name}` or as the name alone. */
const ownerSchema = {
  anyOf: [
    textSchema({ minLength: 1 }),
    {
      type: 'object',
      properties: {
        name: textSchema({ minLength: 1, description: 'Name of a user, or of an access list' }),
        description: {
          ...textSchema(),
          type: ['string', 'number', 'boolean', 'null'],
          description: 'For people',
        },
        membership_kind: membershipKindSchema,
        ineligible_status: {
          description: 'Kept without effect: not stored, since it is worked out each time',
        },
      },
      required: ['name'],
      additionalProperties: false,
    },
  ],
}

export const ownersField = readField(
  (value, report): WrittenOwner[] => {
    if (value === null) return []
    const written: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (written.length > maxOwners) report(`must have at most ${maxOwners} owners`)
    const owners = new Map<string, WrittenOwner>()
    for (const [index, one] of written.entries()) {
      const owner = readOwner(one, report, Array.isArray(value) ? [index] : [])
      const key = `${owner.membership_kind ?? 'user'} ${owner.name}`
      if (!owners.has(key)) owners.set(key, owner)
    }
    return [...owners.values()]
  },
  { anyOf: [...listSchema(ownerSchema).anyOf, { type: 'null' }] },
)

export function ownersOf(written: readonly WrittenOwner[]): ListOwner[] {
  return written.map(({ name, membership_kind: kind, description = '' }): ListOwner => ({
    kind: kind ?? 'user',
    name,
    description,
  }))
}

const known = ['name', 'description', 'membership_kind', 'ineligible_status']

function readOwner(owner: unknown, report: Report, path: readonly number[]): WrittenOwner {
  if (!isPlainObject(owner)) {
    const name = readText(owner, report, ...path)
    if (name === '') report('owner name is missing', ...path)
    return { name }
  }
  const unknown = Object.keys(owner).find((key) => !known.includes(key))
  if (unknown !== undefined)
    report(`this field is not known; there are ${known.join(', ')}`, ...path, unknown)
  const kind = readMembershipKind(owner['membership_kind'], report, ...path, 'membership_kind')
  const name = owner['name'] === undefined ? '' : readText(owner['name'], report, ...path, 'name')
  if (name === '') report('owner name is missing', ...path, 'name')
  const described = owner['description'] ?? ''
  const description = readText(described, report, ...path, 'description')
  return {
    name,
    ...(kind === 'list' && { membership_kind: kind }),
    ...(description !== '' && { description }),
  }
}
