/**
 * @module When the single assignments that a promotion left may go: once the membership that takes their place has been
 * seen in AWS, the person in the group and the group with the same assignment. Before that their end would be a gap. What
 * was seen says it each time, so that nothing has to be remembered of it.
 */
import { principalKey, type Link, type Observation } from '../identity-center/observation.js'
import type { TimeBoxedGrant } from './input.js'

export interface HandedOver {
  /** Those that are still needed; the same value where none has been taken over. */
  readonly needed: readonly TimeBoxedGrant[]
  /** Requests of the others. */
  readonly requests: ReadonlySet<string>
}

export function findHandedOver(
  grants: readonly TimeBoxedGrant[],
  links: readonly Link[],
  { members, assignments }: Pick<Observation, 'members' | 'assignments'>,
): HandedOver {
  if (!grants.some(({ asMemberOf }) => asMemberOf !== undefined)) {
    return { needed: grants, requests: new Set() }
  }
  const ids = new Map(links.map(({ kind, name, awsId }) => [principalKey(kind, name), awsId]))
  const isThere = ({ user, pair, asMemberOf: list }: TimeBoxedGrant): boolean => {
    if (list === undefined) return false
    const userId = ids.get(principalKey('user', user))
    const groupId = ids.get(principalKey('group', list))
    if (userId === undefined || groupId === undefined) return false
    const ofGroup = assignments.get(principalKey('group', groupId))
    return members.get(groupId)?.has(userId) === true && ofGroup?.has(pair) === true
  }
  const over = new Set(grants.filter(isThere))
  return {
    needed: grants.filter((grant) => !over.has(grant)),
    requests: new Set([...over].map(({ request }) => request)),
  }
}
