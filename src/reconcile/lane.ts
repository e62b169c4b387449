/** @module By which service an action is made, and so what it waits for and what its failures tell about. */
import type { Gate } from '../core/governor/outages.js'
import type { Action } from '../core/plan/plan.js'

/** Of an action that calls nobody: `local`. */
export type Lane = 'local' | CallingLane
export type CallingLane = 'scim' | 'aws'

export const callingLanes: readonly CallingLane[] = ['scim', 'aws']

/** What is closed while the service does not answer changes. */
export const gates: Readonly<Record<CallingLane, Gate>> = { scim: 'scim change', aws: 'sso-admin change' }

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
