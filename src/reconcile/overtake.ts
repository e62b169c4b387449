/**
 * @module Which changes may begin beside others that were planned earlier and have not ended: changes of access alone
 * that meet none of them. It decides and never does.
 */
import type { Action } from '../core/plan/plan.js'

/** Of objects that are there, and needing nothing else to be done before. */
export function mayOvertake({ kind, after }: Pick<Action, 'kind' | 'after'>): boolean {
  if (after.length > 0) return false
  return isSwitch(kind) || isMembership(kind) || isAssignment(kind)
}

/**
 * Whether two changes must not be under way together. Members and assignments of one group are apart, and whether a
 * user is active is apart from what the user has; every other change of a user or a group meets all that names it.
 */
export function doMeet(a: Action, b: Action): boolean {
  if (isMembership(a.kind) && isMembership(b.kind)) return share(groupsOf(a), groupsOf(b))
  if (isAssignment(a.kind) && isAssignment(b.kind))
    return 'pair' in a && 'pair' in b && a.pair === b.pair && share(namesOf(a), namesOf(b))
  if (isAccess(a.kind) && isAccess(b.kind)) return false
  if ((isSwitch(a.kind) && isAccess(b.kind)) || (isAccess(a.kind) && isSwitch(b.kind))) return false
  return share(namesOf(a), namesOf(b))
}

const isSwitch = (kind: Action['kind']): boolean => kind === 'user.activate' || kind === 'user.deactivate'
const isMembership = (kind: Action['kind']): boolean => kind === 'members.add' || kind === 'members.remove'
const isAssignment = (kind: Action['kind']): boolean =>
  kind === 'assignment.create' || kind === 'assignment.delete'
const isAccess = (kind: Action['kind']): boolean => isMembership(kind) || isAssignment(kind)

const share = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one))

const groupsOf = (action: Action): string[] => namesOf(action).filter((name) => name.startsWith('group '))

/** By name and by id of AWS, since an action may have either. */
function namesOf(action: Action): string[] {
  const names: string[] = []
  const add = (kind: 'user' | 'group', ...ofIt: readonly (string | undefined)[]): void => {
    for (const one of ofIt) if (one !== undefined) names.push(`${kind} ${one}`)
  }
  if ('principal' in action) add(action.principal.kind, action.principal.name, action.principal.awsId)
  if ('user' in action) add('user', action.user, 'awsId' in action ? action.awsId : undefined)
  if ('list' in action) add('group', action.list, 'awsId' in action ? action.awsId : undefined)
  if ('members' in action) {
    for (const member of action.members) {
      if (member.by === 'name') add('user', member.name)
      add('user', member.awsUserId)
    }
  }
  return names
}
