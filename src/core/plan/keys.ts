/**
 * @module Keys of actions: the same text for the same change of the same object in every plan, since approvals and
 * failures are remembered by them. Names stand last or alone, ids have no spaces, so no two changes share a key.
 */
import type { MemberRef } from '../entitlement/desired.js'
import { sha256 } from '../sha256.js'
import type { ActionChange, ActionKey, Principal } from './plan.js'

/** The key of a change. Long lists of members are told by a fingerprint. */
export function keyOf(change: ActionChange): ActionKey {
  switch (change.kind) {
    case 'user.create':
      return `${change.kind} ${change.user}`
    case 'group.create':
      return `${change.kind} ${change.list}`
    case 'user.adopt':
      return `${change.kind} ${change.awsId} ${change.user}`
    case 'group.adopt':
      return `${change.kind} ${change.awsId} ${change.list}`
    case 'user.update':
      return `${change.kind} ${change.awsId} ${sha256(JSON.stringify(sortEntries(change.changes)))}`
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete':
    case 'group.delete':
      return `${change.kind} ${change.awsId}`
    case 'group.rename':
      return `${change.kind} ${change.awsId} ${change.displayName}`
    case 'members.add':
    case 'members.remove':
      return `${change.kind} ${change.awsId ?? '-'} ${sha256(JSON.stringify(change.members.map(memberText)))} ${change.list}`
    case 'assignment.create':
    case 'assignment.delete':
      return `${change.kind} ${change.pair} ${principalText(change.principal)}`
    case 'ledger.update': {
      // There may be a hundred thousand of these, and their reasons are few and short.
      const reasons = JSON.stringify(change.reasons)
      return `${change.kind} ${change.entry} ${change.target} ${reasons} ${principalText(change.principal)}`
    }
    case 'link.forget':
      return `${change.kind} ${principalText(change.principal)}`
  }
}

function principalText({ kind, awsId, name }: Principal): string {
  return awsId === undefined ? `${kind}:${name ?? ''}` : `${kind}/${awsId}`
}

function memberText(member: MemberRef): string {
  return member.by === 'id' ? `id ${member.awsUserId}` : `name ${member.name}`
}

function sortEntries(values: object): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * What a person saw of the held actions: a fingerprint over their keys, whatever their order. An approval goes by it,
 * and names in keys are chosen by others, so it has to be one that nobody can make a second set of actions for.
 */
export function digestKeys(keys: readonly ActionKey[]): string {
  return sha256(JSON.stringify([...keys].sort()))
}

/** By code units, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
