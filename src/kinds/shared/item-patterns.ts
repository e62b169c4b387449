/** @module The section `items` of documents: patterns of what can be asked for, as review rules and webhooks have it. */
import { z } from 'zod'
import { textsSchema } from '../../api/resource/field-schemas.js'
import { optionalSection, readField, readTexts, reportThrown } from '../../api/resource/fields.js'
import { findAt, type ResourceProblem } from '../../api/resource/parse.js'
import type { ItemPatterns } from '../../core/access-request/item-patterns.js'
import { parseMatcher } from '../../core/matcher.js'

const maxPatterns = 200

/** Literals, globs and `^regex$`. */
const patterns = readField((value, report): string[] => {
  const all = readTexts(value, report)
  if (all.length > maxPatterns) report(`must have at most ${maxPatterns} patterns`)
  for (const [index, one] of all.slice(0, maxPatterns).entries()) {
    if (one.includes('{{')) report('templates are not supported here', index)
    else reportThrown((field) => parseMatcher(one, field), report, index)
  }
  return all
}, textsSchema)

export const itemsSection = z.strictObject({
  accounts: optionalSection(patterns.optional()).describe('AWS accounts by id or name, with permission_sets'),
  organizational_units: optionalSection(patterns.optional()).describe(
    'AWS accounts by the path of their organizational unit, or of one that it is within, with permission_sets',
  ),
  permission_sets: optionalSection(patterns.optional()).describe('Permission sets by ARN or name'),
  roles: optionalSection(patterns.optional()).describe('Roles, those of account assignments too'),
  apps: optionalSection(patterns.optional()).describe('Applications with SAML sign-in'),
})

export function readItems(section: z.output<typeof itemsSection>): ItemPatterns {
  return {
    accounts: section.accounts ?? [],
    organizationalUnits: section.organizational_units ?? [],
    permissionSets: section.permission_sets ?? [],
    roles: section.roles ?? [],
    apps: section.apps ?? [],
  }
}

const itemLists = ['accounts', 'organizational_units', 'permission_sets', 'roles', 'apps'] as const

/** What is missing in the `spec.items` of a document, as it was written. `who`: "the rule". */
export function findItemsProblems(input: unknown, who: string): ResourceProblem[] {
  const isGiven = (list: (typeof itemLists)[number]) => {
    const value = findAt(input, ['spec', 'items', list])
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
  }
  if (!itemLists.some(isGiven)) {
    const message = `name what ${who} is about: accounts with permission_sets, roles or apps; * is any`
    return [{ path: 'spec.items', message }]
  }
  const where = (['accounts', 'organizational_units'] as const).find(isGiven)
  if ((where !== undefined) === isGiven('permission_sets')) return []
  const [there, missing] = where === undefined ? ['permission_sets', 'accounts'] : [where, 'permission_sets']
  return [{ path: `spec.items.${missing}`, message: `is needed beside ${there}; write * for any` }]
}
