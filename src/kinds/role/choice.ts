/** @module A field that takes one word of a short list. */
import { wordSchema } from '../../api/resource/field-schemas.js'
import { readField, readText } from '../../api/resource/fields.js'
import { suggest } from '../../core/nearest.js'

/** One of the words; empty text is as if the field were left out. */
export function choice<const W extends string>(words: readonly W[]) {
  return readField(
    (value, report): W | undefined => {
      const written = readText(value, report)
      const word = words.find((one) => one === written.toLowerCase())
      if (word === undefined && written !== '') {
        const given = written.slice(0, 60)
        report(`must be one of ${words.join(', ')}, not "${given}"${suggest(given, words)}`)
      }
      return word
    },
    wordSchema([...words, '']),
  )
}
