/**
 * @module The kind `access_review_rule`: decides on access requests by itself, where everything holds that the rule names.
 * Whoever may write one decides what others get, so the right to it is one over approvals.
 */
import { describeItems, noteUnknownUnits, some } from '../../core/access-request/item-patterns.js'
import type { ReviewRule } from '../../core/access-request/review-rule.js'
import { formatDuration } from '../../core/time.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind } from '../../service/resources/kind.js'
import { parseReviewRuleDocument, reviewRuleForm } from './form.js'

const example = `kind: access_review_rule
version: v1
metadata:
  name: on-call-reads
spec:
  decision: approve
  requester:
    roles: [engineer]
  items:
    accounts: ['*']
    permission_sets: [ReadOnly]
  on_call: primary
  schedule:
    time_zone: Europe/Berlin
    shifts:
      - days: [mon, tue, wed, thu, fri]
        start: '18:00'
        end: '08:00'
  max_duration: 4h
  reason: On call
`

export const reviewRuleKind: Kind<ReviewRule> = {
  name: 'access_review_rule',
  plural: 'access_review_rules',
  title: 'review rule',
  aliases: ['review_rule', 'review_rules'],
  description:
    'Approves or denies access requests by itself: who asks, for what, when, and for how long at most.',
  versions: ['v1'],
  example,
  schema: reviewRuleForm,
  parse: parseReviewRuleDocument,
  audit: {
    create: 'access_review_rule.create',
    update: 'access_review_rule.update',
    delete: 'access_review_rule.delete',
  },
  auditFields: ({ decision, onCall, maxDurationMs }) => ({
    decision,
    on_call: onCall,
    max_duration: maxDurationMs === undefined ? undefined : formatDuration(maxDurationMs),
  }),
  columns: [
    { key: 'decision', title: 'Decision', of: ({ decision }) => decision },
    { key: 'requester', title: 'Who asks', of: describeRequester },
    { key: 'items', title: 'For what', of: ({ items }) => describeItems(items) },
    { key: 'when', title: 'When', of: describeWhen },
    {
      key: 'duration',
      title: 'At most',
      of: ({ maxDurationMs }) => (maxDurationMs === undefined ? '' : formatDuration(maxDurationMs)),
    },
  ],
  warn: listWarnings,
}

function describeRequester({ requester: { users, roles, traits } }: ReviewRule): string {
  const parts = [
    ...(users.length === 0 ? [] : [some(users)]),
    ...(roles.length === 0 ? [] : [`role ${some(roles)}`]),
    ...Object.entries(traits).map(([name, values]) => `${name} ${some(values)}`),
  ]
  return parts.length === 0 ? 'whoever may' : parts.join('; ')
}

function describeWhen({ onCall, hours }: ReviewRule): string {
  const parts = [
    ...(onCall === undefined ? [] : [`on call in ${onCall}`]),
    ...(hours === undefined ? [] : [`by schedule, ${hours.timeZone}`]),
  ]
  return parts.length === 0 ? 'always' : parts.join('; ')
}

function listWarnings(
  { decision, requester: { users, roles, traits }, items, onCall, maxDurationMs }: ReviewRule,
  catalog: CatalogView,
): string[] {
  const warnings: string[] = []
  const missing = roles.filter((name) => catalog.role(name) === undefined)
  if (missing.length > 0) warnings.push(`There is no role ${some(missing)}; nobody who asks has it.`)
  warnings.push(...noteUnknownUnits(items, catalog.inventory))
  if (decision === 'deny') return warnings
  const isForAll = users.length + roles.length + Object.keys(traits).length === 0 && onCall === undefined
  if (isForAll) warnings.push('It approves for everyone who may ask: the rule names nobody.')
  const isAny = (all: readonly string[]) => all.includes('*')
  const isAnywhere = isAny(items.accounts) || isAny(items.organizationalUnits)
  if ((isAnywhere && isAny(items.permissionSets)) || isAny(items.roles)) {
    warnings.push('It approves every account assignment or role that may be asked for.')
  }
  if (maxDurationMs === undefined) {
    warnings.push('It approves any length that may be asked for; max_duration bounds it.')
  }
  return warnings
}
