/**
 * @module What PATCH makes of a user. Operations change a copy of the resource one after the other; the result is held
 * to the rules of a whole resource, so that a request takes effect as a whole or not at all.
 */
import type { User, UserAttributes } from '../state/user.js'
import { invalid } from './error.js'
import { isList, isObject, memberOf, type Json, type JsonObject } from './json.js'
import type { PathStep } from './patch-path.js'
import type { PatchOperation } from './patch-request.js'
import { enterpriseUrn } from './urn.js'
import { parseUser, plainTexts, requirePrimaryEmail, withHidden, writeAttributes } from './user-resource.js'

/** AWS's list; `roles` is not in it. */
const modifiable: readonly string[] = [
  ...['userName', 'active', 'externalId', ...plainTexts, 'name', enterpriseUrn],
  ...['emails', 'addresses', 'phoneNumbers'],
]
const lists: readonly string[] = ['emails', 'addresses', 'phoneNumbers']

/** Not removed, and changed at most once in a request. */
const guarded: readonly string[] = ['userName', 'active']

/** @throws ScimError 400 */
export function patchUserAttributes(user: User, operations: readonly PatchOperation[]): UserAttributes {
  checkOperations(operations)
  let resource = writeAttributes(user)
  for (const operation of operations) {
    resource = change(resource, operation.path.steps, withBoolean(operation))
  }
  const patched = parseUser(resource)
  if (operations.some(({ path }) => path.steps[0].name === 'emails')) requirePrimaryEmail(patched)
  return withHidden(patched, user)
}

function checkOperations(operations: readonly PatchOperation[]): void {
  for (const { op, path, value } of operations) {
    const { name } = path.steps[0]
    if (!modifiable.includes(name)) throw invalid(`${name} cannot be changed by PATCH`)
    if (op === 'remove' && guarded.includes(name)) throw invalid(`${name} cannot be removed`)
    if (op === 'remove' && value !== undefined) throw invalid('remove of a user attribute takes no value')
    if (op !== 'remove' && value === undefined) throw invalid(`${op} has no value`)
  }
  for (const name of guarded) {
    const count = operations.filter(({ path }) => path.steps[0].name === name).length
    if (count > 1) throw invalid(`${name} is changed more than once`)
  }
}

/** The guide's own example sends `"false"` for `active` and is answered `false`. */
function withBoolean(operation: PatchOperation): PatchOperation {
  const { path, value } = operation
  if (path.steps[0].name !== 'active' || typeof value !== 'string' || !/^(?:true|false)$/i.test(value)) {
    return operation
  }
  return { ...operation, value: value.toLowerCase() === 'true' }
}

/** `object` with the change made at the end of `steps`; members that end up empty are left out. */
function change(object: JsonObject, steps: readonly PathStep[], operation: PatchOperation): JsonObject {
  const [step, ...rest] = steps
  if (step === undefined) throw invalid('a path leads nowhere')
  const current = memberOf(object, step.name)
  if (step.where !== undefined) return put(object, step.name, changeItem(current, step, rest, operation))
  if (rest.length === 0) return put(object, step.name, changeValue(current, step.name, operation))
  if (current !== undefined && !isObject(current)) throw invalid(`${step.name} has no attributes of its own`)
  const changed = change(current ?? {}, rest, operation)
  return put(object, step.name, Object.keys(changed).length === 0 ? undefined : changed)
}

/** The list with the chosen value changed. A filter that chooses nothing is an error (RFC 7644 `noTarget`). */
function changeItem(
  current: Json | undefined,
  { name, where }: PathStep,
  rest: readonly PathStep[],
  operation: PatchOperation,
): Json | undefined {
  const items = isList(current) ? current : []
  const index = items.findIndex(
    (item) => isObject(item) && where !== undefined && memberOf(item, where.name) === where.value,
  )
  const item = items[index]
  if (!isObject(item)) throw invalid(`the filter of the path chooses nothing of ${name}`)
  const changed = rest.length > 0 ? change(item, rest, operation) : changeValue(item, '', operation)
  const kept = items.flatMap((other, at) => (at === index ? (changed ?? []) : other))
  return kept.length === 0 ? undefined : kept
}

/** The value after the operation; undefined removes it. */
function changeValue(
  current: Json | undefined,
  name: string,
  { op, value }: PatchOperation,
): Json | undefined {
  if (op === 'remove') return undefined
  if (lists.includes(name)) return op === 'add' ? addToList(current, value) : value
  // Sub-attributes that the value does not name stay as they are (RFC 7644 §3.5.2.3).
  if (isObject(current) && isObject(value)) return { ...current, ...value }
  return value
}

/** A value that is there already is not added again. */
function addToList(current: Json | undefined, value: Json | undefined): Json | undefined {
  if (!isList(value)) return value
  const items = isList(current) ? current : []
  const known = new Set(items.map(canonical))
  return [...items, ...value.filter((item) => !known.has(canonical(item)))]
}

/** Text that is the same for objects whose members are in another order. */
function canonical(item: Json): string {
  return JSON.stringify(isObject(item) ? Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)) : item)
}

function put(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value }
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
}
