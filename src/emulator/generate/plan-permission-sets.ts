/**
 * @module Permission sets: those of AWS Control Tower, job functions, and job functions of single teams.
 */
import type { Prng } from '../prng.js'
import { pascalCase, teamAt, type Team } from './teams.js'
import { controlTowerSets, jobFunctions } from './words.js'

export interface PlannedSet {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly sessionDuration: string
  /** The team whose set it is. */
  readonly team: string | undefined
}

const nameLength = 32
const durations = ['PT1H', 'PT1H', 'PT4H', 'PT8H', 'PT12H'] as const

/** `teams`: those that have accounts; further ones are made up where there are more sets than those need. */
export function planPermissionSets(
  count: number,
  instanceId: string,
  teams: readonly Team[],
  prng: Prng,
): readonly PlannedSet[] {
  const named = [
    ...controlTowerSets.map(([name, description]) => ({ name, description, team: undefined })),
    ...jobFunctions.map((name) => ({ name, description: `${name} in any account`, team: undefined })),
  ]
  return [...named, ...teamSets(Math.max(0, count - named.length), teams)].slice(0, count).map((set) => ({
    ...set,
    arn: `arn:aws:sso:::permissionSet/${instanceId}/ps-${prng.hex(16)}`,
    sessionDuration: prng.pick(durations),
  }))
}

interface NamedSet {
  readonly name: string
  readonly description: string
  readonly team: string
}

/** The most common functions of every team before the less common ones of any. */
function teamSets(count: number, teams: readonly Team[]): readonly NamedSet[] {
  const found = new Map<string, NamedSet>()
  for (let known = Math.max(teams.length, 10); found.size < count; known *= 2) {
    for (const job of jobFunctions) {
      for (let number = 0; number < known && found.size < count; number++) {
        const team = teamAt(number).name
        const name = pascalCase(team) + job
        if (name.length <= nameLength) found.set(name, { name, description: `${job} of ${team}`, team })
      }
    }
  }
  return [...found.values()]
}
