/**
 * @module Users, groups and memberships as the answers show them.
 */
import type { EmulatorContext } from '../context.js'
import { toSeconds, type Output } from '../aws/operation.js'
import type { Group, Membership } from '../state/group.js'
import type { Stamps, User } from '../state/user.js'
import { enterpriseName } from './attributes.js'
import { invalid } from './errors.js'
import { capitalise } from './letter-case.js'
import { toGroupDocument, toUserDocument } from './row-documents.js'

/** Extensions are shown only to those who ask for them by name. */
export function writeUser(context: EmulatorContext, user: User, extensions: readonly string[] = []): Output {
  const { members, enterprise } = userMembersOf(user)
  const isAsked = enterprise !== undefined && extensions.includes(enterpriseName)
  return {
    IdentityStoreId: context.state.instance.identityStoreId,
    UserId: user.id,
    ...members,
    UserStatus: user.active ? 'ENABLED' : 'DISABLED',
    ExternalIds: writeExternalIds(context, user.externalId),
    Extensions: isAsked ? { [enterpriseName]: enterprise } : undefined,
    ...writeStamps(user),
  }
}

interface UserMembers {
  readonly members: Output
  readonly enterprise: unknown
}

const knownMembers = new WeakMap<User, UserMembers>()

/** Rows are replaced and never changed, so that what one looks like is worked out once: lists come in hundreds. */
function userMembersOf(user: User): UserMembers {
  let known = knownMembers.get(user)
  if (known === undefined) {
    const { [enterpriseName]: enterprise, ...document } = toUserDocument(user)
    knownMembers.set(user, (known = { members: capitalise(document), enterprise }))
  }
  return known
}

/** @throws AwsError `ValidationException` for an extension that there is not */
export function assertExtensions(names: readonly string[] = []): void {
  const unknownName = names.find((name) => name !== enterpriseName)
  if (unknownName !== undefined) throw invalid(`The extension ${unknownName} is not supported`)
}

export function writeGroup(context: EmulatorContext, group: Group): Output {
  return {
    IdentityStoreId: context.state.instance.identityStoreId,
    GroupId: group.id,
    ...capitalise(toGroupDocument(group)),
    ExternalIds: writeExternalIds(context, group.externalId),
    ...writeStamps(group),
  }
}

export function writeMembership(context: EmulatorContext, membership: Membership): Output {
  return {
    IdentityStoreId: context.state.instance.identityStoreId,
    MembershipId: membership.id,
    GroupId: membership.groupId,
    MemberId: { UserId: membership.userId },
    ...writeStamps(membership),
  }
}

function writeExternalIds(context: EmulatorContext, id: string | undefined): unknown {
  return id === undefined ? undefined : [{ Issuer: context.settings.externalIdIssuer, Id: id }]
}

function writeStamps({ createdAt, createdBy, updatedAt, updatedBy }: Stamps): Output {
  return {
    CreatedAt: toSeconds(createdAt),
    CreatedBy: createdBy,
    UpdatedAt: toSeconds(updatedAt),
    UpdatedBy: updatedBy,
  }
}
