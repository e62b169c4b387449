/**
 * @module What import would do, told before it is done: what each account, permission set, user, group and assignment
 * becomes, and what is left out and why. Made from the same choices as the import itself.
 */
import { principalKey, splitPairKey } from '../identity-center/observation.js'
import { compareText } from '../inventory/inventory-index.js'
import { accountFilter, chooseGroups, type ChosenGroup } from './choose-groups.js'
import { count, type ImportFacts } from './facts.js'
import { matchUsers, passesUserFilters } from './match-users.js'

export const importKinds = [
  'accounts',
  'permission_sets',
  'users',
  'groups',
  'members',
  'assignments',
] as const
export type ImportKind = (typeof importKinds)[number]

export interface PreviewItem {
  readonly id: string
  readonly name: string
  readonly facts: string
  readonly imported: boolean
  readonly says: string
  readonly members?: readonly { readonly userName: string; readonly hasUser: boolean }[]
  readonly moreMembers?: number
}

export interface Preview {
  readonly counts: Readonly<Record<ImportKind, { readonly found: number; readonly imported: number }>>
  /** Of the kind that was asked for, by name, then id. */
  readonly items: readonly PreviewItem[]
  readonly notImported: readonly string[]
}

const shownMembers = 20

/** What no import takes over, whatever the filters say. */
const neverImported: readonly string[] = [
  'Assignments of applications (other than AWS accounts) are not read; they stay with their groups, which is why a group without account assignments is kept as well.',
  'Permission sets stay in AWS: they are read and given to people, never created, changed or deleted here.',
  'Users are not created here: whoever has no user here stays a member, marked as one without.',
  'Attributes for access control, sessions, and delegated administrators stay as they are in AWS.',
]

export function previewImport(facts: ImportFacts, kind: ImportKind): Preview {
  const chosen = chooseGroups(facts)
  const all: Record<ImportKind, () => PreviewItem[]> = {
    accounts: () => accountItems(facts),
    permission_sets: () => permissionSetItems(facts),
    users: () => userItems(facts),
    groups: () => groupItems(facts, chosen),
    members: () => memberItems(facts, chosen),
    assignments: () => assignmentItems(facts, chosen),
  }
  const items = all[kind]()
  const countOf = (one: ImportKind) => {
    const of = one === kind ? items : all[one]()
    return { found: of.length, imported: of.filter(({ imported }) => imported).length }
  }
  return {
    counts: {
      accounts: countOf('accounts'),
      permission_sets: countOf('permission_sets'),
      users: countOf('users'),
      groups: countOf('groups'),
      members: countOf('members'),
      assignments: countOf('assignments'),
    },
    items: [...items].sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    notImported: neverImported,
  }
}

function accountItems(facts: ImportFacts): PreviewItem[] {
  const passes = accountFilter(facts)
  return facts.accounts.map(({ id, name, email, ouPath, status, isManagement }) => ({
    id,
    name,
    facts: [
      ouPath,
      email,
      isManagement ? 'management account' : undefined,
      status === 'ACTIVE' ? undefined : status.toLowerCase(),
    ]
      .filter((text) => text !== undefined)
      .join(', '),
    imported: passes(id),
    says: !passes(id)
      ? 'Left out by the account filters: nothing in it is shown, given or removed.'
      : status === 'ACTIVE'
        ? 'Its permission sets can be given by roles, lists and requests.'
        : 'Nothing in it is given or removed until it is active again.',
  }))
}

function permissionSetItems({ permissionSets, settings }: ImportFacts): PreviewItem[] {
  return permissionSets.map(({ arn, name, description, sessionDuration }) => ({
    id: arn,
    name,
    facts: [description, sessionDuration && `sessions of ${sessionDuration}`].filter(Boolean).join(', '),
    imported: true,
    says:
      settings.rolesSyncMode === 'ALL'
        ? 'Can be given in every account; it is not changed.'
        : 'Can be given by roles that name it; it is not changed.',
  }))
}

function userItems(facts: ImportFacts): PreviewItem[] {
  const { observation, settings, users } = facts
  return matchUsers(observation.users ?? new Map<string, never>(), users).map(({ aws, user, similar }) => {
    const direct = observation.assignments.get(principalKey('user', aws.id))?.size ?? 0
    const passes = user !== undefined && passesUserFilters(settings.userFilters, user)
    return {
      id: aws.id,
      name: aws.userName,
      facts: [aws.displayName, direct > 0 ? count(direct, 'direct assignment') : undefined]
        .filter(Boolean)
        .join(', '),
      imported: passes,
      says: userWords({ hasUser: user !== undefined, passes, similar }),
    }
  })
}

function userWords(match: {
  readonly hasUser: boolean
  readonly passes: boolean
  readonly similar: string | undefined
}): string {
  if (match.passes) return 'Bound to the user here of the same name.'
  if (match.hasUser) return 'The user filters leave this person out; AWS keeps the user as it is.'
  if (match.similar !== undefined) {
    return `No user here has this name; "${match.similar}" differs from it in spelling only and is not taken for the same person.`
  }
  return 'No user here has this name; memberships and assignments stay, and no user is made.'
}

function groupItems({ users, observation }: ImportFacts, chosen: readonly ChosenGroup[]): PreviewItem[] {
  const known = new Set(users.map(({ name }) => name))
  return chosen.map(({ group, list, obstacle, memberIds, pairs, otherPairs }) => {
    const members = memberIds
      .map((id) => observation.users?.get(id)?.userName ?? id)
      .sort(compareText)
      .map((userName) => ({ userName, hasUser: known.has(userName) }))
    const without = members.filter(({ hasUser }) => !hasUser).length
    const more = members.length - shownMembers
    return {
      id: group.id,
      name: group.displayName,
      facts: [
        count(members.length, 'member'),
        without > 0 ? `${without} of them without a user here` : undefined,
        count(pairs.length + otherPairs.length, 'assignment'),
      ]
        .filter((text) => text !== undefined)
        .join(', '),
      imported: list !== undefined,
      says: groupWords(list, obstacle?.says, otherPairs.length),
      members: members.slice(0, shownMembers),
      ...(more > 0 && { moreMembers: more }),
    }
  })
}

function memberItems({ users, observation }: ImportFacts, chosen: readonly ChosenGroup[]): PreviewItem[] {
  const known = new Set(users.map(({ name }) => name))
  return chosen.flatMap(({ group, list, obstacle, memberIds }) =>
    memberIds.map((id) => {
      const name = observation.users?.get(id)?.userName ?? id
      return {
        id: `${group.id}/${id}`,
        name,
        facts: `group ${group.displayName}`,
        imported: list !== undefined,
        says: memberWords(list, obstacle?.says, known.has(name)),
      }
    }),
  )
}

function memberWords(list: string | undefined, obstacle: string | undefined, hasUser: boolean): string {
  if (list === undefined) return obstacle ?? 'The group is left out.'
  return hasUser
    ? `Becomes a member of the access list ${list}.`
    : `Stays a member, marked in the access list ${list} as one without a user here.`
}

function groupWords(list: string | undefined, obstacle: string | undefined, others: number): string {
  if (list === undefined) return obstacle ?? 'Left out.'
  const rest =
    others === 0 ? '' : ` ${count(others, 'assignment')} in accounts that are left out stay in AWS.`
  return `Becomes the access list ${list}.${rest}`
}

function assignmentItems(facts: ImportFacts, chosen: readonly ChosenGroup[]): PreviewItem[] {
  const accounts = new Map(facts.accounts.map(({ id, name }) => [id, name]))
  const sets = new Map(facts.permissionSets.map(({ arn, name }) => [arn, name]))
  const item = (
    principal: string,
    pair: string,
    who: string,
    imported: boolean,
    says: string,
  ): PreviewItem => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    const set = sets.get(permissionSetArn) ?? permissionSetArn
    return {
      id: `${principal}/${pair}`,
      name: `${set} on ${accounts.get(accountId) ?? accountId}`,
      facts: `${who}, ${accountId}`,
      imported,
      says,
    }
  }
  const ofGroups = chosen.flatMap(({ group, list, obstacle, pairs, otherPairs }) => {
    const principal = principalKey('group', group.id)
    const who = `group ${group.displayName}`
    return [
      ...pairs.map((pair) =>
        list === undefined
          ? item(principal, pair, who, false, obstacle?.says ?? 'Its group is left out.')
          : item(principal, pair, who, true, `Becomes a grant of the access list ${list}.`),
      ),
      ...otherPairs.map((pair) =>
        item(
          principal,
          pair,
          who,
          false,
          'Its account is left out by the filters; it stays as it is in AWS.',
        ),
      ),
    ]
  })
  const ofUsers = [...facts.observation.assignments].flatMap(([principal, pairs]) => {
    if (!principal.startsWith('user/')) return []
    const id = principal.slice('user/'.length)
    const who = `user ${facts.observation.users?.get(id)?.userName ?? id}`
    const says = 'Kept as found until a person releases it.'
    return [...pairs].map((pair) => item(principal, pair, who, true, says))
  })
  return [...ofGroups, ...ofUsers]
}
