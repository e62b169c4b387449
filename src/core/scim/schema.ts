/**
 * @module What a type of SCIM resource is made of (RFC 7643 section 7), as data: filters, patches and what is sent are
 * read by it. The schemas themselves come from `src/scim/server`; nothing here knows a user from a group.
 */
import { GatewayError } from '../error.js'

export interface ScimAttribute {
  readonly name: string
  readonly type:
    'string' | 'boolean' | 'complex' | 'reference' | 'binary' | 'dateTime' | 'integer' | 'decimal'
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'default' | 'request' | 'never'
  readonly subAttributes: readonly ScimAttribute[]
}

export interface ScimSchema {
  readonly id: string
  readonly attributes: readonly ScimAttribute[]
}

export interface ScimType {
  readonly name: 'User' | 'Group'
  readonly schema: ScimSchema
  readonly extensions: readonly ScimSchema[]
}

/** A resource as JSON: attributes by their exact names, those of an extension under its URN. */
export type ScimObject = Record<string, unknown>

/** Where a path leads, without its filter. */
export interface ScimPlace {
  /** The extension that it is in; undefined for the core schema. */
  readonly extension: ScimSchema | undefined
  /** Undefined for the whole extension. */
  readonly attribute: ScimAttribute | undefined
  readonly sub: ScimAttribute | undefined
}

/** `scimType` of RFC 7644 section 3.12. */
export type ScimProblem =
  | 'invalidFilter'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'tooMany'
  | 'mutability'
  | 'uniqueness'

export function scimError(scimType: ScimProblem, message: string): GatewayError {
  return new GatewayError('INVALID_SCIM', message, { scimType })
}

const attribute = (
  name: string,
  type: ScimAttribute['type'],
  more: Partial<ScimAttribute> = {},
): ScimAttribute => ({
  name,
  type,
  multiValued: false,
  required: false,
  caseExact: true,
  mutability: 'readOnly',
  returned: 'default',
  subAttributes: [],
  ...more,
})

/** What every resource has (RFC 7643 section 3.1). */
const common: readonly ScimAttribute[] = [
  attribute('schemas', 'string', { multiValued: true, returned: 'always' }),
  attribute('id', 'string', { returned: 'always' }),
  attribute('externalId', 'string', { mutability: 'readWrite' }),
  attribute('meta', 'complex', {
    subAttributes: [
      attribute('resourceType', 'string'),
      attribute('created', 'dateTime'),
      attribute('lastModified', 'dateTime'),
      attribute('location', 'reference'),
      attribute('version', 'string'),
    ],
  }),
]

/** The attributes at the top of a resource. */
export function topAttributes(type: ScimType): readonly ScimAttribute[] {
  return [...common, ...type.schema.attributes]
}

/** Names are compared without case (RFC 7643 section 2.1). */
export function findAttribute(attributes: readonly ScimAttribute[], name: string): ScimAttribute | undefined {
  const wanted = name.toLowerCase()
  return attributes.find((one) => one.name.toLowerCase() === wanted)
}

/** `userName`, `name.givenName`, `urn:…:User:department`, `urn:…:User`; undefined where there is no such place. */
export function findPlace(type: ScimType, path: string): ScimPlace | undefined {
  const { extension, rest } = splitSchema(type, path)
  if (rest === '') return extension && { extension, attribute: undefined, sub: undefined }
  const [name = '', subName, ...deeper] = rest.split('.')
  if (deeper.length > 0) return undefined
  const found = findAttribute(extension?.attributes ?? topAttributes(type), name)
  if (found === undefined) return undefined
  if (subName === undefined) return { extension, attribute: found, sub: undefined }
  const sub = findAttribute(found.subAttributes, subName)
  return sub && { extension, attribute: found, sub }
}

function splitSchema(
  type: ScimType,
  path: string,
): { readonly extension: ScimSchema | undefined; readonly rest: string } {
  const lower = path.toLowerCase()
  for (const schema of [type.schema, ...type.extensions]) {
    const id = schema.id.toLowerCase()
    if (!lower.startsWith(id)) continue
    const extension = schema === type.schema ? undefined : schema
    if (lower === id) return { extension, rest: '' }
    // Some clients write a full stop where RFC 7644 section 3.10 has a colon.
    if (lower[id.length] === ':' || lower[id.length] === '.') {
      return { extension, rest: path.slice(id.length + 1) }
    }
  }
  return { extension: undefined, rest: path }
}

/** What stands at the place in the resource: each value of a list by itself. */
export function valuesAt(resource: ScimObject, { extension, attribute, sub }: ScimPlace): unknown[] {
  const holder = extension === undefined ? resource : resource[extension.id]
  if (!isObject(holder)) return []
  if (attribute === undefined) return [holder]
  const values = listOf(holder[attribute.name])
  if (sub === undefined) return values
  return values.flatMap((value) => (isObject(value) ? listOf(value[sub.name]) : []))
}

export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? (value as unknown[]) : [value]
}

export function isObject(value: unknown): value is ScimObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
