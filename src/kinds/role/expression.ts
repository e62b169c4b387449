/** @module An expression within a role document: its text stays, and is parsed to see that it can be used. */
import { textSchema } from '../../api/resource/field-schemas.js'
import { optionalSection, readField, readText, reportThrown } from '../../api/resource/fields.js'
import { parsePredicate } from '../../core/expression/parse-predicate.js'
import type { PredicateScope } from '../../core/expression/predicate.js'

/** An expression that may be left out or empty; there is no condition then. */
export function expression(scope: PredicateScope) {
  return optionalSection(
    readField((value, report): string | undefined => {
      const written = readText(value, report)
      if (written.trim() === '') return undefined
      reportThrown((field) => parsePredicate(written, field, scope), report)
      return written
    }, textSchema()).optional(),
  )
}
