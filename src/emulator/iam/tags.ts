/**
 * @module Tags of roles and providers. Keys differ in more than case; a key that is set again keeps its place.
 */
import { invalidInput, quotaExceeded } from './errors.js'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

type TagRecord = Readonly<Record<string, string>>

const maxTags = 50

/**
 * The tags with those of `given` laid over; `quota` names the limit for what has them, such as `TagsPerRole`.
 * @throws AwsError
 */
export function mergeTags(before: TagRecord, given: readonly Tag[], quota: string): TagRecord {
  const keys = given.map(({ Key }) => Key.toLowerCase())
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (keys.some((key) => key.startsWith('aws:'))) {
    throw invalidInput('Tag keys that begin with aws: are reserved for AWS.')
  }
  const merged = new Map(Object.entries(before))
  for (const { Key, Value } of given) {
    const known = [...merged.keys()].find((key) => key.toLowerCase() === Key.toLowerCase())
    merged.set(known ?? Key, Value)
  }
  if (merged.size > maxTags) throw quotaExceeded(quota, maxTags)
  return Object.fromEntries(merged)
}

export function tagList(tags: TagRecord): readonly Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
