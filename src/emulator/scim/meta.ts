/**
 * @module `meta` of resources: type and times, to the second; AWS gives neither `location` nor `version`.
 */
import type { Stamps } from '../state/user.js'
import type { JsonObject } from './json.js'

export function metaOf(resourceType: 'User' | 'Group', { createdAt, updatedAt }: Stamps): JsonObject {
  return { resourceType, created: formatSecond(createdAt), lastModified: formatSecond(updatedAt) }
}

function formatSecond(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
