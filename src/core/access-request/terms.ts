/**
 * @module The terms of a whole request, from the roles that allow its items: whether a reason is needed, for how long at
 * most, who is suggested to review, which facts go with it. The strictest wins.
 */
import { expandTemplate, isTemplate, parseTemplate } from '../role/template.js'
import type { Role } from '../role/role.js'
import { day, hour, minute, type DurationMs } from '../time.js'
import { foldName, type Traits } from '../user/user.js'
import { requestLimits, requestTimes, type Annotations, type ItemTerms } from './access-request.js'
import type { Requester, RequestWorld } from './world.js'

export interface CombinedTerms {
  readonly reasonRequired: boolean
  /** What the person is asked for the reason; sorted. */
  readonly prompts: readonly string[]
  /** The longest time of access, with all extensions. */
  readonly maxDurationMs: DurationMs
  readonly defaultDurationMs: DurationMs
  /** Durations to offer, ascending; the last is the longest. Empty where not even the shortest is allowed. */
  readonly durations: readonly DurationMs[]
  /** Whom the requester's roles suggest; not the requester. */
  readonly suggestedReviewers: readonly string[]
  readonly annotations: Annotations
}

/** The terms for these items together; what roles say of items that are not asked for does not count. */
export function combineTerms(
  items: readonly ItemTerms[],
  { user, roles }: Requester,
  world: Pick<RequestWorld, 'role'>,
): CombinedTerms {
  const allowing = new Set(items.flatMap(({ allowedBy }) => allowedBy))
  const requests = roles.flatMap(({ name, allow: { request } }) =>
    request !== undefined && allowing.has(name) ? [request] : [],
  )
  const asked = [...new Set(items.flatMap((item) => item.roles))].flatMap((name) => world.role(name) ?? [])
  const maxDurationMs = longestAllowed(
    requests.flatMap((request) => request.maxDurationMs ?? []),
    asked,
  )
  return {
    reasonRequired: requests.some(({ reason }) => reason.mode === 'required'),
    prompts: [...new Set(requests.flatMap(({ reason }) => reason.prompt ?? []))].sort(),
    maxDurationMs,
    defaultDurationMs: Math.min(maxDurationMs, requestTimes.usual),
    durations: offerDurations(maxDurationMs),
    suggestedReviewers: suggestReviewers(roles, user.name),
    annotations: collectAnnotations(roles, user.traits),
  }
}

/** Durations to offer up to a longest one. */
export function offerDurations(longest: DurationMs): readonly DurationMs[] {
  if (longest < requestTimes.shortest) return []
  const usual = longest <= hour ? [15 * minute, 30 * minute, hour] : usualDurations
  return [...usual.filter((duration) => duration < longest), longest]
}

const usualDurations = [hour, 2 * hour, 4 * hour, 8 * hour, 12 * hour, day, 3 * day, 7 * day] as const

/** `max_duration` of roles that set it, else the session time of what is asked for. */
function longestAllowed(set: readonly DurationMs[], asked: readonly Role[]): DurationMs {
  const limits = set.length > 0 ? set : asked.map(({ options }) => options.maxSessionTtlMs)
  return limits.reduce((lowest, one) => Math.min(lowest, one), requestTimes.longest)
}

function suggestReviewers(roles: readonly Role[], requester: string): string[] {
  const own = foldName(requester)
  const names = new Set(roles.flatMap(({ allow: { request } }) => request?.suggestedReviewers ?? []))
  return [...names]
    .filter((name) => foldName(name) !== own)
    .sort()
    .slice(0, requestLimits.suggestedReviewers)
}

/** Of all roles of the person, less what a deny names; templates stand for what their traits say. */
function collectAnnotations(roles: readonly Role[], traits: Traits): Annotations {
  const denied = gather(roles, 'deny', traits)
  const kept = [...gather(roles, 'allow', traits)].flatMap(([key, values]) => {
    const taken = denied.get(key)
    const left = [...values].filter((value) => taken?.has(value) !== true)
    return left.length === 0 ? [] : [[key, left.sort().slice(0, requestLimits.annotationValues)] as const]
  })
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, requestLimits.annotations))
}

function gather(roles: readonly Role[], side: 'allow' | 'deny', traits: Traits): Map<string, Set<string>> {
  const gathered = new Map<string, Set<string>>()
  for (const role of roles) {
    for (const [key, values] of Object.entries(role[side].request?.annotations ?? {})) {
      let into = gathered.get(key)
      if (into === undefined) gathered.set(key, (into = new Set()))
      for (const value of values) {
        const found = isTemplate(value)
          ? expandTemplate(parseTemplate(value, 'request.annotations'), traits)
          : [value]
        for (const one of found) into.add(one)
      }
    }
  }
  return gathered
}
