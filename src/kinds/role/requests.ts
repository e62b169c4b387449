/**
 * @module `request` and `review_requests` in the YAML form of a role: what may be asked for and whose requests may be
 * decided. Names of roles are patterns where the format matches them, and plain names where it looks them up.
 */
import { z } from 'zod'
import { listSchema, mapSchema, textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import {
  duration,
  ignoredShape,
  optionalSection,
  readField,
  readMap,
  readText,
  readTexts,
  reportThrown,
  text,
} from '../../api/resource/fields.js'
import { parseMatcher } from '../../core/matcher.js'
import { isTemplate, parseTemplate } from '../../core/role/template.js'
import { choice } from './choice.js'
import { expression } from './expression.js'

/** Fields that are kept without effect: they are about resources that this gateway does not know. */
export const ignoredRequestFields = ['kubernetes_resources'] as const
export const ignoredReviewFields = ['submit_for_users'] as const

/** Literals, globs and `^regex$` that match names of roles. */
const rolePatterns = readField((value, report): string[] => {
  const all = readTexts(value, report)
  for (const [index, one] of all.entries()) {
    if (isTemplate(one)) report('templates are not supported here; use claims_to_roles', index)
    else reportThrown((field) => parseMatcher(one, field), report, index)
  }
  return all
}, textsSchema)

/** Names that are looked up, so a pattern would be none of them. */
const roleNames = readField(
  (value, report): string[] => {
    const all = readTexts(value, report)
    for (const [index, one] of all.entries()) {
      if (one === '') report('the name of a role is empty', index)
      else if (/[*{}]|^\^.*\$$/s.test(one)) {
        report(`"${one.slice(0, 60)}" is a pattern; here each role is named by itself`, index)
      }
    }
    return all
  },
  listSchema(textSchema({ minLength: 1 })),
)

const claimsToRoles = z.array(
  z.strictObject({
    claim: readField(
      (value, report): string => {
        const claim = readText(value, report)
        if (claim === '') report('must name a claim')
        return claim
      },
      textSchema({ minLength: 1 }),
    ).describe('Name of a trait'),
    value: readField((value, report): string => {
      const pattern = readText(value, report)
      reportThrown((field) => parseMatcher(pattern, field), report)
      return pattern
    }, textSchema()).describe('Value of the trait, or a pattern'),
    roles: readField(
      (value, report): string[] => {
        const all = readTexts(value, report)
        if (all.length === 0 || all.includes(''))
          report('must name at least one role, and none by an empty name')
        return all
      },
      listSchema(textSchema({ minLength: 1 })),
    ).describe('Roles that the trait stands for'),
  }),
)

const maxReviews = 1000

/** How many reviews; one where the field is left out. */
const reviews = readField(
  (value, report): number => {
    const count = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value
    if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= maxReviews)
      return count
    report(`must be a whole number from 1 to ${maxReviews}`)
    return 1
  },
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: maxReviews },
      { type: 'string', pattern: '^\\d{1,4}$' },
    ],
  },
).optional()

const annotations = readField((value, report): Record<string, string[]> => {
  const pairs = readMap(value, report).map(([key, item]) => {
    const values = readTexts(item, report, key)
    for (const one of values) {
      if (isTemplate(one)) reportThrown((field) => parseTemplate(one, field), report, key)
    }
    return [key, values] as const
  })
  return Object.fromEntries(pairs)
}, mapSchema(textsSchema))

export const requestSection = z.strictObject({
  roles: optionalSection(rolePatterns.optional()).describe('Roles that may be asked for: names and patterns'),
  search_as_roles: optionalSection(roleNames.optional()).describe('Roles that resources are searched with'),
  claims_to_roles: optionalSection(claimsToRoles).describe('Roles by the traits of the holder'),
  reason: optionalSection(
    z.strictObject({
      mode: choice(['optional', 'required']).optional().describe('Whether a reason is needed'),
      prompt: text.optional().describe('What the person is asked'),
    }),
  ).describe('The reason that goes with a request'),
  thresholds: optionalSection(
    z.array(
      z.strictObject({
        name: text.optional().describe('For people'),
        filter: expression('request').describe('Reviews that count, by an expression'),
        approve: reviews.describe('How many approve the request; 1 without it'),
        deny: reviews.describe('How many refuse the request; 1 without it'),
      }),
    ),
  ).describe('How many reviews decide'),
  suggested_reviewers: optionalSection(
    readField(
      (value, report): string[] => {
        const all = readTexts(value, report)
        if (all.includes('')) report('the name of a reviewer is empty')
        return all
      },
      listSchema(textSchema({ minLength: 1 })),
    ).optional(),
  ).describe('Reviewers to suggest'),
  annotations: optionalSection(annotations.optional()).describe(
    'Facts that go with a request: names with values',
  ),
  max_duration: duration.optional().describe('How long what is asked for lasts at most'),
  ...ignoredShape(ignoredRequestFields),
})

export const reviewSection = z.strictObject({
  roles: optionalSection(rolePatterns.optional()).describe(
    'Roles whose requests may be decided: names and patterns',
  ),
  claims_to_roles: optionalSection(claimsToRoles).describe('Roles by the traits of the holder'),
  preview_as_roles: optionalSection(roleNames.optional()).describe(
    'Roles that requested resources are shown with',
  ),
  where: expression('request').describe('Requests and reviewers, by an expression'),
  ...ignoredShape(ignoredReviewFields),
})
