/**
 * @module What a review changes in Identity Center, in words: who leaves which group, what they lose by it, and what they
 * get because a role that denied it to them, or was locked, goes with the list.
 */
import type { z } from 'zod'
import type { accountEffect } from '../../../api/contract/list-reviews.js'
import type { Gaining, Leave } from '../../../core/entitlement/gaining.js'
import type { Returning } from '../../../core/entitlement/returning.js'
import { findLeaving, type Leaving, type Loss } from '../../../core/entitlement/leaving.js'
import { splitPairKey, type GrantReason, type PairKey } from '../../../core/identity-center/observation.js'
import { planNames, type PlanNames } from '../../../core/plan/describe.js'
import { GatewayError } from '../../../core/error.js'
import type { IdentityCenterDeps } from '../../identity-center/deps.js'
import type { CurrentPlan } from '../../identity-center/sync-port.js'
import { sayByAccount } from './by-account.js'
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

/** What whoever reads the sentences may know. */
export interface Knows {
  /** Of other lists no more is told than that there is one. */
  readonly list: (name: string) => boolean
  /** Else why something waits is left to those who look after the plugins: its words are made for them. */
  readonly plugins: boolean
}

const notInStep = 'Identity Center is not in step at the moment; an administrator sees why.'

export interface ReviewLeave extends Leave {
  /** The list gave nothing, since nobody reviewed it, and gives what it grants again. */
  readonly endsOverdue: boolean
}

export interface SaidInAws {
  /** All of it as sentences; none where nothing changes there. */
  readonly inAws: string[]
  /** Those that say what `accounts` does not. */
  readonly inAwsBeside: string[]
  readonly accounts: z.infer<typeof accountEffect>[]
}

export async function sayInAws(
  { catalog }: PlansDeps,
  plans: readonly PlanOf[],
  leave: ReviewLeave,
  knows: Knows,
): Promise<SaidInAws> {
  const { departures } = leave
  const nobodyLeaves = departures.members.size === 0 && departures.owners.size === 0
  if (nobodyLeaves && !leave.endsOverdue) return { inAws: [], inAwsBeside: [], accounts: [] }
  const { inventory } = await catalog.read()
  const said: string[] = []
  const beside: string[] = []
  const accounts: SaidInAws['accounts'] = []
  const waiting: string[] = []
  for (const plan of plans) {
    if ('problem' in plan) {
      waiting.push(`What changes in ${plan.plugin} cannot be told now: ${plan.problem}.`)
      continue
    }
    const { current } = plan
    const leaving = findLeaving(current.desired, departures)
    const gaining = current.gaining?.(leave) ?? []
    const names = planNames({ ...current, inventory })
    const returning = leave.endsOverdue ? current.returning?.(leave) : undefined
    const { groups, keep, lose } = sayLeaving(leaving, gaining, names, knows.list)
    const returns = returning === undefined ? [] : sayReturning(returning)
    const gain = sayGaining(gaining, names, knows.list)
    const changes = [...returns, ...groups, ...lose, ...keep, ...gain]
    if (changes.length === 0) continue
    said.push(...changes)
    beside.push(
      ...returns,
      ...groups,
      ...keep,
      ...[...lose, ...gain].filter((one) => one.includes(hiddenSource)),
    )
    accounts.push(...sayByAccount(leaving, gaining, names, knows.list))
    waiting.push(...sayWaiting(leaving, current))
  }
  const last = knows.plugins ? waiting : waiting.length === 0 ? [] : [notInStep]
  return { inAws: [...said, ...last], inAwsBeside: [...beside, ...last], accounts }
}

function sayLeaving(
  { groups, people }: Leaving,
  gaining: readonly Gaining[],
  names: PlanNames,
  sees: (list: string) => boolean,
): { readonly groups: string[]; readonly lose: string[]; readonly keep: string[] } {
  const losing = people.filter(({ loses }) => loses.length > 0)
  const more = losing.length - maxPeople
  const gain = new Set(gaining.map(({ name }) => name))
  const keep = people.flatMap(({ name, loses }) => (loses.length === 0 && !gain.has(name) ? [name] : []))
  return {
    groups: groups.map(({ list, people: leavers }) => {
      const group = sees(list) ? `the group ${names.list(list)}` : 'the group of a list that you do not see'
      return leavers.length === 1
        ? `${sayPeople(leavers)} leaves ${group}.`
        : `${leavers.length} people leave ${group}: ${sayPeople(leavers)}.`
    }),
    lose: [
      ...losing
        .slice(0, maxPeople)
        .map(({ name, loses }) => `${name} loses ${sayLosses(loses, names, sees)}.`),
      ...(more > 0
        ? [more === 1 ? 'One more person loses access.' : `${more} more people lose access.`]
        : []),
    ],
    keep:
      keep.length > 0
        ? [
            `${sayPeople(keep)} ${keep.length === 1 ? 'keeps' : 'keep'} all access in AWS, by other lists or roles.`,
          ]
        : [],
  }
}

function sayGaining(
  gaining: readonly Gaining[],
  names: PlanNames,
  sees: (list: string) => boolean,
): string[] {
  const more = gaining.length - maxPeople
  return [
    ...gaining.slice(0, maxPeople).map(({ name, gains }) => `${name} gains ${sayGains(gains, names, sees)}.`),
    ...(more > 0 ? [more === 1 ? 'One more person gains access.' : `${more} more people gain access.`] : []),
  ]
}

/** By numbers: everybody gets the same again. */
function sayReturning({ people, pairs, owners }: Returning): string[] {
  const accounts = new Set(pairs.map((pair) => splitPairKey(pair).accountId)).size
  const who = people === 1 ? 'One person holds' : `${people.toLocaleString('en')} people hold`
  const sets =
    pairs.length === 1 ? '1 permission set' : `${pairs.length.toLocaleString('en')} permission sets`
  const where = accounts === 1 ? '1 account' : `${accounts.toLocaleString('en')} accounts`
  return [
    ...(pairs.length > 0 && people > 0
      ? [`In AWS ${who.replace('One', 'one')} ${sets} in ${where} again.`]
      : []),
    ...(owners.length > 0
      ? [
          `${sayPeople(owners)} ${owners.length === 1 ? 'holds' : 'hold'} in AWS again what owning the list gives.`,
        ]
      : []),
  ]
}

/** By where it comes from, since a denial may have held back what several lists give. */
function sayGains(gains: Gaining['gains'], names: PlanNames, sees: (list: string) => boolean): string {
  const bySource = new Map<string, PairKey[]>()
  for (const { pair, reasons } of gains) {
    const sources = reasons.map((reason) => sayReason(reason, names, sees))
    const source = sources.find((one) => one !== hiddenSource) ?? hiddenSource
    bySource.set(source, [...(bySource.get(source) ?? []), pair])
  }
  const hidden = bySource.delete(hiddenSource) ? [hiddenSource] : []
  const told = [...bySource].map(([source, pairs]) => `${sayPairs(pairs, names)} by ${source}`)
  return `${[...told, ...hidden].join(', and ')}, which a role that goes with the list kept from them`
}

const hiddenSource = 'what lists that you do not see give'

function sayReason(reason: GrantReason, names: PlanNames, sees: (list: string) => boolean): string {
  switch (reason.kind) {
    case 'list':
    case 'list_member':
      return sees(reason.list) ? `the list ${names.list(reason.list)}` : hiddenSource
    case 'list_owner':
      return sees(reason.list) ? `owning the list ${names.list(reason.list)}` : hiddenSource
    case 'role':
      return 'roles of their own'
    case 'request':
      return 'an access request'
    case 'found':
      return 'an assignment that was found'
  }
}

function sayPairs(pairs: readonly PairKey[], names: PlanNames): string {
  const shown = pairs.slice(0, maxPairs).map((pair) => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    return `${names.permissionSet(permissionSetArn)} in ${names.account(accountId)}`
  })
  const more = pairs.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

function sayPeople(names: readonly string[]): string {
  return nameSome(
    names.map((name) => ({ kind: 'user', name })),
    '',
  )
}

function sayLosses(losses: readonly Loss[], names: PlanNames, sees: (list: string) => boolean): string {
  const seen = losses.filter(({ lists }) => lists.some(sees))
  if (seen.length === 0) return hiddenSource
  const told = sayPairs(
    seen.map(({ pair }) => pair),
    names,
  )
  return seen.length === losses.length ? told : `${told}, and ${hiddenSource}`
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
