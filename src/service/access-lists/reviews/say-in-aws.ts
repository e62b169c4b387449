/** @module What a review changes in Identity Center, in words: who leaves which group, and what they lose by it. */
import { findLeaving, type Departures, type Leaving, type Loss } from '../../../core/entitlement/leaving.js'
import { splitPairKey } from '../../../core/identity-center/observation.js'
import { planNames, type PlanNames } from '../../../core/plan/describe.js'
import { GatewayError } from '../../../core/error.js'
import type { IdentityCenterDeps } from '../../identity-center/deps.js'
import type { CurrentPlan } from '../../identity-center/sync-port.js'
import { nameSome } from './reviewed.js'

const maxPeople = 100
const maxPairs = 5

export type PlansDeps = Pick<IdentityCenterDeps, 'catalog' | 'syncs'>

export type PlanOf = { readonly plugin: string } & (
  { readonly current: CurrentPlan } | { readonly problem: string }
)

/**
 * How everything stands before a change, of each plugin. Not within a transaction, since plans read for themselves;
 * what cannot be told keeps nobody from finishing a review.
 */
export async function readPlans({ catalog, syncs }: PlansDeps): Promise<PlanOf[]> {
  const plans: PlanOf[] = []
  for (const { value } of (await catalog.read()).plugins()) {
    const plugin = value.name
    try {
      plans.push({ plugin, current: await (await syncs.of(plugin)).plan() })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      plans.push({ plugin, problem: error.message })
    }
  }
  return plans
}

/** Sentences; none where nothing changes there. Of lists that `sees` does not let be seen no more than that there is one. */
export async function sayInAws(
  { catalog }: PlansDeps,
  plans: readonly PlanOf[],
  departures: Departures,
  sees: (list: string) => boolean,
): Promise<string[]> {
  if (departures.members.size === 0 && departures.owners.size === 0) return []
  const { inventory } = await catalog.read()
  return plans.flatMap((plan) => {
    if ('problem' in plan) return [`What changes in ${plan.plugin} cannot be told now: ${plan.problem}.`]
    const { current } = plan
    const leaving = findLeaving(current.desired, departures)
    const said = sayLeaving(leaving, planNames({ ...current, inventory }), sees)
    return said.length === 0 ? [] : [...said, ...sayWaiting(leaving, current)]
  })
}

function sayLeaving(
  { groups, people }: Leaving,
  names: PlanNames,
  sees: (list: string) => boolean,
): string[] {
  const losing = people.filter(({ loses }) => loses.length > 0)
  const more = losing.length - maxPeople
  const keep = people.flatMap(({ name, loses }) => (loses.length === 0 ? [name] : []))
  return [
    ...groups.map(({ list, people: leavers }) => {
      const group = sees(list) ? `the group ${names.list(list)}` : 'the group of a list that you do not see'
      return leavers.length === 1
        ? `${sayPeople(leavers)} leaves ${group}.`
        : `${leavers.length} people leave ${group}: ${sayPeople(leavers)}.`
    }),
    ...losing.slice(0, maxPeople).map(({ name, loses }) => `${name} loses ${sayLosses(loses, names, sees)}.`),
    ...(more > 0 ? [more === 1 ? 'One more person loses access.' : `${more} more people lose access.`] : []),
    ...(keep.length > 0
      ? [`${sayPeople(keep)} ${keep.length === 1 ? 'keeps' : 'keep'} all access, by other lists or roles.`]
      : []),
  ]
}

function sayPeople(names: readonly string[]): string {
  return nameSome(
    names.map((name) => ({ kind: 'user', name })),
    '',
  )
}

function sayLosses(losses: readonly Loss[], names: PlanNames, sees: (list: string) => boolean): string {
  const seen = losses.filter(({ lists }) => lists.some(sees))
  const shown = seen.slice(0, maxPairs).map(({ pair }) => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    return `${names.permissionSet(permissionSetArn)} in ${names.account(accountId)}`
  })
  const more = seen.length - shown.length
  const told = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
  if (seen.length === losses.length) return told
  const hidden = 'what lists that you do not see give'
  return told === '' ? hidden : `${told}, and ${hidden}`
}

/** Why it does not happen at once, as far as this change alone tells. */
function sayWaiting({ groups }: Leaving, { settings, ledger }: CurrentPlan): string[] {
  const { name, sync, guard } = settings
  if (sync === 'paused') return [`The sync of ${name} is paused: this happens once it is active again.`]
  const memberships = ledger.filter(({ kind }) => kind === 'membership').length
  const { count, share } = guard.removals.memberships
  const leave = groups.reduce((sum, { people }) => sum + people.length, 0)
  if (leave <= Math.max(count, Math.floor(share * memberships))) return []
  return [
    `That is more than the guard of ${name} lets through: it waits until somebody approves it in the plan.`,
  ]
}
