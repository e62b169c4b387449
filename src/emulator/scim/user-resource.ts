/**
 * @module Users as SCIM resources: the attributes that AWS supports, read from a resource and written as one.
 */
import { externalIdRule, textRule, userNameRule } from '../directory/value-rules.js'
import type { Address, Enterprise, ListValue, PersonName, User, UserAttributes } from '../state/user.js'
import { invalid } from './error.js'
import type { JsonObject } from './json.js'
import { metaOf } from './meta.js'
import {
  checkSchemas,
  defined,
  readBoolean,
  readObject,
  readSingle,
  readText,
  refuseUnknown,
  required,
} from './read.js'
import { enterpriseUrn, userUrn } from './urn.js'

export const nameMembers = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
] as const
/** AWS's guide names no `primary` of phone numbers, nor does it call it unsupported; its Identity Store has one. */
export const listMembers = ['value', 'type', 'primary'] as const
const addressTexts = [
  'formatted',
  'streetAddress',
  'locality',
  'region',
  'postalCode',
  'country',
  'type',
] as const
export const addressMembers = [...addressTexts, 'primary'] as const
export const enterpriseTexts = [
  'employeeNumber',
  'costCenter',
  'organization',
  'division',
  'department',
] as const
export const managerMembers = ['value', '$ref'] as const
/** Texts of a user that bear no rule of their own. */
export const plainTexts = [
  'displayName',
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
] as const

/** `id` and `meta` are read-only: taken and passed over (RFC 7643 §2.2), as in the guide's own PUT. */
const userMembers = [
  ...['schemas', 'id', 'meta', 'userName', 'externalId', 'active', 'name', ...plainTexts],
  ...['emails', 'phoneNumbers', 'addresses', 'roles', enterpriseUrn],
]

/**
 * The attributes of a whole resource.
 * @throws ScimError 400
 */
export function parseUser(resource: JsonObject): UserAttributes {
  refuseUnknown(resource, userMembers, 'the user')
  checkSchemas(resource, [userUrn, enterpriseUrn])
  const name = required(parseName(resource), 'name')
  required(name.givenName, 'name.givenName')
  required(name.familyName, 'name.familyName')
  return defined({
    userName: required(readText(resource, 'userName', userNameRule), 'userName'),
    active: readBoolean(resource, 'active') ?? true,
    externalId: readText(resource, 'externalId', externalIdRule),
    name,
    ...readTexts(resource, plainTexts),
    displayName: required(readText(resource, 'displayName', textRule), 'displayName'),
    emails: parseList(resource, 'emails'),
    phoneNumbers: parseList(resource, 'phoneNumbers'),
    addresses: parseAddresses(resource),
    roles: parseList(resource, 'roles'),
    enterprise: parseEnterprise(resource),
  })
}

/** @throws ScimError 400 unless the mail address, where there is one, is the primary one */
export function requirePrimaryEmail({ emails }: UserAttributes): void {
  if (emails !== undefined && emails[0]?.primary !== true) throw invalid('emails has no primary address')
}

/** What SCIM does not know of a user stays as the Identity Store API has it. */
export function withHidden(attributes: UserAttributes, before: UserAttributes): UserAttributes {
  const { photos, website, birthdate } = before
  return { ...attributes, ...defined({ photos, website, birthdate }) }
}

/** The resource with every attribute that can be patched, and no read-only one. */
export function writeAttributes(user: UserAttributes): JsonObject {
  const { userName, name, active, emails, addresses, phoneNumbers, roles, enterprise, externalId } = user
  return defined({
    externalId,
    userName,
    name: name === undefined ? undefined : { ...name },
    ...pickTexts(user),
    active,
    emails: emails?.map((email) => ({ ...email })),
    addresses: addresses?.map((address) => ({ ...address })),
    phoneNumbers: phoneNumbers?.map((number) => ({ ...number })),
    roles: roles?.map((role) => ({ ...role })),
    [enterpriseUrn]: enterprise === undefined ? undefined : writeEnterprise(enterprise),
  })
}

/** As AWS answers; `profileUrl` is taken, and stands in none of its answers. */
export function writeUser(user: User): JsonObject {
  const { externalId, profileUrl: _notShown, ...attributes } = writeAttributes(user)
  return {
    id: user.id,
    ...(externalId !== undefined && { externalId }),
    meta: metaOf('User', user),
    schemas: user.enterprise === undefined ? [userUrn] : [userUrn, enterpriseUrn],
    ...attributes,
  }
}

function pickTexts(user: UserAttributes): { readonly [name: string]: string | undefined } {
  return Object.fromEntries(plainTexts.map((name) => [name, user[name]]))
}

function writeEnterprise({ manager, ...texts }: Enterprise): JsonObject {
  return defined({ ...texts, manager: manager === undefined ? undefined : { ...manager } })
}

function readTexts<Name extends string>(
  object: JsonObject,
  names: readonly Name[],
): { readonly [N in Name]?: string } {
  const texts: { [N in Name]?: string } = {}
  for (const name of names) {
    const text = readText(object, name, textRule)
    if (text !== undefined) texts[name] = text
  }
  return texts
}

function parseName(resource: JsonObject): PersonName | undefined {
  const name = readObject(resource, 'name', nameMembers)
  return name === undefined ? undefined : readTexts(name, nameMembers)
}

function parseList(
  resource: JsonObject,
  attribute: 'emails' | 'phoneNumbers' | 'roles',
): readonly ListValue[] | undefined {
  const item = readSingle(resource, attribute, listMembers)
  if (item === undefined) return undefined
  const value = required(readText(item, 'value', textRule), `${attribute}.value`)
  return [defined({ value, type: readText(item, 'type', textRule), primary: readBoolean(item, 'primary') })]
}

function parseAddresses(resource: JsonObject): readonly Address[] | undefined {
  const item = readSingle(resource, 'addresses', addressMembers)
  if (item === undefined) return undefined
  return [defined({ ...readTexts(item, addressTexts), primary: readBoolean(item, 'primary') })]
}

function parseEnterprise(resource: JsonObject): Enterprise | undefined {
  const members = readObject(resource, enterpriseUrn, [...enterpriseTexts, 'manager'])
  if (members === undefined) return undefined
  const manager = readObject(members, 'manager', managerMembers)
  return defined({
    ...readTexts(members, enterpriseTexts),
    manager: manager === undefined ? undefined : readTexts(manager, managerMembers),
  })
}
