/**
 * @module Fields that several kinds share, read as people write YAML: `yes` is true, a number where text is wanted
 * is that text, one value may stand for a list of one. What comes out is the normal form, which reads as itself.
 */
import { z } from 'zod'
import { GatewayError } from '../../core/error.js'
import {
  day,
  formatDuration,
  formatInstant,
  parseDuration,
  parseInstant,
  type DurationMs,
} from '../../core/time.js'
import {
  durationOrNeverSchema,
  durationSchema,
  flagSchema,
  instantSchema,
  mapSchema,
  onlySchema,
  textSchema,
  textsSchema,
  type ValueSchema,
} from './field-schemas.js'
import { isPlainObject } from './parse.js'
import { missing } from './problem-words.js'

/** Adds a problem at a path below the field. */
export type Report = (message: string, ...path: (string | number)[]) => void

/**
 * A field that is read by a function; what it returns after a report is not used. `values` says which values the
 * function takes, for the description of the API: all of them, and as few others as a schema can say.
 */
export function readField<T>(reader: (value: unknown, report: Report) => T, values: ValueSchema) {
  return z
    .unknown()
    .transform((value, context): T => {
      const report: Report = (message, ...path) => {
        context.addIssue({ code: 'custom', message, path, input: value })
      }
      // Optional fields do not come this far without a value.
      if (value !== undefined) return reader(value, report)
      report(missing)
      return z.NEVER
    })
    .meta(values)
}

/** Text, or a number or boolean as YAML makes them of unquoted text. */
export function readText(value: unknown, report: Report, ...path: (string | number)[]): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  report('must be text', ...path)
  return ''
}

/** One text or a list of texts. */
export function readTexts(value: unknown, report: Report, ...path: (string | number)[]): string[] {
  if (!Array.isArray(value)) return [readText(value, report, ...path)]
  return value.map((item: unknown, index) => readText(item, report, ...path, index))
}

/** A map; anything else is a problem. */
export function readMap(value: unknown, report: Report): [string, unknown][] {
  if (isPlainObject(value)) return Object.entries(value)
  report('must be a map of names to values')
  return []
}

/** Runs a parser of ours and reports its complaint without the name of the field, which the path tells. */
export function reportThrown(
  work: (field: string) => unknown,
  report: Report,
  ...path: (string | number)[]
): void {
  const field = path.length === 0 ? 'value' : path.join('.')
  try {
    work(field)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const prefix = `${field}: `
    report(error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message, ...path)
  }
}

/** Names of ignored fields as the shape of a strict object. */
export function ignoredShape<N extends string>(names: readonly N[]) {
  const unknown = z.unknown().optional().describe('Kept without effect')
  // fromEntries forgets which names went in; they are exactly N.
  return Object.fromEntries(names.map((name) => [name, unknown])) as Record<N, typeof unknown>
}

/** Those of the ignored fields that are set to something. */
export function listIgnored(section: object | undefined, path: string, names: readonly string[]): string[] {
  return Object.entries(section ?? {})
    .filter(([key, value]) => names.includes(key) && value !== undefined && value !== null)
    .map(([key]) => `${path}.${key}`)
}

export const text = readField((value, report) => readText(value, report), textSchema())
export const texts = readField((value, report) => readTexts(value, report), textsSchema)

/** true and false, in the words of YAML 1.1 too, as the reference product reads them. */
export const flag = readField((value, report): boolean => {
  const word = typeof value === 'string' ? value.toLowerCase() : value
  if (word === true || word === 'yes' || word === 'true' || word === 'on') return true
  if (word === false || word === 'no' || word === 'false' || word === 'off') return false
  report('must be true or false')
  return false
}, flagSchema)

const maxDurationMs = 366 * day

/** A duration as text such as `8h`. */
export const duration = durationFrom(0)

/** A duration of at least `min`. */
export function durationFrom(min: DurationMs) {
  return readField((value, report): string => {
    const written = readText(value, report)
    const problem = findDurationProblem(written, min)
    if (problem !== undefined) report(problem)
    return written
  }, durationSchema)
}

/** A duration of at least `min`, or 0 and never for none. */
export function durationOrNeverFrom(min: DurationMs) {
  return readField((value, report): string => {
    const written = readText(value, report)
    const problem = isNever(written) ? undefined : findDurationProblem(written, min)
    if (problem !== undefined) report(problem)
    return written
  }, durationOrNeverSchema)
}

/** An instant that exists, in RFC 3339, in the form of {@link formatInstant}. */
export const instant = readField((value, report): string => {
  const written = readText(value, report)
  const read = parseInstant(written)
  if (read !== undefined && isReal(written)) {
    const normal = formatInstant(read)
    // A zone can move it out of the years that have four digits.
    if (parseInstant(normal) === read) return normal
  }
  report(`"${written.slice(0, 40)}" is not an instant; write for example 2027-01-31T08:00:00Z`)
  return written
}, instantSchema)

/** The 30th of February is the 2nd of March to Date, and 24 o'clock is the next day. */
function isReal(written: string): boolean {
  const local = written.slice(0, 'yyyy-mm-ddThh:mm:ss'.length)
  return formatInstant(parseInstant(`${local}Z`) ?? 0).startsWith(local)
}

export function isNever(written: string): boolean {
  return ['', '0', '0s', 'never'].includes(written)
}

function findDurationProblem(written: string, min: DurationMs): string | undefined {
  try {
    const length = parseDuration(written, 'duration')
    if (length > maxDurationMs) return 'is longer than a year'
    return length < min
      ? `"${written.slice(0, 40)}" is too short; it must be ${formatDuration(min)} at least`
      : undefined
  } catch {
    return `"${written.slice(0, 40)}" is not a duration; write for example 30m or 8h`
  }
}

/** Lists no problem, or why a text cannot be the name of a resource: names are parts of paths and of messages. */
export function findNameProblem(name: string, maxLength: number): string | undefined {
  if (name === '') return 'must not be empty'
  if (name.length > maxLength) return `must have at most ${maxLength} characters`
  // \p{C}: control, invisible formatting, unassigned and lone surrogates.
  if (/[\p{C}/\\]/u.test(name)) return 'must not contain slashes, control or invisible characters'
  if (name.trim() !== name || name === '.' || name === '..')
    return 'must not be "." or ".." nor begin or end in space'
  if (name.normalize('NFC') !== name) return 'must be in Unicode normal form C, or it looks like another name'
  return undefined
}

/** `0001-01-01T00:00:00Z` is how exported documents say that nothing expires. */
const neverExpires = ['', '0001-01-01T00:00:00Z']

/** A field that would take access away later: refused, since it would be given for ever here. */
export const unsupportedExpiry = readField(
  (value, report): undefined => {
    if (value !== null && !neverExpires.includes(readText(value, report))) {
      report('expiry of a resource is not supported by this version; remove the field')
    }
    return undefined
  },
  onlySchema([null, ...neverExpires]),
)
  .optional()
  .describe('Only empty, or the instant by which exports say never: resources do not expire here')

/** A field that narrows access and cannot be evaluated here: empty or refused. */
export function unsupported(message: string) {
  return readField(
    (value, report): undefined => {
      if (value !== null && value !== '') report(message)
      return undefined
    },
    onlySchema([null, '']),
  )
    .optional()
    .describe(`Only empty: ${message}`)
}

/** A section that may be left out or left empty. */
export function optionalSection<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined)
}

const maxNameLength = 200

/** `metadata`; `extraProblem` adds a kind's own rule for names. */
export function metadataSchema(extraProblem: (name: string) => string | undefined = () => undefined) {
  const name = readField(
    (value, report): string => {
      const written = readText(value, report)
      const problem = findNameProblem(written, maxNameLength) ?? extraProblem(written)
      if (problem !== undefined) report(problem)
      return written
    },
    textSchema({ minLength: 1, maxLength: maxNameLength }),
  )
  const labels = readField((value, report): Record<string, string> => {
    const pairs = readMap(value, report)
    return Object.fromEntries(pairs.map(([key, item]) => [key, readText(item, report, key)]))
  }, mapSchema(textSchema()))
  return z
    .strictObject({
      name: name.describe('One of its kind has this name; without slashes and invisible characters'),
      description: text.optional().describe('For people'),
      labels: optionalSection(labels.optional()).describe('Labels: names with one value each'),
      expires: unsupportedExpiry,
      revision: text
        .optional()
        .describe('The revision that was edited: a change is refused where there is a newer one'),
      ...ignoredShape(['id', 'namespace']),
    })
    .describe('What every resource has: a name, a description and labels')
}

/** Metadata as it is stored: without what belongs to one edit only. */
export function storedMetadata(metadata: z.output<ReturnType<typeof metadataSchema>>) {
  const { name, description, labels } = metadata
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(labels === undefined ? {} : { labels }),
  }
}
