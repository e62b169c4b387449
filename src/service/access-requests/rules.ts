/** @module The review rules and who is on call, as decisions on access requests are made from them at one moment. */
import type { OnCallList } from '../../core/access-request/on-call.js'
import type { RuleFacts, RuleSet } from '../../core/access-request/review-rule.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { isMap, readStored } from '../resources/present.js'

export type LoadedRules = RuleSet & Pick<RuleFacts, 'onCall' | 'now'>

/** Of the lists of who is on call those that a rule names. */
export async function loadRules(
  { onCall: lists }: Pick<StoreTransaction, 'onCall'>,
  view: CatalogView,
  now: Instant,
): Promise<LoadedRules> {
  const rules = view.reviewRules().map(({ value }) => value)
  const onCall = new Map<string, OnCallList>()
  for (const name of new Set(rules.flatMap((rule) => rule.onCall ?? []))) {
    const list = await lists.find(name)
    if (list !== undefined) onCall.set(name, list)
  }
  return { rules, hidesDenial: hidesDenial(view), onCall, now }
}

/** Whether a rule that cannot be read may be one that denies: all but those that say clearly that they approve. */
function hidesDenial(view: CatalogView): boolean {
  return [...view.parsed('access_review_rule').values()].some(({ entry, stored }) => {
    if (entry !== undefined) return false
    const { spec } = readStored(stored)
    return !isMap(spec) || spec['decision'] !== 'approve'
  })
}
