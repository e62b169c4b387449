/** @module By which service an action is made, and so what it waits for and what its failures tell about. */
import type { Gate } from '../core/governor/outages.js'
import type { Action } from '../core/plan/plan.js'

/** Of an action that calls nobody: `local`. */
export type Lane = 'local' | CallingLane
export type CallingLane = 'scim' | 'aws'

export const callingLanes: readonly CallingLane[] = ['scim', 'aws']

/** What is closed while the service does not answer changes. */
export const gates: Readonly<Record<CallingLane, Gate>> = { scim: 'scim change', aws: 'sso-admin change' }

/** What is counted together where no more than so many may be under way. */
export type Queue = 'scim' | 'assignments' | 'ends'
export const queues: readonly Queue[] = ['scim', 'assignments', 'ends']

/**
 * AWS takes 15 creations at once from everybody; SCIM is limited by its rate, and order matters more there. What ends
 * access has places of its own: five a second, each of which AWS works on for eight.
 */
export const atOnce: Readonly<Record<Queue, number>> = { scim: 4, assignments: 10, ends: 40 }

/** Of an action that calls somebody. */
export function queueOf({ kind, priority }: Pick<Action, 'kind' | 'priority'>): Queue {
  if (kind === 'assignment.delete' && priority === 'urgent') return 'ends'
  return laneOf({ kind }) === 'scim' ? 'scim' : 'assignments'
}

export function laneOf({ kind }: Pick<Action, 'kind'>): Lane {
  switch (kind) {
    case 'ledger.update':
    case 'link.forget':
      return 'local'
    case 'assignment.create':
    case 'assignment.delete':
      return 'aws'
    case 'user.create':
    case 'user.adopt':
    case 'user.update':
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete':
    case 'group.create':
    case 'group.adopt':
    case 'group.rename':
    case 'group.delete':
    case 'members.add':
    case 'members.remove':
      return 'scim'
  }
}
