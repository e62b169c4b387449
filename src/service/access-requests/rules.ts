/** @module The review rules and who is on call, as decisions on access requests are made from them at one moment. */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import type { OnCallList } from '../../core/access-request/on-call.js'
import type { Writer } from '../../core/access-request/own-rule.js'
import type { RuleFacts, RuleSet } from '../../core/access-request/review-rule.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { personSince } from './people.js'
import { isMap, readStored } from '../resources/present.js'

export type LoadedRules = RuleSet & Pick<RuleFacts, 'onCall' | 'now' | 'since'>

/** For what `user` asks for. Of the lists of who is on call those that a rule names. */
export async function loadRules(
  { onCall: lists }: Pick<StoreTransaction, 'onCall'>,
  view: CatalogView,
  user: string,
  now: Instant,
): Promise<LoadedRules> {
  const rules = view.reviewRules().map(({ value }) => value)
  const onCall = new Map<string, OnCallList>()
  for (const name of new Set(rules.flatMap((rule) => rule.onCall ?? []))) {
    const list = await lists.find(name)
    if (list !== undefined) onCall.set(name, list)
  }
  const since = personSince(view, user)
  return { rules, hidesDenial: hidesDenial(view), writers: writersOf(view), onCall, now, since }
}

function writersOf(view: CatalogView): Map<string, Writer> {
  const writers = new Map<string, Writer>()
  for (const { value, stored } of view.reviewRules()) {
    if (stored.updatedBy !== undefined) {
      writers.set(value.name, { by: stored.updatedBy, at: stored.updatedAt })
    }
  }
  return writers
}

/** Of the requester's requests those that count for rules with a longest time; none where there is no such rule. */
export async function loadOthers(
  { accessRequests: requests }: Pick<StoreTransaction, 'accessRequests'>,
  { rules }: RuleSet,
  user: string,
): Promise<AccessRequest[]> {
  if (!rules.some(({ maxDurationMs }) => maxDurationMs !== undefined)) return []
  // What was over long ago touches nothing; of what is not, none may be missed.
  const over = await requests.list({ user, states: ['expired', 'revoked', 'promoted'], limit: pageSize })
  const others = [...over]
  let before: string | undefined
  for (;;) {
    const page = { user, states: ['pending', 'approved'] as const, limit: pageSize }
    const found = await requests.list(before === undefined ? page : { ...page, before })
    others.push(...found)
    before = found.at(-1)?.id
    if (found.length < pageSize) return others
  }
}

const pageSize = 200

/** Whether a rule that cannot be read may be one that denies: all but those that say clearly that they approve. */
function hidesDenial(view: CatalogView): boolean {
  return [...view.parsed('access_review_rule').values()].some(({ entry, stored }) => {
    if (entry !== undefined) return false
    const { spec } = readStored(stored)
    return !isMap(spec) || spec['decision'] !== 'approve'
  })
}
