/**
 * @module Accounts as a company has them: the shared ones that AWS Control Tower and a platform team make, one to three
 * for each team, sandboxes, and a few that are closed.
 */
import type { Prng } from '../prng.js'
import { teamAt, type Team } from './teams.js'

export type Environment = 'prod' | 'staging' | 'dev' | 'shared' | 'sandbox' | 'closed'

export interface PlannedAccount {
  readonly id: string
  readonly name: string
  /** Path of units; the root where it is undefined. */
  readonly unit: string | undefined
  readonly environment: Environment
  readonly team: Team | undefined
}

/** The management account first, as every organisation has it. */
const shared: readonly (readonly [name: string, unit: string | undefined])[] = [
  ['management', undefined],
  ['log-archive', 'Security'],
  ['audit', 'Security'],
  ['shared-services', 'Infrastructure'],
  ['network', 'Infrastructure'],
  ['identity', 'Infrastructure'],
  ['backup', 'Infrastructure'],
]

const units = { prod: 'Production', staging: 'Staging', dev: 'Development' } as const
const closedShare = 0.02
const sandboxShare = 0.1

export function planAccounts(count: number, prng: Prng): readonly PlannedAccount[] {
  const ids = new Set<string>()
  const newId = (): string => {
    for (;;) {
      const id = String(100_000_000_000 + prng.below(900_000) * 1_000_000 + prng.below(1_000_000))
      if (ids.has(id)) continue
      ids.add(id)
      return id
    }
  }
  const planned: PlannedAccount[] = shared.slice(0, count).map(([name, unit]) => ({
    ...{ id: newId(), name, unit },
    environment: 'shared',
    team: undefined,
  }))
  const others = count - planned.length
  const closed = Math.round(others * closedShare)
  const sandboxes = Math.round(others * sandboxShare)
  planned.push(...planWorkloads(others - closed - sandboxes, newId, prng))
  const numbered = (kind: 'sandbox' | 'closed', unit: string, length: number): PlannedAccount[] =>
    Array.from({ length }, (_, index) => ({
      ...{ id: newId(), name: `${kind}-${String(index + 1).padStart(3, '0')}`, unit },
      environment: kind,
      team: undefined,
    }))
  planned.push(...numbered('sandbox', 'Sandbox', sandboxes), ...numbered('closed', 'Suspended', closed))
  return planned
}

/** Every team runs in production; most have an account to stage and one to develop in. */
function planWorkloads(count: number, newId: () => string, prng: Prng): readonly PlannedAccount[] {
  const planned: PlannedAccount[] = []
  for (let index = 0; planned.length < count; index++) {
    const team = teamAt(index)
    const environments = (['prod', 'staging', 'dev'] as const).filter(
      (environment) => environment === 'prod' || prng.chance(0.8),
    )
    for (const environment of environments) {
      const unit = `Workloads/${units[environment]}/${team.division}`
      planned.push({ id: newId(), name: `${team.name}-${environment}`, unit, environment, team })
    }
  }
  return planned.slice(0, count)
}
