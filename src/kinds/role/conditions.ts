/**
 * @module The fields of `allow` and `deny` in the YAML form of a role: selectors, patterns, rules and expressions. Every
 * pattern, template and expression is parsed here, so that a stored role never fails in the middle of a decision.
 */
import { z } from 'zod'
import { listSchema, mapSchema, textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import {
  ignoredShape,
  optionalSection,
  readField,
  readMap,
  readText,
  readTexts,
  reportThrown,
} from '../../api/resource/fields.js'
import { parseMatcher } from '../../core/matcher.js'
import { suggest } from '../../core/nearest.js'
import { parseLabelValue } from '../../core/role/label-selector.js'
import { isTemplate } from '../../core/role/template.js'
import { expression } from './expression.js'
import { ignoredConditions, roleVerbs } from './fields.js'
import { requestSection, reviewSection } from './requests.js'

const labelSelector = readField((value, report): Record<string, string[]> => {
  const pairs = readMap(value, report).map(([key, item]) => {
    const values = readTexts(item, report, key)
    if (values.length === 0) report('names no value; write at least one, or leave the label out', key)
    if (key === '*' && (values.length !== 1 || values[0] !== '*')) {
      report("the label '*' can only have the value '*', which means anything", key)
    }
    if (isTemplate(key)) report('a template can be a value, not the name of a label', key)
    for (const one of values) reportThrown((field) => parseLabelValue(one, field), report, key)
    return [key, values] as const
  })
  if (pairs.length > 1 && pairs.some(([key]) => key === '*')) {
    report("'*': '*' means anything and stands alone; remove it or the other labels")
  }
  return Object.fromEntries(pairs)
}, mapSchema(textsSchema))

const assignmentSide = (kind: 'account' | 'permission_set') =>
  readField((value, report): string => {
    // AWS account ids are 12 digits: unquoted, YAML takes them for a number and drops leading zeros.
    const isAccountNumber = kind === 'account' && Number.isSafeInteger(value) && Number(value) >= 0
    const side = isAccountNumber ? String(value).padStart(12, '0') : readText(value, report)
    if (isTemplate(side)) report('templates are not supported in account_assignments; write the value')
    else if (typeof value !== 'object') reportThrown((field) => parseMatcher(side, field), report)
    return side
  }, textSchema())

const verbs = readField(
  (value, report): string[] => {
    const all = readTexts(value, report)
    if (all.length === 0) report('names no verb')
    for (const verb of all) {
      if (roleVerbs.includes(verb)) continue
      report(`"${verb}" is not a verb${suggest(verb, roleVerbs)}; the verbs are ${roleVerbs.join(', ')}`)
    }
    return all
  },
  listSchema({ enum: roleVerbs }),
)

const kindPattern = /^(\*|[a-z][a-z0-9_]*)$/

const resources = readField(
  (value, report): string[] => {
    const all = readTexts(value, report)
    if (all.length === 0) report('names no resource')
    for (const one of all) if (!kindPattern.test(one)) report(`"${one}" is not a kind of resource`)
    return all
  },
  listSchema(textSchema({ pattern: kindPattern.source })),
)

/** Fields of a rule that are kept without effect. */
export const ignoredRuleFields = ['actions'] as const

/** `allow` and `deny`. */
export const conditions = z.strictObject({
  app_labels: optionalSection(labelSelector.optional()).describe(
    'Applications by their labels: each name with a value, a pattern or several',
  ),
  app_labels_expression: expression('labels').describe('Applications by an expression about their labels'),
  account_assignments: optionalSection(
    z.array(
      z.strictObject({
        account: assignmentSide('account').describe('AWS account: its id or a pattern'),
        permission_set: assignmentSide('permission_set').describe('Permission set: its ARN or a pattern'),
      }),
    ),
  ).describe('Permission sets in AWS accounts'),
  rules: optionalSection(
    z.array(
      z.strictObject({
        resources: resources.describe('Kinds of resource; * is all of them'),
        verbs: verbs.describe('What may be done with them; * is everything'),
        where: expression('resource').describe('Condition on the resource and on who asks'),
        ...ignoredShape(ignoredRuleFields),
      }),
    ),
  ).describe('Rights on the resources of this gateway'),
  request: optionalSection(requestSection).describe('What holders may ask for'),
  review_requests: optionalSection(reviewSection).describe('Whose requests holders may decide'),
  ...ignoredShape(ignoredConditions),
})
