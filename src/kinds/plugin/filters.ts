/**
 * @module Filters of a plugin as people write them: a list of predicates, each with exactly one condition. One that is
 * empty or unknown is refused, since a mistyped exclusion must not widen what we look after.
 */
import type { ValueSchema } from '../../api/resource/field-schemas.js'
import { readField, readMap, readText, reportThrown, type Report } from '../../api/resource/fields.js'
import { isPlainObject } from '../../api/resource/parse.js'
import type { ResourceFilter, UserFilter } from '../../core/identity-center/settings.js'
import { parseMatcher } from '../../core/matcher.js'

const maxFilters = 500
const maxTextLength = 1024

/** What may be written, and what each word means. Words of the reference are among them. */
const words: Readonly<Record<string, 'id' | 'name' | 'exclude_id' | 'exclude_name'>> = {
  id: 'id',
  name: 'name',
  name_regex: 'name',
  nameRegex: 'name',
  exclude_id: 'exclude_id',
  excludeId: 'exclude_id',
  exclude_name: 'exclude_name',
  excludeName: 'exclude_name',
  exclude_name_regex: 'exclude_name',
  excludeNameRegex: 'exclude_name',
}

/** As stored: one word of `id`, `name`, `exclude_id` and `exclude_name` each. */
export type FilterDocument = Readonly<Partial<Record<'id' | 'name' | 'exclude_id' | 'exclude_name', string>>>

const describe: Readonly<Record<(typeof words)[string], string>> = {
  id: 'Exact id of what is in',
  name: 'Name of what is in: literal, glob or ^regex$',
  exclude_id: 'Exact id of what is out, whatever else matches',
  exclude_name: 'Name of what is out, whatever else matches: literal, glob or ^regex$',
}
const text: ValueSchema = { type: ['string', 'number', 'boolean', 'null', 'object'] }
const filterSchema: ValueSchema = {
  type: 'array',
  maxItems: maxFilters,
  items: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(words).map(([word, means]) => [word, { ...text, description: describe[means] }]),
    ),
    additionalProperties: false,
  },
}

export const resourceFilters = readField(
  (value, report): FilterDocument[] =>
    readList(value, report).map((item, index) => readFilter(item, index, report)),
  filterSchema,
)

function readFilter(item: unknown, index: number, report: Report): FilterDocument {
  const entries = Object.entries(isPlainObject(item) ? item : {}).filter(([, value]) => !isEmpty(value))
  const [entry] = entries
  const word = entry !== undefined && Object.hasOwn(words, entry[0]) ? words[entry[0]] : undefined
  if (entry === undefined || entries.length > 1 || word === undefined) {
    report(
      `malformed filter predicate at index ${index}: write exactly one of id, name, exclude_id and exclude_name`,
      index,
    )
    return {}
  }
  const written = readText(entry[1], report, index, entry[0])
  if (written.length > maxTextLength) report(`must have at most ${maxTextLength} characters`, index, entry[0])
  else if (word === 'name' || word === 'exclude_name') {
    reportThrown((field) => parseMatcher(written, field), report, index, entry[0])
  }
  return { [word]: written }
}

export function toResourceFilter(filter: FilterDocument): ResourceFilter {
  if (filter.id !== undefined) return { by: 'id', id: filter.id }
  if (filter.name !== undefined) return { by: 'name', pattern: filter.name }
  if (filter.exclude_id !== undefined) return { by: 'excludeId', id: filter.exclude_id }
  return { by: 'excludeName', pattern: filter.exclude_name ?? '' }
}

export interface UserFilterDocument {
  readonly labels?: Readonly<Record<string, string>>
  readonly origin?: string
}

export const userFilters = readField(
  (value, report): UserFilterDocument[] =>
    readList(value, report).map((item, index) => readUserFilter(item, index, report)),
  {
    type: 'array',
    maxItems: maxFilters,
    items: {
      type: 'object',
      properties: {
        labels: {
          anyOf: [{ type: 'object', additionalProperties: text }, { type: 'null' }, { enum: [''] }],
          description: 'Labels that all have to be there',
        },
        origin: { ...text, description: 'Where the user comes from: local, or the name of a connector' },
      },
      additionalProperties: false,
    },
  },
)

function readUserFilter(item: unknown, index: number, report: Report): UserFilterDocument {
  const map = isPlainObject(item) ? item : {}
  const labels = isEmpty(map['labels'])
    ? []
    : readMap(map['labels'], (message) => report(message, index, 'labels'))
  const origin = isEmpty(map['origin']) ? undefined : readText(map['origin'], report, index, 'origin')
  const unknown = Object.keys(map).some((key) => key !== 'labels' && key !== 'origin')
  if (unknown || (labels.length === 0 && origin === undefined)) {
    report(`malformed filter predicate at index ${index}: write labels, origin or both`, index)
  }
  const pairs = labels.map(([key, value]) => [key, readText(value, report, index, 'labels', key)] as const)
  return {
    ...(pairs.length > 0 && { labels: Object.fromEntries(pairs) }),
    ...(origin !== undefined && { origin }),
  }
}

export function toUserFilter({ labels, origin }: UserFilterDocument): UserFilter {
  return { labels: labels ?? {}, origin }
}

function readList(value: unknown, report: Report): readonly unknown[] {
  if (!Array.isArray(value)) {
    report('must be a list of filters')
    return []
  }
  if (value.length > maxFilters) report(`must have at most ${maxFilters} filters`)
  return value.slice(0, maxFilters)
}

/** What nobody wrote: nothing, an empty text, an empty map. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return isPlainObject(value) && Object.keys(value).length === 0
}
