/**
 * @module `GET /ResourceTypes`: users, with the enterprise extension, and groups.
 */
import type { JsonObject } from './json.js'
import { wholeList } from './list-page.js'
import type { ScimOperation } from './operation.js'
import { enterpriseUrn, groupUrn, resourceTypeUrn, userUrn } from './urn.js'

const resourceTypes: readonly JsonObject[] = [
  {
    schemas: [resourceTypeUrn],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: userUrn,
    schemaExtensions: [{ schema: enterpriseUrn, required: false }],
  },
  {
    schemas: [resourceTypeUrn],
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    description: 'Group',
    schema: groupUrn,
  },
]

export const listResourceTypes: ScimOperation = {
  name: 'ListResourceTypes',
  method: 'GET',
  path: 'ResourceTypes',
  handle: () => ({ status: 200, body: wholeList(resourceTypes) }),
}
