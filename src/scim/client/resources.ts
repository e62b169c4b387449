/**
 * @module Users and groups in AWS's dialect of SCIM: what we send, and what comes back, hostile until parsed. Empty texts
 * are left out, list attributes have one value, PATCH always names its path.
 */
import type { UserAttributes } from '../../core/entitlement/desired.js'
import type { ObservedGroup, ObservedUser } from '../../core/identity-center/observation.js'

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** Ids of AWS, documented by a pattern of its service model. */
const idForm = /^(?:[0-9a-f]{10}-)?[A-Fa-f0-9]{8}(?:-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/
const longestText = 1024

/** One operation of a PATCH. `path` is never left out: without it AWS takes one attribute at most. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace'
  readonly path: string
  readonly value?: unknown
}

export function patch(...Operations: readonly PatchOperation[]): unknown {
  return { schemas: [patchSchema], Operations }
}

export function userBody(user: {
  readonly attributes: UserAttributes
  readonly active: boolean
  readonly externalId: string
}): unknown {
  const { userName, displayName, givenName, familyName, email } = user.attributes
  return {
    schemas: [userSchema],
    userName,
    ...withText('externalId', user.externalId),
    name: { ...withText('givenName', givenName), ...withText('familyName', familyName) },
    ...withText('displayName', displayName),
    ...(email !== undefined && email !== '' && { emails: emailsOf(email) }),
    active: user.active,
  }
}

/** Operations for the attributes that `changes` names; an address that is named and undefined is taken away. */
export function userPatch(changes: Partial<UserAttributes>): PatchOperation[] {
  const texts = [
    ['userName', changes.userName],
    ['displayName', changes.displayName],
    ['name.givenName', changes.givenName],
    ['name.familyName', changes.familyName],
  ] as const
  const operations: PatchOperation[] = texts.flatMap(([path, value]) =>
    value === undefined || value === '' ? [] : [{ op: 'replace', path, value }],
  )
  if (!('email' in changes)) return operations
  const { email } = changes
  return [
    ...operations,
    email === undefined || email === ''
      ? { op: 'remove', path: 'emails' }
      : { op: 'replace', path: 'emails', value: emailsOf(email) },
  ]
}

export function membersOf(ids: readonly string[]): { readonly value: string }[] {
  return ids.map((value) => ({ value }))
}

/** @throws Error whose message says what is wrong */
export function parseUser(value: unknown): ObservedUser {
  const user = objectOf(value, 'user')
  const name = user['name'] === undefined ? {} : objectOf(user['name'], 'name')
  const emails = user['emails'] === undefined ? [] : listOf(user['emails'], 'emails')
  const email = emails[0] === undefined ? {} : objectOf(emails[0], 'email')
  return {
    id: idOf(user),
    userName: textOf(user, 'userName'),
    displayName: optionalText(user, 'displayName'),
    givenName: optionalText(name, 'givenName'),
    familyName: optionalText(name, 'familyName'),
    email: optionalText(email, 'value'),
    active: typeof user['active'] === 'boolean' ? user['active'] : undefined,
    externalId: optionalText(user, 'externalId'),
  }
}

/** @throws Error whose message says what is wrong */
export function parseGroup(value: unknown): ObservedGroup {
  const group = objectOf(value, 'group')
  return {
    id: idOf(group),
    displayName: textOf(group, 'displayName'),
    externalId: optionalText(group, 'externalId'),
  }
}

/** The rows of a list and what leads to the next page. @throws Error whose message says what is wrong */
export function parseList(value: unknown): {
  readonly resources: readonly unknown[]
  readonly nextCursor: string | undefined
} {
  const list = objectOf(value, 'list')
  const nextCursor = optionalText(list, 'nextCursor', 65_535)
  if (nextCursor !== undefined && !/^[-a-zA-Z0-9+=/:_]+$/.test(nextCursor)) {
    throw new Error('a cursor of a form that AWS does not document')
  }
  const resources = list['Resources'] === undefined ? [] : listOf(list['Resources'], 'Resources')
  return { resources, nextCursor }
}

/** The id alone, of resources that we count only. */
export function parseId(value: unknown): string {
  return idOf(objectOf(value, 'resource'))
}

export function isId(text: string): boolean {
  return idForm.test(text)
}

/** A text as a filter quotes it (RFC 7644 §3.4.2.2: as JSON does). */
export function filterOf(attribute: string, value: string): string {
  return `filter=${encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)}`
}

function emailsOf(value: string): unknown {
  return [{ value, type: 'work', primary: true }]
}

function withText(name: string, value: string): Readonly<Record<string, string>> {
  return value === '' ? {} : { [name]: value }
}

type JsonObject = Readonly<Record<string, unknown>>

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`no ${what}`)
  // Checked to be an object; its members stay unknown until each is parsed.
  return value as JsonObject
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`a ${what} that is no list`)
  if (value.length > 1000) throw new Error(`more than 1000 ${what}`)
  return value
}

function idOf(object: JsonObject): string {
  const id = textOf(object, 'id')
  if (!idForm.test(id)) throw new Error('an id of a form that AWS does not document')
  return id
}

function textOf(object: JsonObject, name: string): string {
  const text = optionalText(object, name)
  if (text === undefined) throw new Error(`no ${name}`)
  return text
}

function optionalText(object: JsonObject, name: string, longest = longestText): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new Error(`a ${name} that is no text`)
  if (value.length > longest) throw new Error(`a ${name} of more than ${longest} characters`)
  return value
}
