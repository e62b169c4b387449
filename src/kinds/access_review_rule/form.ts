/**
 * @module The YAML form of a review rule (v1): who asks, for what, when and for how long, and what the rule says of it. A
 * rule that could decide on nothing, or whose limit could be got round by asking for more, is refused.
 */
import { z } from 'zod'
import { textSchema, wordSchema } from '../../api/resource/field-schemas.js'
import {
  durationFrom,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { requestLimits, requestTimes } from '../../core/access-request/access-request.js'
import { findOnCallNameProblem } from '../../core/access-request/on-call.js'
import type { ReviewRule } from '../../core/access-request/review-rule.js'
import { parseDuration } from '../../core/time.js'
import { findItemsProblems, itemsSection, readItems } from '../shared/item-patterns.js'
import { names, readShift, scheduleSection, traits } from './fields.js'

const decisions = ['approve', 'deny'] as const

const decision = readField((value, report): ReviewRule['decision'] => {
  const written = readText(value, report)
  const word = decisions.find((one) => one === written.toLowerCase())
  if (word === undefined) report(`must be approve or deny, not "${written.slice(0, 60)}"`)
  return word ?? 'deny'
}, wordSchema(decisions))

const onCall = readField(
  (value, report): string => {
    const name = readText(value, report)
    const problem = findOnCallNameProblem(name)
    if (problem !== undefined) report(problem)
    return name
  },
  textSchema({ minLength: 1 }),
)

const reason = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.length > requestLimits.reason) report(`must have at most ${requestLimits.reason} characters`)
    return written
  },
  textSchema({ maxLength: requestLimits.reason }),
)

export const reviewRuleForm = z.strictObject({
  kind: z.literal('access_review_rule').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      decision: decision.describe('What the rule says: approve or deny'),
      // A condition that is left empty is refused: it would hold for everyone.
      requester: z
        .strictObject({
          users: names.optional().describe('Names of people: one of them'),
          roles: names.optional().describe('Roles of whoever asks: one of them'),
          traits: traits.optional().describe('Traits of whoever asks: of each one of its values'),
        })
        .optional()
        .describe('Who asks; without it whoever may'),
      items: itemsSection.describe('What is asked for: names and patterns'),
      on_call: onCall.optional().describe('A list of who is on call, which whoever asks is on'),
      schedule: scheduleSection.optional().describe('When; without it always'),
      max_duration: durationFrom(requestTimes.shortest)
        .optional()
        .describe('The longest access that the rule approves, with its extensions'),
      reason: optionalSection(reason.optional()).describe('What the review gives as its reason'),
    })
    .describe('Who, what, when and how long'),
})

export type ReviewRuleDocument = Omit<z.output<typeof reviewRuleForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/**
 * Parses a review rule.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseReviewRuleDocument(
  input: unknown,
  source?: string,
): ParsedDocument<ReviewRuleDocument, ReviewRule> {
  const parsed = parseWith(reviewRuleForm, 'access_review_rule', input, source, findProblems)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { decision: says, requester, items, on_call, schedule, max_duration, reason: why } = document.spec
  return {
    document,
    value: {
      name: document.metadata.name,
      decision: says === 'deny' ? 'deny' : 'approve',
      requester: {
        users: requester?.users ?? [],
        roles: requester?.roles ?? [],
        traits: requester?.traits ?? {},
      },
      items: readItems(items),
      onCall: on_call,
      hours: schedule && { timeZone: schedule.time_zone, shifts: schedule.shifts.map(readShift) },
      maxDurationMs: max_duration === undefined ? undefined : parseDuration(max_duration, 'max_duration'),
      reason: why ?? '',
    },
    ignored: [],
    revision: parsed.metadata.revision,
  }
}

function findProblems(input: unknown): ResourceProblem[] {
  const problems = findItemsProblems(input, 'the rule')
  const says: unknown = findAt(input, ['spec', 'decision'])
  const longest: unknown = findAt(input, ['spec', 'max_duration'])
  if (
    typeof says === 'string' &&
    says.toLowerCase() === 'deny' &&
    longest !== undefined &&
    longest !== null
  ) {
    const message = 'belongs to rules that approve: whoever asks for longer would not be denied'
    problems.push({ path: 'spec.max_duration', message })
  }
  return problems
}
