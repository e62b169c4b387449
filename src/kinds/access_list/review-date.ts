/**
 * @module The day on which a list is next reviewed. It moves with each review, so a document that does not name it, as
 * most do that are kept elsewhere, leaves it where it is; a new list gets its first one from its schedule.
 */
import { nextReviewDate } from '../../core/access-list/review-schedule.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { ResourceDocument } from '../../service/resources/kind.js'
import { readRecurrence } from '../shared/review-fields.js'
import { isReviewed, type AccessListDocument } from './form.js'

/** The document with its date; unchanged where nobody is asked to review the list. */
export function keepReviewDate(
  document: ResourceDocument,
  before: AccessList | undefined,
  now: Instant,
): ResourceDocument {
  const { spec } = document as AccessListDocument // the form of this kind made it
  if (!isReviewed(spec) || spec.audit?.next_audit_date !== undefined) return document
  const dueAt = before?.review?.dueAt ?? nextReviewDate(readRecurrence(spec.audit), now)
  return { ...document, spec: { ...spec, audit: { ...spec.audit, next_audit_date: formatInstant(dueAt) } } }
}
