/**
 * @module Makes the calls of one action and says what they mean for what we keep. It decides nothing: the action says
 * what to do, and every failure goes to the caller as it came, with what was done before it.
 */
import type { IdentityCenter } from '../aws/identity-center.js'
import type { MemberRef } from '../core/entitlement/desired.js'
import { AwsCallError, type CallOptions } from '../core/governor/call.js'
import {
  principalKey,
  type GrantReason,
  type LedgerEntry,
  type Link,
  type PairKey,
  type PrincipalKey,
  type PrincipalKind,
} from '../core/identity-center/observation.js'
import type { Action, Principal } from '../core/plan/plan.js'
import type { Instant } from '../core/time.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import type { Effect, LedgerBook, LinkBook } from './effect.js'
import { externalIdOf } from './mark.js'
import type { Seen, SeenWrite } from './seen.js'

export interface PerformContext {
  readonly center: IdentityCenter
  readonly scim: ScimClient
  readonly links: LinkBook
  readonly seen: Seen
  readonly ledger: LedgerBook
  /** Keys of the principals that have a link. */
  readonly owned: ReadonlySet<PrincipalKey>
  readonly mark: string
  readonly mayAskByPrincipal: boolean
  readonly now: Instant
}

/**
 * What was done; `failure` where only a part of it was. The effect is to be made when it is written, one after the
 * other: two changes of one principal may have been under way together.
 */
export interface Performed {
  readonly effect: () => Effect
  readonly failure?: AwsCallError
}

type Of<K extends Action['kind']> = Extract<Action, { readonly kind: K }>

/** @throws AwsCallError as AWS answered, where nothing is known to have been done. */
export async function perform(
  action: Action,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { scim, seen } = context
  switch (action.kind) {
    case 'user.create':
      return await createUser(action, context, options)
    case 'group.create':
      return await createGroup(action, context, options)
    case 'user.adopt':
      return await adopt('user', action.user, action.awsId, context, options)
    case 'group.adopt':
      return await adopt('group', action.list, action.awsId, context, options)
    case 'user.update':
      await scim.updateUser(action.awsId, action.changes, options)
      return { effect: () => ({ seen: userSeen(seen, action.awsId, action.changes) }) }
    case 'user.activate':
    case 'user.deactivate': {
      const active = action.kind === 'user.activate'
      await scim.setActive(action.awsId, active, options)
      return { effect: () => ({ seen: userSeen(seen, action.awsId, { active }) }) }
    }
    case 'user.delete':
      await scim.deleteUser(action.awsId, options)
      return {
        effect: () => forgetPrincipal({ kind: 'user', name: action.user, awsId: action.awsId }, context),
      }
    case 'group.delete':
      await scim.deleteGroup(action.awsId, options)
      return {
        effect: () => forgetPrincipal({ kind: 'group', name: action.list, awsId: action.awsId }, context),
      }
    case 'group.rename': {
      await scim.renameGroup(action.awsId, action.displayName, options)
      const group = seen.groups.get(action.awsId)
      const { displayName } = action
      const value = { id: action.awsId, externalId: group?.externalId, displayName, settledName: displayName }
      return { effect: () => ({ seen: [{ kind: 'group', id: action.awsId, value }] }) }
    }
    case 'members.add':
    case 'members.remove':
      return await changeMembers(action, context, options)
    case 'assignment.create':
    case 'assignment.delete':
      return await changeAssignment(action, context, options)
    case 'ledger.update':
      return { effect: () => updateLedger(action, context) }
    case 'link.forget':
      return { effect: () => forgetPrincipal(action.principal, context) }
  }
}

async function createUser(
  action: Of<'user.create'>,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { attributes, active, user: name } = action
  const externalId = externalIdOf(context.mark, 'user', name)
  const made = await context.scim.createUser({ attributes, active, externalId }, options)
  const effect = (): Effect => ({
    ...replaceLink('user', name, made.id, context),
    seen: [
      { kind: 'user', id: made.id, value: made },
      { kind: 'assignments', id: principalKey('user', made.id), value: new Set() },
    ],
  })
  return { effect }
}

async function createGroup(
  action: Of<'group.create'>,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { displayName, list } = action
  const memberIds = idsOf(action.members, context.links).slice(0, 100)
  const externalId = externalIdOf(context.mark, 'group', list)
  const made = await context.scim.createGroup({ displayName, memberIds, externalId }, options)
  const group = principalKey('group', made.id)
  const effect = (): Effect => {
    const replaced = replaceLink('group', list, made.id, context)
    const members = memberIds.map((id) => membershipRow(group, id, list, context.now))
    return {
      ...replaced,
      seen: [
        { kind: 'group', id: made.id, value: { ...made, settledName: made.displayName } },
        { kind: 'members', id: made.id, value: new Set(memberIds) },
        { kind: 'assignments', id: group, value: new Set() },
      ],
      putLedger: [...members, ...(replaced.putLedger ?? [])],
    }
  }
  return { effect }
}

/**
 * The link of an object that is ours from its beginning, in place of an earlier one of the name. What the ledger says of
 * a group goes on with the one that is made in its place: what it had is given back, and known as what it was.
 */
export function replaceLink(
  kind: PrincipalKind,
  name: string,
  awsId: string,
  { links, ledger, now }: Pick<PerformContext, 'links' | 'ledger' | 'now'>,
): Effect {
  const before = links.id(kind, name)
  const link: Link = { kind, name, awsId, origin: 'created', linkedAt: now, unwantedSince: undefined }
  const old = before !== undefined && before !== awsId ? [principalKey(kind, before)] : []
  const principal = principalKey(kind, awsId)
  const kept = kind === 'group' ? old.flatMap((one) => ledger.rowsOf(one)) : []
  return {
    putLinks: [link],
    deleteLedgerOf: old,
    putLedger: kept.map((row) => ({ ...row, principal })),
  }
}

/** Reads what the principal has; what a user has by itself is in the ledger from the moment that the user is ours. */
async function adopt(
  kind: PrincipalKind,
  name: string,
  awsId: string,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { center, ledger, now } = context
  const principal = principalKey(kind, awsId)
  const seen: SeenWrite[] = []
  const found: Pick<LedgerEntry, 'kind' | 'principal' | 'target'>[] = []
  const pairs = context.mayAskByPrincipal
    ? new Set(
        await reading(kind, name, options, (limit) =>
          center.read.listAssignmentsOfPrincipal(kind, awsId, limit),
        ),
      )
    : context.seen.assignments.get(principal)
  // Bound without knowing what it has, all of that would look like drift afterwards.
  if (pairs === undefined) throw notReadYet(kind, name)
  seen.push({ kind: 'assignments', id: principal, value: pairs })
  // Of a group the list is the truth: what it has beyond that is not kept, and not known as ours.
  if (kind === 'user')
    found.push(...[...pairs].map((target) => ({ kind: 'assignment' as const, principal, target })))
  if (kind === 'group') {
    const members = new Set(
      await reading(kind, name, options, (limit) => center.read.listMembers(awsId, limit)),
    )
    seen.push({ kind: 'members', id: awsId, value: members })
  }
  const reasons: readonly GrantReason[] = [{ kind: 'found' }]
  const effect = (): Effect => ({
    seen,
    putLinks: [{ kind, name, awsId, origin: 'adopted', linkedAt: now, unwantedSince: undefined }],
    putLedger: found
      .filter((row) => ledger.find(row) === undefined)
      .map((row) => ({ ...row, reasons, since: now })),
  })
  return { effect }
}

/** Adoption changes nothing in AWS: an answer that does not come leaves nothing unknown. */
async function reading<T>(
  kind: PrincipalKind,
  name: string,
  { renewDeadline, ...options }: CallOptions,
  read: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const deadline = await renewDeadline?.()
  try {
    return await read({ ...options, ...(deadline !== undefined && { deadline }) })
  } catch (error) {
    if (error instanceof AwsCallError && error.failure === 'unknown_outcome') throw notReadYet(kind, name)
    throw error
  }
}

function notReadYet(kind: PrincipalKind, name: string): AwsCallError {
  return new AwsCallError({
    failure: 'conflict',
    service: 'sso-admin',
    operation: 'ListAccountAssignments',
    awsCode: 'NotReadYet',
    message: `the assignments of the ${kind} "${name}" were not read yet; the next look at AWS reads them`,
  })
}

/**
 * One call for all, and where AWS does not accept one of them, halves: a member that AWS refuses costs a few calls and
 * never keeps the others out.
 */
async function changeMembers(
  action: Of<'members.add' | 'members.remove'>,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { scim, links, seen, ledger, now } = context
  const groupId = action.awsId ?? links.id('group', action.list)
  if (groupId === undefined) throw new Error(`access list "${action.list}" has no group yet`)
  const op = action.kind === 'members.add' ? 'add' : 'remove'
  const done: string[] = []
  let failure: AwsCallError | undefined
  async function change(memberIds: readonly string[]): Promise<void> {
    if (memberIds.length === 0) return
    try {
      await scim.changeMembers(groupId ?? '', { op, memberIds }, options)
      done.push(...memberIds)
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error
      const ofOne = error.failure === 'invalid' || error.failure === 'not_found'
      if (!ofOne || memberIds.length === 1) {
        failure = error
        // Of a group that is gone, or a fault that would meet all, the rest is not tried.
        if (!ofOne) throw error
        return
      }
      const half = Math.ceil(memberIds.length / 2)
      await change(memberIds.slice(0, half))
      await change(memberIds.slice(half))
    }
  }
  try {
    await change(idsOf(action.members, links))
  } catch (error) {
    if (done.length === 0 || !(error instanceof AwsCallError) || error.failure === 'unknown_outcome')
      throw error
  }
  if (failure !== undefined && done.length === 0) throw failure
  const group = principalKey('group', groupId)
  const effect = (): Effect => ({
    // Where the group was not read, adding to it does not tell who else is in it.
    ...(seen.members.has(groupId) && { seen: [membersSeen(seen, groupId, op, done)] }),
    ...(op === 'add'
      ? { putLedger: done.map((id) => ledger.renewed(membershipRow(group, id, action.list, now))) }
      : { deleteLedger: done.map((target) => ({ kind: 'membership', principal: group, target })) }),
  })
  return failure === undefined ? { effect } : { effect, failure }
}

async function changeAssignment(
  action: Of<'assignment.create' | 'assignment.delete'>,
  context: PerformContext,
  options: CallOptions,
): Promise<Performed> {
  const { center } = context
  const { kind } = action.principal
  const id = principalId(action.principal, context.links)
  const change = action.kind === 'assignment.create' ? 'create' : 'delete'
  const outcome = await center.assignments.apply(
    { change, principalKind: kind, principalId: id, pair: action.pair },
    options,
  )
  if (outcome.status === 'failed') {
    throw new AwsCallError({
      failure: 'denied',
      service: 'sso-admin',
      operation: change === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
      awsCode: 'FAILED',
      message: outcome.reason ?? 'AWS gives no reason',
      requestId: outcome.requestId,
    })
  }
  return { effect: () => assignmentEffect(action, id, context) }
}

export function assignmentEffect(
  action: Of<'assignment.create' | 'assignment.delete'>,
  id: string,
  { seen, ledger, now }: Pick<PerformContext, 'seen' | 'ledger' | 'now'>,
): Effect {
  const principal = principalKey(action.principal.kind, id)
  const target = action.pair
  const known = seen.assignments.get(principal)
  const pairs = new Set<PairKey>(known)
  if (action.kind === 'assignment.create') pairs.add(target)
  else pairs.delete(target)
  const row = { kind: 'assignment', principal, target } as const
  return {
    ...(known !== undefined && { seen: [{ kind: 'assignments', id: principal, value: pairs }] }),
    ...(action.kind === 'assignment.create'
      ? { putLedger: [ledger.renewed({ ...row, reasons: action.reasons, since: now })] }
      : { deleteLedger: [row] }),
  }
}

function updateLedger(action: Of<'ledger.update'>, context: PerformContext): Effect {
  const { entry: kind, target, reasons } = action
  const principal = principalKey(action.principal.kind, principalId(action.principal, context.links))
  if (reasons.length === 0) return { deleteLedger: [{ kind, principal, target }] }
  const before = context.ledger.find({ kind, principal, target })
  return { putLedger: [{ kind, principal, target, reasons, since: before?.since ?? context.now }] }
}

/** The object is gone in AWS, and with it everything that it had there. */
export function forgetPrincipal(
  principal: Principal,
  { ledger, seen }: Pick<PerformContext, 'ledger' | 'seen'>,
): Effect {
  const { kind, name, awsId: id } = principal
  const deleteLinks = name === undefined ? [] : [{ kind, name }]
  if (id === undefined) return { deleteLinks }
  const gone: SeenWrite[] = [{ kind: 'assignments', id: principalKey(kind, id), value: undefined }]
  if (kind === 'group') {
    gone.push({ kind: 'group', id, value: undefined }, { kind: 'members', id, value: undefined })
    return { seen: gone, deleteLinks, deleteLedgerOf: [principalKey(kind, id)] }
  }
  gone.push({ kind: 'user', id, value: undefined })
  for (const [groupId, members] of seen.members) {
    if (!members.has(id)) continue
    gone.push({ kind: 'members', id: groupId, value: new Set([...members].filter((one) => one !== id)) })
  }
  return {
    seen: gone,
    deleteLinks,
    deleteLedgerOf: [principalKey(kind, id)],
    deleteLedger: ledger.membershipsOf(id),
  }
}

/** Ids of those that are known; the others are left for a later plan. */
export function idsOf(members: readonly MemberRef[], links: LinkBook): string[] {
  const ids = members.flatMap((member) => {
    if (member.by === 'id') return [member.awsUserId]
    return links.id('user', member.name) ?? member.awsUserId ?? []
  })
  return [...new Set(ids)]
}

/** @throws Error where an earlier action of the plan should have made it and did not. */
export function principalId(principal: Principal, links: LinkBook): string {
  const { kind, name, awsId } = principal
  const id = awsId ?? (name === undefined ? undefined : links.id(kind, name))
  if (id === undefined) throw new Error(`${kind} "${name ?? ''}" has no id in Identity Center yet`)
  return id
}

function membersSeen(seen: Seen, groupId: string, op: 'add' | 'remove', ids: readonly string[]): SeenWrite {
  const members = new Set(seen.members.get(groupId))
  for (const id of ids) {
    if (op === 'add') members.add(id)
    else members.delete(id)
  }
  return { kind: 'members', id: groupId, value: members }
}

function membershipRow(group: string, target: string, list: string, since: Instant): LedgerEntry {
  return { kind: 'membership', principal: group, target, reasons: [{ kind: 'list', list }], since }
}

function userSeen(
  seen: Seen,
  id: string,
  changes: Partial<Omit<NonNullable<ReturnType<Seen['users']['get']>>, 'id'>>,
): SeenWrite[] {
  const user = seen.users.get(id)
  return user === undefined ? [] : [{ kind: 'user', id, value: { ...user, ...changes } }]
}
