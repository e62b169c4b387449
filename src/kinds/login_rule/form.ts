/** @module The YAML form of a login rule (v1): the traits that claims become, by expressions over `external.X`. */
import { z } from 'zod'
import { mapSchema, textsSchema } from '../../api/resource/field-schemas.js'
import {
  metadataSchema,
  optionalSection,
  readField,
  readMap,
  readTexts,
  reportThrown,
  storedMetadata,
  unsupported,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { parseTraitExpression, type LoginRule } from '../../core/connector/login-rules.js'

const maxTraits = 100

const traitsMap = readField((value, report): Record<string, string[]> => {
  const pairs = readMap(value, report)
  if (pairs.length > maxTraits) report(`must name at most ${maxTraits} traits`)
  const read = pairs.slice(0, maxTraits).map(([trait, values]): [string, string[]] => {
    if (trait === '' || /\p{C}/u.test(trait)) report('the name of a trait is empty or invisible', trait)
    const texts = readTexts(values, report, trait)
    for (const [index, one] of texts.entries())
      reportThrown((field) => parseTraitExpression(one, field), report, trait, index)
    return [trait, texts]
  })
  return Object.fromEntries(read)
}, mapSchema(textsSchema))

export const loginRuleForm = z.strictObject({
  kind: z.literal('login_rule').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      priority: z
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .describe('The lowest is applied first; of two alike by name'),
      traits_map: optionalSection(traitsMap.optional()).describe(
        'All traits that are left, each with the expressions whose values it has',
      ),
      traits_expression: unsupported(
        'an expression over all traits at once cannot be evaluated here; name each trait in traits_map',
      ),
    })
    .describe('What claims become before roles are mapped from them'),
})

interface LoginRuleDocument extends Readonly<Record<string, unknown>> {
  readonly kind: 'login_rule'
  readonly version: 'v1'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: {
    readonly priority: number
    readonly traits_map: Readonly<Record<string, readonly string[]>>
  }
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseLoginRuleDocument(
  input: unknown,
  source?: string,
): ParsedDocument<LoginRuleDocument, LoginRule> {
  const { metadata, spec } = parseWith(loginRuleForm, 'login_rule', input, source, findProblems)
  const traits_map = spec.traits_map ?? {}
  return {
    document: toPlain({
      kind: 'login_rule',
      version: 'v1',
      metadata: storedMetadata(metadata),
      spec: { priority: spec.priority, traits_map },
    } as const),
    value: {
      name: metadata.name,
      priority: spec.priority,
      traitsMap: Object.entries(traits_map).map(([trait, values]) => ({
        trait,
        values: values.map((one, index) => parseTraitExpression(one, `spec.traits_map.${trait}.${index}`)),
      })),
    },
    ignored: [],
    revision: metadata.revision,
  }
}

/** A rule without traits would take all of them away from everyone, which nobody means. */
function findProblems(input: unknown): ResourceProblem[] {
  const map = findAt(input, ['spec', 'traits_map'])
  const isEmpty =
    map === undefined || map === null || (typeof map === 'object' && Object.keys(map).length === 0)
  const message = 'names no trait, so that nobody would have any left; name those that are to stay'
  return isEmpty ? [{ path: 'spec.traits_map', message }] : []
}
