/** @module Which attributes of a resource an answer has (RFC 7644 section 3.4.2.5), and their order in a list. */
import {
  findPlace,
  isObject,
  listOf,
  valuesAt,
  type ScimObject,
  type ScimPlace,
  type ScimType,
} from './schema.js'

export interface Projection {
  /** Undefined: all. */
  readonly attributes: readonly string[] | undefined
  readonly excluded: readonly string[]
}

const always: readonly string[] = ['schemas', 'id', 'meta']

/** The resource with what was asked for; names that no schema has ask for nothing. */
export function projectResource(
  type: ScimType,
  resource: ScimObject,
  { attributes, excluded }: Projection,
): ScimObject {
  if (attributes !== undefined) {
    const shown: ScimObject = {}
    for (const name of always) if (resource[name] !== undefined) shown[name] = resource[name]
    for (const place of placesOf(type, attributes)) include(shown, resource, place)
    return shown
  }
  if (excluded.length === 0) return resource
  const shown = structuredClone(resource)
  for (const place of placesOf(type, excluded)) exclude(shown, place)
  return shown
}

function placesOf(type: ScimType, names: readonly string[]): ScimPlace[] {
  return names.flatMap((name) => {
    const place = findPlace(type, name)
    return place === undefined ? [] : [place]
  })
}

function include(shown: ScimObject, resource: ScimObject, { extension, attribute, sub }: ScimPlace): void {
  const from = extension === undefined ? resource : resource[extension.id]
  if (!isObject(from)) return
  const to = extension === undefined ? shown : ((shown[extension.id] ??= {}) as ScimObject) // made here alone
  if (attribute === undefined) {
    Object.assign(to, from)
    return
  }
  const value = from[attribute.name]
  if (value === undefined) return
  if (sub === undefined) {
    to[attribute.name] = value
    return
  }
  const before = listOf(to[attribute.name])
  const parts = listOf(value).map((one, index) => {
    const had = before[index]
    const part = isObject(one) && one[sub.name] !== undefined ? { [sub.name]: one[sub.name] } : {}
    return { ...(isObject(had) ? had : {}), ...part }
  })
  to[attribute.name] = attribute.multiValued ? parts : parts[0]
}

function exclude(shown: ScimObject, { extension, attribute, sub }: ScimPlace): void {
  const holder = extension === undefined ? shown : shown[extension.id]
  if (!isObject(holder)) return
  if (attribute === undefined) {
    if (extension !== undefined) Reflect.deleteProperty(shown, extension.id)
  } else if (sub !== undefined) {
    for (const one of listOf(holder[attribute.name])) if (isObject(one)) Reflect.deleteProperty(one, sub.name)
  } else if (!always.includes(attribute.name)) Reflect.deleteProperty(holder, attribute.name)
}

/** By the first value at the place; what has none comes last. Equal ones stay in their order. */
export function sortResources(
  resources: readonly ScimObject[],
  place: ScimPlace,
  order: 'ascending' | 'descending',
): ScimObject[] {
  const sign = order === 'ascending' ? 1 : -1
  const keyed = resources.map((resource) => ({ resource, key: keyOf(resource, place) }))
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined)
    return a.key < b.key ? -sign : a.key > b.key ? sign : 0
  })
  return keyed.map(({ resource }) => resource)
}

function keyOf(resource: ScimObject, place: ScimPlace): string | undefined {
  const [first] = valuesAt(resource, place)
  const value = isObject(first) ? first['value'] : first
  if (typeof value === 'string') return value.toLowerCase()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
