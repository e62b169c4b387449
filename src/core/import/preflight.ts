/**
 * @module The check before Gatehouse becomes the identity source: would each user of Identity Center still get in, as
 * the same person, with what they have? Judged by names and attributes; whom a sign-in here would refuse is asked of the
 * role engine elsewhere and handed in.
 */
import type { Observation, ObservedUser } from '../identity-center/observation.js'
import { compareText } from '../inventory/inventory-index.js'
import { foldName } from '../user/user.js'
import type { ImportFacts, KnownUser } from './facts.js'
import { matchUsers, passesUserFilters, type MatchedUser } from './match-users.js'

/** Worst first. */
export const preflightVerdicts = [
  'would_lose_access',
  'duplicate',
  'different_case',
  'missing_attribute',
  'roles_refuse',
  'no_password',
  'no_gatehouse_user',
  'inactive',
  'ok',
] as const
export type PreflightVerdict = (typeof preflightVerdicts)[number]

export interface CheckedUser {
  readonly userName: string
  readonly verdict: PreflightVerdict
  readonly says: string
  readonly remedy: string | undefined
}

/** A sign-in here that would be refused, of a person who is here and in Identity Center. */
export interface SignInRefusal {
  readonly verdict: 'roles_refuse' | 'no_password'
  readonly says: string
  readonly remedy: string
}

export interface CheckedUsers {
  /** Everybody, worst first, then by name. */
  readonly users: readonly CheckedUser[]
  readonly counts: Readonly<Record<PreflightVerdict, number>>
  /** Of those of whom nothing has to be said, who are only here: the first plan creates them in AWS. */
  readonly onlyHere: number
  /** Of those whom a sign-in here would refuse, who have access in AWS that they would no longer reach. */
  readonly shutOut: number
  /** Whether nobody of Identity Center loses access and no two of them get mixed up. */
  readonly ready: boolean
}

type Finding = Omit<CheckedUser, 'userName'>

/** These keep the hand-over from being recommended; the others are told. */
const blocking: readonly PreflightVerdict[] = [
  'would_lose_access',
  'duplicate',
  'different_case',
  'missing_attribute',
]

/** `refusals` are by name; without them nobody's roles and passwords are judged. */
export function checkUsers(
  facts: ImportFacts,
  refusals: ReadonlyMap<string, SignInRefusal> = new Map(),
): CheckedUsers {
  const { observation, users } = facts
  const observed = observation.users ?? new Map<string, ObservedUser>()
  const matched = matchUsers(observed, users)
  const access = new AccessOfUsers(observation)
  const duplicates = findDuplicates(matched, users)
  const checked: CheckedUser[] = matched.map((one) => ({
    userName: one.aws.userName,
    ...judge(facts, one, access.has(one.aws.id), duplicates, refusals),
  }))
  const refused = new Set(
    checked.flatMap(({ userName, verdict }) =>
      verdict === 'roles_refuse' || verdict === 'no_password' ? [userName] : [],
    ),
  )
  const shutOut = matched.filter(({ aws }) => refused.has(aws.userName) && access.has(aws.id)).length
  const ready = shutOut === 0 && !checked.some(({ verdict }) => blocking.includes(verdict))
  const there = new Set(matched.map(({ aws }) => foldName(aws.userName)))
  let onlyHere = 0
  for (const user of users) {
    if (there.has(foldName(user.name)) || !passesUserFilters(facts.settings.userFilters, user)) continue
    const finding = judgeOurs(user, duplicates)
    checked.push({ userName: user.name, ...finding })
    if (isQuiet(finding)) onlyHere += 1
  }
  const counts = Object.fromEntries(preflightVerdicts.map((verdict) => [verdict, 0])) as Record<
    PreflightVerdict,
    number
  >
  for (const { verdict } of checked) counts[verdict] += 1
  return {
    users: checked.sort(
      (a, b) =>
        preflightVerdicts.indexOf(a.verdict) - preflightVerdicts.indexOf(b.verdict) ||
        Number(isQuiet(a)) - Number(isQuiet(b)) ||
        compareText(a.userName, b.userName),
    ),
    counts,
    onlyHere,
    shutOut,
    ready,
  }
}

/** Nothing has to be said of this person. */
export function isQuiet({ verdict, remedy }: Pick<CheckedUser, 'verdict' | 'remedy'>): boolean {
  return verdict === 'ok' && remedy === undefined
}

/** Whether a user has any assignment, by themselves or through a group. */
class AccessOfUsers {
  readonly #withAccess = new Set<string>()

  constructor({ assignments, members }: Observation) {
    for (const [principal, pairs] of assignments) {
      if (pairs.size === 0) continue
      const id = principal.slice(principal.indexOf('/') + 1)
      if (principal.startsWith('user/')) this.#withAccess.add(id)
      else for (const member of members.get(id) ?? []) this.#withAccess.add(member)
    }
  }

  has(userId: string): boolean {
    return this.#withAccess.has(userId)
  }
}

interface Duplicates {
  /** Folded user names that several users of AWS share. */
  readonly names: ReadonlySet<string>
  /** Mail addresses of several people here, each with their names. */
  readonly emails: ReadonlyMap<string, readonly string[]>
}

function findDuplicates(matched: readonly MatchedUser[], users: readonly KnownUser[]): Duplicates {
  const seen = new Set<string>()
  const names = new Set<string>()
  for (const { aws } of matched) {
    const folded = foldName(aws.userName)
    if (seen.has(folded)) names.add(folded)
    seen.add(folded)
  }
  const byEmail = new Map<string, string[]>()
  for (const user of users) {
    const email = emailOf(user)
    if (email === undefined) continue
    byEmail.set(foldName(email), [...(byEmail.get(foldName(email)) ?? []), user.name])
  }
  return { names, emails: new Map([...byEmail].filter(([, owners]) => owners.length > 1)) }
}

/** The address that AWS would be told: the trait `email`, else the name where it is one. */
function emailOf(user: KnownUser): string | undefined {
  const [trait] = (Object.hasOwn(user.traits, 'email') ? user.traits['email'] : undefined) ?? []
  if (trait !== undefined) return trait
  return looksLikeAddress(user.name) ? user.name : undefined
}

/** One @ with something before it and a dot behind: what AWS takes as NameID of the format emailAddress. */
export function looksLikeAddress(text: string): boolean {
  const at = text.indexOf('@')
  return at > 0 && at === text.lastIndexOf('@') && text.indexOf('.', at + 2) > 0 && !/\s/.test(text)
}

function judge(
  facts: ImportFacts,
  { aws, user, similar }: MatchedUser,
  hasAccess: boolean,
  duplicates: Duplicates,
  refusals: ReadonlyMap<string, SignInRefusal>,
): Finding {
  if (duplicates.names.has(foldName(aws.userName))) {
    const says = 'Several users of Identity Center have this name in different spelling.'
    return { verdict: 'duplicate', says, remedy: 'Rename all but one of them in Identity Center.' }
  }
  if (user === undefined) return judgeWithoutUser(aws, similar, hasAccess)
  const email = emailOf(user)
  const others = email === undefined ? [] : (duplicates.emails.get(foldName(email)) ?? [])
  if (others.length > 1) return sameEmail(user.name, others)
  if (!looksLikeAddress(user.name)) {
    return {
      verdict: 'missing_attribute',
      says: 'The name is no mail address, and AWS expects one as NameID.',
      remedy:
        'Rename the user in Identity Center to a mail address, and make the user here of the same name.',
    }
  }
  if (user.isLocked) {
    const says =
      'A lock is in force on this person: nobody gets in under this name, and the user is deactivated in AWS.'
    return { verdict: 'inactive', says, remedy: undefined }
  }
  if (aws.active === false) {
    const says = 'Deactivated in Identity Center, and active here: the first plan would activate the user.'
    const remedy = 'Lock the person here if they shall stay out.'
    return { verdict: 'inactive', says, remedy }
  }
  const refusal = refusals.get(user.name)
  if (refusal !== undefined) {
    const loss = hasAccess ? 'They have access in AWS, which they would not reach any more.' : undefined
    return loss === undefined ? refusal : { ...refusal, says: `${refusal.says} ${loss}` }
  }
  if (!passesUserFilters(facts.settings.userFilters, user)) {
    const says = 'There is a user here of this name; the user filters leave it out, so it is not kept equal.'
    return { verdict: 'ok', says, remedy: 'Widen the user filters to have it pushed.' }
  }
  return {
    verdict: 'ok',
    says: 'A user here has exactly this name, and nothing speaks against a sign-in.',
    remedy: undefined,
  }
}

function judgeWithoutUser(aws: ObservedUser, similar: string | undefined, hasAccess: boolean): Finding {
  if (similar !== undefined) {
    return {
      verdict: 'different_case',
      says: `The user here is written "${similar}": AWS would refuse the sign-in or make a second user.`,
      remedy: `Rename the user in Identity Center to ${similar}.`,
    }
  }
  const create = `Invite ${aws.userName} as a user here, under Users.`
  if (hasAccess && aws.active !== false) {
    return {
      verdict: 'would_lose_access',
      says: 'Has access in AWS and no user here: after the hand-over this person cannot sign in.',
      remedy: create,
    }
  }
  if (aws.active === false) {
    return {
      verdict: 'inactive',
      says: 'Deactivated in Identity Center, and no user here.',
      remedy: undefined,
    }
  }
  return { verdict: 'no_gatehouse_user', says: 'Has no access in AWS and no user here.', remedy: create }
}

/** People here whom AWS does not know yet. */
function judgeOurs(user: KnownUser, duplicates: Duplicates): Finding {
  const email = emailOf(user)
  const others = email === undefined ? [] : (duplicates.emails.get(foldName(email)) ?? [])
  if (others.length > 1) return sameEmail(user.name, others)
  if (!looksLikeAddress(user.name)) {
    return {
      verdict: 'missing_attribute',
      says: 'The name is no mail address, and AWS expects one as NameID.',
      remedy: 'Make a user whose name is their mail address, or leave this one out by a user filter.',
    }
  }
  return {
    verdict: 'ok',
    says: 'Not in Identity Center yet; the first plan creates the user.',
    remedy: undefined,
  }
}

function sameEmail(name: string, others: readonly string[]): Finding {
  const rest = others.filter((other) => other !== name)
  return {
    verdict: 'duplicate',
    says: `${rest.slice(0, 3).join(', ')} here has the same mail address, and AWS takes an address once.`,
    remedy: 'Change the trait email of all but one of them.',
  }
}
