/**
 * @module PATCH of SCIM (RFC 7644 section 3.5.2), with what Okta and Entra make of it: operations in any case, values
 * without a path under dotted keys and keys with filters, booleans as text, members removed by a list, null for no value.
 * Answers a new resource; the one that was given stays as it was.
 */
import { matchesFilter, parseValueFilter, type ScimFilter } from './filter.js'
import { assertNotTooMany, assign, normalizeOne, normalizeValue } from './normalize.js'
import {
  findPlace,
  isObject,
  listOf,
  scimError,
  type ScimAttribute,
  type ScimObject,
  type ScimPlace,
  type ScimType,
} from './schema.js'

const maxOperations = 1000
/** Values that all operations of one PATCH look at together: some seconds of work, in which nobody else is served. */
const maxSteps = 3_000_000

type Verb = 'add' | 'replace' | 'remove'

interface Operation {
  readonly verb: Verb
  readonly path: string | undefined
  readonly value: unknown
  /** For messages: counted from 1. */
  readonly number: number
}

interface Target extends ScimPlace {
  readonly attribute: ScimAttribute
  readonly filter: ScimFilter | undefined
  readonly path: string
}

/** @throws GatewayError `INVALID_SCIM` that names the operation. */
export function applyPatch(type: ScimType, resource: ScimObject, sent: unknown): ScimObject {
  const patched = structuredClone(resource)
  const budget = { left: maxSteps }
  for (const operation of readOperations(sent)) applyOperation(type, patched, { ...operation, budget })
  assertBounded(patched)
  return patched
}

/** What was added to lists that were there already counts with them. */
function assertBounded(holder: ScimObject): void {
  for (const [name, value] of Object.entries(holder)) {
    if (Array.isArray(value)) assertNotTooMany(name, value, name)
    else if (isObject(value)) assertBounded(value)
  }
}

/** Each operation goes over the whole list, once for each part of its filter. */
function spend({ budget, path, number }: Step, values: unknown): void {
  budget.left -= listOf(values).length * path.split(/\s(?:and|or)\s/i).length
  if (budget.left >= 0) return
  throw scimError(
    'tooMany',
    `operation ${number}: the operations go over too many values together; send fewer at once, or many members in one`,
  )
}

function readOperations(sent: unknown): Operation[] {
  if (!isObject(sent)) throw scimError('invalidSyntax', 'the body must be one JSON object')
  const key = Object.keys(sent).find((name) => name.toLowerCase() === 'operations')
  const operations = key === undefined ? undefined : sent[key]
  if (!Array.isArray(operations) || operations.length === 0)
    throw scimError('invalidSyntax', 'Operations must be a list with at least one operation')
  if (operations.length > maxOperations)
    throw scimError('tooMany', `a PATCH takes at most ${maxOperations} operations`)
  return operations.map((one: unknown, index): Operation => {
    const number = index + 1
    if (!isObject(one)) throw scimError('invalidSyntax', `operation ${number} must be an object`)
    const verb = typeof one['op'] === 'string' ? one['op'].toLowerCase() : ''
    if (verb !== 'add' && verb !== 'replace' && verb !== 'remove')
      throw scimError('invalidSyntax', `operation ${number}: op must be add, replace or remove`)
    const path = one['path']
    if (path !== undefined && path !== null && typeof path !== 'string')
      throw scimError('invalidPath', `operation ${number}: path must be text`)
    return { verb, path: path === null || path === '' ? undefined : path, value: one['value'], number }
  })
}

function applyOperation(type: ScimType, resource: ScimObject, operation: Budgeted): void {
  const { verb, path, value, number } = operation
  if (path !== undefined) {
    applyAt(type, resource, { ...operation, path, isNamed: true })
    return
  }
  if (verb === 'remove') throw scimError('noTarget', `operation ${number}: remove needs a path`)
  if (!isObject(value))
    throw scimError('invalidValue', `operation ${number}: without a path, value must be an object`)
  for (const [key, one] of Object.entries(value))
    applyAt(type, resource, { ...operation, path: key, value: one, isNamed: false })
}

interface Budgeted extends Operation {
  readonly budget: { left: number }
}

interface Step extends Budgeted {
  readonly path: string
  /** Of keys in a value without a path, those that nobody can change are passed over, as Okta sends the id. */
  readonly isNamed: boolean
}

function applyAt(type: ScimType, resource: ScimObject, step: Step): void {
  const { verb, path, value, number, isNamed } = step
  const place = findTarget(type, path, number)
  if (place === undefined) {
    if (!isNamed) return
    throw scimError('invalidPath', `operation ${number}: there is no attribute at "${path.slice(0, 200)}"`)
  }
  const { extension, attribute } = place
  if (attribute === undefined) {
    applyToExtension(type, resource, { ...step, path: extension?.id ?? '' })
    return
  }
  if (attribute.returned === 'never') return
  if (attribute.mutability === 'readOnly') {
    if (!isNamed || attribute.name === 'schemas') return
    throw scimError('mutability', `operation ${number}: ${attribute.name} cannot be changed`)
  }
  const holder = extension === undefined ? resource : holderOf(resource, extension.id)
  if (attribute.multiValued) spend(step, holder[attribute.name])
  const target = { ...place, attribute, path }
  // Null and an empty list take away what is there (RFC 7643 section 2.5).
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0)
  if (verb === 'remove' || (verb === 'replace' && isEmpty)) {
    remove(holder, target, verb === 'remove' ? value : undefined)
  } else if (!isEmpty) put(holder, target, verb, value, number)
  if (extension !== undefined && Object.keys(holder).length === 0)
    Reflect.deleteProperty(resource, extension.id)
}

function applyToExtension(type: ScimType, resource: ScimObject, step: Step): void {
  const { verb, path, value, number } = step
  if (verb === 'remove' || value === null) {
    Reflect.deleteProperty(resource, path)
    return
  }
  if (!isObject(value)) throw scimError('invalidValue', `operation ${number}: ${path} must be an object`)
  for (const [key, one] of Object.entries(value))
    applyAt(type, resource, { ...step, path: `${path}:${key}`, value: one, isNamed: false })
}

function holderOf(resource: ScimObject, id: string): ScimObject {
  const held = resource[id]
  if (isObject(held)) return held
  const made: ScimObject = {}
  resource[id] = made
  return made
}

/** `attribute`, `attribute.sub`, `attribute[filter]`, `attribute[filter].sub`, each with or without its schema. */
function findTarget(
  type: ScimType,
  path: string,
  number: number,
): (ScimPlace & { readonly filter: ScimFilter | undefined }) | undefined {
  const open = path.indexOf('[')
  if (open < 0) {
    const place = findPlace(type, path.trim())
    return place && { ...place, filter: undefined }
  }
  const close = path.lastIndexOf(']')
  const after = path.slice(close + 1)
  const base = findPlace(type, path.slice(0, open))
  if (close < open || base?.attribute === undefined || (after !== '' && !after.startsWith('.')))
    throw scimError('invalidPath', `operation ${number}: "${path.slice(0, 200)}" is no path`)
  const filter = parseValueFilter(base.attribute, path.slice(open + 1, close), 'invalidFilter')
  if (after === '') return { ...base, filter }
  const whole = findPlace(type, `${path.slice(0, open)}${after}`)
  return whole && { ...whole, filter }
}

function remove(holder: ScimObject, { attribute, sub, filter }: Target, value: unknown): void {
  const { name } = attribute
  const held = holder[name]
  if (held === undefined) return
  const isHit = (one: unknown) => filter === undefined || (isObject(one) && matchesFilter(filter, one))
  if (sub !== undefined) {
    for (const one of listOf(held)) if (isObject(one) && isHit(one)) Reflect.deleteProperty(one, sub.name)
    keep(holder, attribute, (one) => !isObject(one) || Object.keys(one).length > 0)
  } else if (filter !== undefined) keep(holder, attribute, (one) => !isHit(one))
  // A list of nobody to take out takes out nobody.
  else if (Array.isArray(value) && value.length === 0) return
  else if (attribute.multiValued && listOf(value).length > 0) {
    const gone = new Set(listOf(value).map(keyOf))
    keep(holder, attribute, (one) => !gone.has(keyOf(one)))
  } else Reflect.deleteProperty(holder, name)
}

function keep(holder: ScimObject, attribute: ScimAttribute, isKept: (one: unknown) => boolean): void {
  const left = listOf(holder[attribute.name]).filter(isKept)
  assign(holder, attribute, left.length === 0 ? undefined : attribute.multiValued ? left : left[0])
}

/** What makes one value of a list the same as another: its `value`, where it has one. */
function keyOf(one: unknown): string {
  if (!isObject(one)) return JSON.stringify(one) ?? ''
  const key = Object.keys(one).find((name) => name.toLowerCase() === 'value')
  return JSON.stringify(key === undefined ? one : one[key]) ?? ''
}

function put(
  holder: ScimObject,
  target: Target,
  verb: 'add' | 'replace',
  value: unknown,
  number: number,
): void {
  const { attribute, sub, filter } = target
  const { name, multiValued } = attribute
  if (filter !== undefined) {
    putMatching(holder, { ...target, filter }, value, number)
  } else if (sub !== undefined) {
    const given = normalizeOne(sub, value, `${name}.${sub.name}`)
    if (!multiValued) {
      const held = isObject(holder[name]) ? holder[name] : {}
      assign(held, sub, given)
      assign(holder, attribute, Object.keys(held).length === 0 ? undefined : held)
    } else {
      const held = listOf(holder[name]).filter(isObject)
      const all = held.length === 0 ? [{}] : held
      for (const one of all) assign(one, sub, given)
      holder[name] = all
    }
  } else if (!multiValued) {
    const given = normalizeValue(attribute, value, name)
    const held = holder[name]
    // Sub-attributes that are not named stay (RFC 7644 section 3.5.2.3).
    assign(holder, attribute, isObject(held) && isObject(given) ? { ...held, ...given } : given)
  } else {
    const given = listOf(normalizeValue(attribute, value, name))
    const before = verb === 'replace' ? [] : listOf(holder[name])
    const all = new Map([...before, ...given].map((one) => [keyOf(one), one]))
    assign(holder, attribute, all.size === 0 ? undefined : [...all.values()])
  }
}

/** The values that the filter hits; where there is none, one is made of what the filter asks, as Entra expects. */
function putMatching(
  holder: ScimObject,
  { attribute, sub, filter }: Target & { readonly filter: ScimFilter },
  value: unknown,
  number: number,
): void {
  const { name } = attribute
  const held = listOf(holder[name])
  let hit: unknown[] = held.filter((one) => isObject(one) && matchesFilter(filter, one))
  if (hit.length === 0) {
    const made = madeOf(filter)
    if (made === undefined)
      throw scimError('noTarget', `operation ${number}: no value of ${name} meets the filter`)
    held.push(made)
    hit = [made]
  }
  for (const one of hit) {
    if (!isObject(one)) continue
    const given =
      sub === undefined
        ? normalizeOne(attribute, value, name)
        : { [sub.name]: normalizeOne(sub, value, `${name}.${sub.name}`) }
    if (isObject(given)) Object.assign(one, given)
  }
  holder[name] = attribute.multiValued ? held : held[0]
}

/** The value that meets a filter of equalities alone. */
function madeOf(filter: ScimFilter): ScimObject | undefined {
  const parts = filter.kind === 'and' ? filter.parts : [filter]
  const made: ScimObject = {}
  for (const part of parts) {
    if (part.kind !== 'compare' || part.operator !== 'eq' || part.place.attribute === undefined)
      return undefined
    const { attribute } = part.place
    assign(made, attribute, normalizeOne(attribute, part.value, attribute.name))
  }
  return made
}
