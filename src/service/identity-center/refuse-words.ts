/**
 * @module How a person says no to an action that the guard holds: not by leaving it, since it waits for ever, but by
 * saying here what is wanted instead. Words alone.
 */
import type { Action } from '../../core/plan/plan.js'
import type { PlanNames } from '../../core/plan/describe.js'

/** What to do where the action is not wanted. */
export function refuseWords(action: Action, names: Pick<PlanNames, 'list'>): string {
  switch (action.kind) {
    case 'members.remove':
      return `Not meant? Add them to the access list ${names.list(action.list)} again: then they stay, and this goes from the plan.`
    case 'members.add':
      return `Not meant? Take them out of the access list ${names.list(action.list)}: then this goes from the plan.`
    case 'group.create':
    case 'group.rename':
      return `Not meant? Change what the access list ${names.list(action.list)} is called or grants: then this goes from the plan.`
    case 'group.adopt':
      return `Not meant? Give the access list ${names.list(action.list)} another title, or rename the group in AWS: then each stays by itself.`
    case 'group.delete':
      return 'Not meant? Make the access list again: then the group stays.'
    case 'assignment.create':
      return 'Not meant? Take away the role, or the grant of the list, that it comes from: then this goes from the plan.'
    case 'assignment.delete':
      return 'Not meant? Give the role here that has this account and permission set: then it stays, and this goes from the plan.'
    case 'user.adopt':
      return 'Not meant? Rename the user here or in AWS: then each stays by itself.'
    case 'user.deactivate':
    case 'user.delete':
      return 'Not meant? Make the user here again, or lift the lock: then the user stays.'
    case 'user.create':
    case 'user.update':
    case 'user.activate':
      return 'Not meant? Change the user here: then this goes from the plan.'
    case 'ledger.update':
    case 'link.forget':
      return 'It changes nothing in AWS.'
  }
}
