/**
 * @module People: believable names, one user name each, a few of them disabled and a few in no group at all.
 */
import type { Prng } from '../prng.js'
import type { Team } from './teams.js'
import { familyNames, givenNames } from './words.js'

export interface PlannedUser {
  readonly id: string
  readonly userName: string
  readonly displayName: string
  readonly givenName: string
  readonly familyName: string
  readonly active: boolean
  /** Absent for the few that nobody's identity provider made. */
  readonly externalId: string | undefined
  /** Name of the team; undefined where the company has none. */
  readonly team: string | undefined
  readonly isInGroups: boolean
}

const disabledShare = 0.03
const groupless = 0.04
const handMade = 0.05

export function planPeople(count: number, teams: readonly Team[], prng: Prng): readonly PlannedUser[] {
  const taken = new Map<string, number>()
  return Array.from({ length: count }, () => {
    const givenName = prng.pick(givenNames)
    const familyName = prng.pick(familyNames)
    const base = `${ascii(givenName)}.${ascii(familyName)}`
    const namesakes = (taken.get(base) ?? 0) + 1
    taken.set(base, namesakes)
    // The square makes the first teams several times as large as the last.
    const skewed = (prng.next() / 2 ** 32) ** 2
    return {
      id: prng.principalId(),
      userName: `${base}${namesakes === 1 ? '' : namesakes}@example.com`,
      displayName: `${givenName} ${familyName}`,
      givenName,
      familyName,
      active: !prng.chance(disabledShare),
      externalId: prng.chance(handMade) ? undefined : prng.hex(20),
      team: teams[Math.floor(skewed * teams.length)]?.name,
      isInGroups: !prng.chance(groupless),
    }
  })
}

/** Lower case without accents, as mail addresses have it. */
function ascii(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ø', 'o').replaceAll('ł', 'l').toLowerCase()
}
