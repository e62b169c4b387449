/**
 * @module What a directory sends, in the one form that is kept (RFC 7643 section 2): exact names, known attributes, values
 * of the right type. What no schema has is left out, as are read-only attributes and passwords, which are nobody's
 * business here. Directories write booleans as text and single values where a list belongs; both are understood.
 */
import {
  findAttribute,
  findPlace,
  isObject,
  listOf,
  scimError,
  topAttributes,
  type ScimAttribute,
  type ScimObject,
  type ScimType,
} from './schema.js'

const maxText = 4096
const maxValues = 100
/** Members of a group; a list takes no more. */
const maxMembers = 20_000

/** @throws GatewayError `INVALID_SCIM` (invalidSyntax, invalidValue) with the place. */
export function normalizeResource(type: ScimType, sent: unknown): ScimObject {
  if (!isObject(sent)) throw scimError('invalidSyntax', 'the body must be one JSON object')
  const resource: ScimObject = {}
  for (const [key, value] of Object.entries(sent)) putAttribute(type, resource, key, value)
  return resource
}

function putAttribute(type: ScimType, resource: ScimObject, key: string, value: unknown): void {
  const place = findPlace(type, key)
  if (place === undefined || place.sub !== undefined) return
  const { extension, attribute } = place
  if (extension === undefined) {
    if (attribute !== undefined) assign(resource, attribute, normalizeValue(attribute, value, attribute.name))
    return
  }
  const held = isObject(resource[extension.id]) ? (resource[extension.id] as ScimObject) : {} // isObject says so
  const values = attribute === undefined ? value : { [attribute.name]: value }
  if (!isObject(values)) throw scimError('invalidValue', `${extension.id} must be an object`)
  for (const [name, one] of Object.entries(values)) {
    const found = findAttribute(extension.attributes, name)
    if (found !== undefined) assign(held, found, normalizeValue(found, one, found.name))
  }
  if (Object.keys(held).length > 0) resource[extension.id] = held
  else Reflect.deleteProperty(resource, extension.id)
}

/** Sets what has a value, and drops what has none. */
export function assign(holder: ScimObject, { name }: ScimAttribute, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(holder, name)
  else holder[name] = value
}

/** @throws GatewayError `INVALID_SCIM` for more values than the attribute takes. */
export function assertNotTooMany(name: string, values: readonly unknown[], path: string): void {
  const most = name === 'members' ? maxMembers : maxValues
  if (values.length > most) throw scimError('invalidValue', `${path} takes at most ${most} values`)
}

/** Undefined for what has no value (null, an empty list) and for what is not kept. */
export function normalizeValue(attribute: ScimAttribute, value: unknown, path: string): unknown {
  if (attribute.mutability === 'readOnly' || attribute.returned === 'never') return undefined
  if (!attribute.multiValued) {
    if (Array.isArray(value) && value.length > 1) throw scimError('invalidValue', `${path} takes one value`)
    return normalizeOne(attribute, Array.isArray(value) ? value[0] : value, path)
  }
  const written = listOf(value)
  assertNotTooMany(attribute.name, written, path)
  const values = written.flatMap((one) => listOf(normalizeOne(attribute, one, path)))
  return values.length === 0 ? undefined : values
}

/** One value, of those of a list too. */
export function normalizeOne(attribute: ScimAttribute, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined
  switch (attribute.type) {
    case 'complex':
      return normalizeComplex(attribute, value, path)
    case 'boolean':
      return readBoolean(value, path)
    case 'integer':
    case 'decimal': {
      const number = typeof value === 'string' ? Number(value) : value
      if (typeof number !== 'number' || !Number.isFinite(number))
        throw scimError('invalidValue', `${path} must be a number`)
      return number
    }
    case 'string':
    case 'reference':
    case 'binary':
    case 'dateTime':
      return readText(value, path)
  }
}

function normalizeComplex(attribute: ScimAttribute, value: unknown, path: string): ScimObject | undefined {
  const holder: ScimObject = {}
  const main = findAttribute(attribute.subAttributes, 'value')
  // Entra writes a manager, and some write an address, as the value alone.
  const given = isObject(value) ? value : main && { value }
  if (given === undefined) throw scimError('invalidValue', `${path} must be an object`)
  for (const [key, one] of Object.entries(given)) {
    const found = findAttribute(attribute.subAttributes, key)
    // Sub-attributes of members are immutable, which is about changing one that is there.
    if (found !== undefined) assign(holder, found, normalizeOne(found, one, `${path}.${found.name}`))
  }
  return Object.keys(holder).length === 0 ? undefined : holder
}

function readBoolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : undefined
  if (word === 'true' || word === 'false') return word === 'true'
  throw scimError('invalidValue', `${path} must be true or false`)
}

function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw scimError('invalidValue', `${path} must be text`)
  const text = String(value)
  if (text.length > maxText)
    throw scimError('invalidValue', `${path} must have at most ${maxText} characters`)
  if (/[^\P{Cc}\t\n\r]|\p{Cs}/u.test(text))
    throw scimError('invalidValue', `${path} must not contain control characters`)
  return text
}

/** @throws GatewayError `INVALID_SCIM` (invalidValue) that names the first required attribute without a value. */
export function assertComplete(type: ScimType, resource: ScimObject): void {
  const missing = topAttributes(type).find(
    ({ name, required }) => required && [undefined, ''].includes(resource[name] as string | undefined), // compared alone
  )
  if (missing !== undefined) throw scimError('invalidValue', `${missing.name} is required`)
}
