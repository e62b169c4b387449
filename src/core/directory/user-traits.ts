/**
 * @module What a SCIM user becomes here: traits, by names that the sync to AWS and templates know. The directory owns
 * these traits of its users and no others; docs/scim-server.md has the table.
 */
import { isObject, listOf, type ScimObject } from '../scim/schema.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Source = readonly [trait: string, read: (resource: ScimObject) => readonly unknown[]]

const top = (name: string) => (resource: ScimObject) => [resource[name]]
const ofName = (part: string) => (resource: ScimObject) => subOf(resource['name'], part)
const work = (name: string) => (resource: ScimObject) => subOf(resource[enterprise], name)

const sources: readonly Source[] = [
  ['given_name', ofName('givenName')],
  ['family_name', ofName('familyName')],
  ['display_name', (resource) => [resource['displayName'] ?? subOf(resource['name'], 'formatted')[0]]],
  ['nick_name', top('nickName')],
  ['title', top('title')],
  ['user_type', top('userType')],
  ['preferred_language', top('preferredLanguage')],
  ['locale', top('locale')],
  ['timezone', top('timezone')],
  ['email', (resource) => primaryFirst(resource['emails'])],
  ['phone_number', (resource) => primaryFirst(resource['phoneNumbers'])],
  ['employee_number', work('employeeNumber')],
  ['cost_center', work('costCenter')],
  ['organization', work('organization')],
  ['division', work('division')],
  ['department', work('department')],
  ['manager', (resource) => subOf(subOf(resource[enterprise], 'manager')[0], 'value')],
  ['manager_name', (resource) => subOf(subOf(resource[enterprise], 'manager')[0], 'displayName')],
]

/** Those that a directory says of its users; what it does not say of somebody, they do not have. */
export const directoryTraits: readonly string[] = sources.map(([trait]) => trait)

/** The traits that the resource gives, each with a value at least. */
export function traitsOf(resource: ScimObject): Record<string, string[]> {
  const traits: Record<string, string[]> = {}
  for (const [trait, read] of sources) {
    const values = read(resource).flatMap((value) =>
      typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [],
    )
    if (values.length > 0) traits[trait] = [...new Set(values)]
  }
  return traits
}

/** The traits of a user with what the directory says in place of what it said; all others stay. */
export function withDirectoryTraits(
  held: Readonly<Record<string, readonly string[]>>,
  resource: ScimObject,
): Record<string, readonly string[]> {
  const others = Object.entries(held).filter(([trait]) => !directoryTraits.includes(trait))
  return { ...Object.fromEntries(others), ...traitsOf(resource) }
}

function subOf(value: unknown, name: string): unknown[] {
  return isObject(value) ? [value[name]] : []
}

/** Values of a list of complex ones, the primary one first. */
function primaryFirst(values: unknown): unknown[] {
  const all = listOf(values).filter(isObject)
  const isPrimary = (one: ScimObject) => one['primary'] === true
  return [...all.filter(isPrimary), ...all.filter((one) => !isPrimary(one))].map((one) => one['value'])
}
