/**
 * @module What users and tokens have in common in their forms: the roles that they hold and the traits by which
 * templates and conditions know them.
 */
import { listSchema, mapSchema, textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import { readField, readMap, readTexts } from '../../api/resource/fields.js'
import { normaliseTraits } from '../../core/trait.js'

/** `spec.roles`: names, each once. */
export const heldRoles = readField(
  (value, report): string[] => {
    const names = [...new Set(readTexts(value, report))]
    if (names.includes('')) report('the name of a role is empty')
    return names
  },
  listSchema(textSchema({ minLength: 1 })),
)

/** `spec.traits`: names with values; one without a value is left out. */
export const holderTraits = readField(
  (value, report) => {
    const pairs = readMap(value, report)
      .filter(([, values]) => values !== null)
      .map(([name, values]) => [name, readTexts(values, report, name)] as const)
    return normaliseTraits(Object.fromEntries(pairs))
  },
  mapSchema({ anyOf: [...textsSchema.anyOf, { type: 'null' }] }),
)
