/**
 * @module What the fields of documents take, as JSON Schema for the description of the API. As lenient as the readers
 * in `fields.ts`: whatever they accept fits, so that a validator never refuses what the gateway takes. Rules that a
 * schema cannot say exactly are told in words, by the description of the field.
 */

/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 uses. */
export type ValueSchema = Readonly<Record<string, unknown>>

/** Text, or what YAML makes of unquoted text; `rules` such as `maxLength` hold for text alone. */
export function textSchema(rules: ValueSchema = {}): ValueSchema {
  return { type: ['string', 'number', 'boolean'], ...rules }
}

/** A list; its only item may stand for it. */
export function listSchema(item: ValueSchema): { readonly anyOf: readonly ValueSchema[] } {
  return { anyOf: [item, { type: 'array', items: item }] }
}

export function mapSchema(value: ValueSchema): ValueSchema {
  return { type: 'object', additionalProperties: value }
}

export const textsSchema = listSchema(textSchema())

/** Some of these words and no other value; null is among the words where the field may be empty. */
export function onlySchema(words: readonly (string | null)[]): ValueSchema {
  return { enum: words }
}

/** One of the words in any case; `others` are other ways to say them. */
export function wordSchema(words: readonly string[], ...others: readonly ValueSchema[]): ValueSchema {
  return { anyOf: [{ enum: words }, { type: 'string', pattern: anyCase(words) }, ...others] }
}

function anyCase(words: readonly string[]): string {
  const letters = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
  return `^(?:${words.map(letters).join('|')})$`
}

export const flagSchema: ValueSchema = {
  anyOf: [
    { type: 'boolean' },
    { type: 'string', pattern: anyCase(['yes', 'true', 'on', 'no', 'false', 'off']) },
  ],
}

const durationPattern = '^(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|s|m|h|d))+$'

export const durationSchema: ValueSchema = {
  type: 'string',
  pattern: durationPattern,
}

export const durationOrNeverSchema: ValueSchema = {
  anyOf: [durationSchema, { enum: ['', '0', '0s', 'never', 0] }],
}

/** RFC 3339, with a zone. */
export const instantSchema: ValueSchema = {
  type: 'string',
  format: 'date-time',
}
