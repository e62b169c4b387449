/**
 * @module Who is locked here and can still use AWS: the lock holds at the gateway at once, and in AWS only after its
 * calls came through. Whoever locked somebody must not believe that all is shut while it is not. A pure rule.
 */
import { principalKey } from '../../core/identity-center/observation.js'
import type { CurrentPlan } from './sync-port.js'

export interface LockedInAws {
  readonly user: string
  /** In AWS the user can sign in, or go on in sessions that began before. */
  readonly isActive: boolean
  /** Account assignments that they hold still, directly or through groups of ours. */
  readonly assignments: number
}

/** Sorted by name; those of whom nothing is left in AWS are not among them. */
export function listLockedInAws({ plan, desired, observation, links }: CurrentPlan): readonly LockedInAws[] {
  const ids = new Map(
    links.filter(({ kind }) => kind === 'user').map(({ name, awsId }) => [name, awsId] as const),
  )
  const owned = new Set(links.map(({ kind, awsId }) => principalKey(kind, awsId)))
  const planned = new Set(
    plan.actions.flatMap(({ action }) => (action.kind === 'user.deactivate' ? [action.user] : [])),
  )
  const locked: LockedInAws[] = []
  for (const { name, active } of desired.users.values()) {
    if (active) continue
    const id = ids.get(name)
    if (id === undefined) continue
    const groups = [...observation.members].flatMap(([group, members]) =>
      members.has(id) && owned.has(principalKey('group', group)) ? [principalKey('group', group)] : [],
    )
    const pairs = new Set(
      [principalKey('user', id), ...groups].flatMap((principal) => [
        ...(observation.assignments.get(principal) ?? []),
      ]),
    )
    const isActive = desired.pushesUsers && (planned.has(name) || observation.users?.get(id)?.active === true)
    if (isActive || pairs.size > 0) locked.push({ user: name, isActive, assignments: pairs.size })
  }
  return locked.sort((a, b) => (a.user < b.user ? -1 : 1))
}

/** "dev@example.com is locked here, NOT yet in AWS: still active there, with 3 account assignments." */
export function lockedInAwsWords({ user, isActive, assignments }: LockedInAws): string {
  const held = `${assignments} account ${assignments === 1 ? 'assignment' : 'assignments'}`
  const what = [isActive ? 'still active there' : 'switched off there', ...(assignments > 0 ? [held] : [])]
  return `${user} is locked here, NOT yet in AWS: ${what.join(', with ')}.`
}

/** What a person can do at once, whatever keeps the sync. */
export const lockedInAwsRemedy =
  'It is tried again by itself. If it must be now: in the AWS console, open IAM Identity Center, Users, this user, and choose Disable user access; remove what the user holds under AWS accounts.'
