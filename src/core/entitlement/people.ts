/**
 * @module Which users go to Identity Center, and what it is told about them. The gateway itself and machine users
 * never do; filters of the plugin choose among the others; whoever is locked goes as inactive.
 */
import type { UserFilter } from '../identity-center/settings.js'
import { isMachineUserName } from '../token/token.js'
import { systemNames } from '../user/user.js'
import { judgeAttributes, type JudgedAttributes } from './attributes.js'
import type { DesiredUser, SetAside } from './desired.js'
import type { DesiredInputUser } from './input.js'

/** The users that are pushed, in the order of names. Others are as if they did not exist. */
export function choosePeople(
  users: readonly DesiredInputUser[],
  filters: readonly UserFilter[],
): DesiredInputUser[] {
  return users
    .filter(({ name }) => !systemNames.includes(name) && !isMachineUserName(name))
    .filter((user) => matchesFilters(user, filters))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One that cannot be read counts as pushed: it is set aside, and not taken away for what is not known of it. */
function matchesFilters(user: DesiredInputUser, filters: readonly UserFilter[]): boolean {
  if (filters.length === 0 || user.unreadable === true) return true
  const origin = user.origin.kind === 'local' ? 'local' : user.origin.connector
  return filters.some(
    (filter) =>
      (filter.origin === undefined || filter.origin === origin) &&
      Object.entries(filter.labels).every(
        ([key, value]) => Object.hasOwn(user.labels, key) && user.labels[key] === value,
      ),
  )
}

export interface DescribedPeople {
  readonly users: ReadonlyMap<string, DesiredUser>
  readonly setAside: readonly SetAside[]
}

/**
 * The records of those `people` of whom it is known what is wanted. Addresses are unique in Identity Center: of two
 * users with one address the first by name has it.
 */
export function describePeople(
  people: readonly DesiredInputUser[],
  unclear: ReadonlySet<string>,
): DescribedPeople {
  const users = new Map<string, DesiredUser>()
  const setAside: SetAside[] = []
  const byEmail = new Map<string, string>()
  for (const person of people) {
    const { name, lock } = person
    if (lock === undefined && unclear.has(name)) continue
    const judged = judgeAttributes(name, person.unreadable === true ? {} : person.traits)
    if (lock !== undefined) {
      users.set(name, { name, attributes: judged.attributes, active: false, lockSays: lockWords(lock.says) })
      if (judged.problem !== undefined) setAside.push({ kind: 'user', name, ...judged.problem })
      continue
    }
    const { attributes, guessed } = judged
    users.set(name, { name, attributes, guessed, active: true })
    const problem = judged.problem ?? findSharedEmail(judged, name, byEmail)
    if (problem !== undefined) setAside.push({ kind: 'user', name, ...problem })
  }
  return { users, setAside }
}

function lockWords(says: string | undefined): string {
  return says === undefined || says.trim() === '' ? 'locked' : `locked: ${says.trim()}`
}

function findSharedEmail(
  { attributes: { email } }: JudgedAttributes,
  name: string,
  byEmail: Map<string, string>,
): JudgedAttributes['problem'] {
  if (email === undefined) return undefined
  const folded = email.toLowerCase()
  const other = byEmail.get(folded)
  if (other === undefined) {
    byEmail.set(folded, name)
    return undefined
  }
  return {
    code: 'duplicate_name',
    says: `The address ${email} is that of the user ${other}, and Identity Center gives each address to one user.`,
    remedy: `Correct the trait email of ${name} or of ${other}.`,
  }
}
