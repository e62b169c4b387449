/**
 * @module The schemas that the endpoint publishes (RFC 7643 §7): exactly the attributes that it takes.
 */
import type { JsonObject } from './json.js'
import { enterpriseUrn, groupUrn, schemaUrn, userUrn } from './urn.js'
import {
  addressMembers,
  enterpriseTexts,
  listMembers,
  managerMembers,
  nameMembers,
  plainTexts,
} from './user-resource.js'

interface Traits {
  readonly type?: 'string' | 'boolean' | 'complex' | 'reference'
  readonly multiValued?: boolean
  readonly required?: boolean
  readonly uniqueness?: 'none' | 'server'
  readonly subAttributes?: readonly JsonObject[]
}

function attribute(name: string, traits: Traits = {}): JsonObject {
  const { type = 'string', multiValued = false, uniqueness = 'none', subAttributes } = traits
  return {
    name,
    type,
    ...(subAttributes !== undefined && { subAttributes }),
    multiValued,
    required: traits.required ?? false,
    caseExact: true,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness,
  }
}

function members(names: readonly string[], mandatory: readonly string[] = []): readonly JsonObject[] {
  return names.map((name) =>
    attribute(name, {
      type: name === 'primary' ? 'boolean' : name === '$ref' ? 'reference' : 'string',
      required: mandatory.includes(name),
    }),
  )
}

function list(name: string, subAttributes: readonly JsonObject[]): JsonObject {
  return attribute(name, { type: 'complex', multiValued: true, subAttributes })
}

function schema(
  id: string,
  name: string,
  description: string,
  attributes: readonly JsonObject[],
): JsonObject {
  return { id, schemas: [schemaUrn], name, description, attributes }
}

export const schemas: readonly JsonObject[] = [
  schema(userUrn, 'User', 'User Account', [
    attribute('userName', { required: true, uniqueness: 'server' }),
    attribute('externalId', { uniqueness: 'server' }),
    attribute('name', {
      type: 'complex',
      required: true,
      subAttributes: members(nameMembers, ['familyName', 'givenName']),
    }),
    ...plainTexts.map((name) => attribute(name, { required: name === 'displayName' })),
    attribute('active', { type: 'boolean' }),
    list('emails', members(listMembers, ['value', 'primary'])),
    list('phoneNumbers', members(listMembers, ['value'])),
    list('addresses', members(addressMembers)),
    list('roles', members(listMembers, ['value'])),
  ]),
  schema(groupUrn, 'Group', 'Group', [
    attribute('displayName', { required: true, uniqueness: 'server' }),
    attribute('externalId', { uniqueness: 'server' }),
    list('members', members(['value', 'type', '$ref'], ['value'])),
  ]),
  schema(enterpriseUrn, 'EnterpriseUser', 'Enterprise User', [
    ...enterpriseTexts.map((name) => attribute(name)),
    attribute('manager', { type: 'complex', subAttributes: members(managerMembers) }),
  ]),
]
