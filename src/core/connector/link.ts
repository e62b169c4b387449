/**
 * @module Whom an identity of an upstream signs in: the one rule for all connectors (T7). A subject that is bound to a
 * user is that user, whatever the upstream calls it today. A name that belongs to nobody becomes a new user. A user of
 * this connector whom nobody has been yet is whoever comes first under the name; where a directory pushed the user and
 * the connector names a claim for that, only with the same external id. Everything else is refused: a local name, a name
 * of another connector, and a name that another subject had before.
 */
import { foldName, type User } from '../user/user.js'
import type { Connector } from './connector.js'
import type { UpstreamIdentity } from './identity.js'

/** What is known here that bears on the identity, as one transaction sees it. */
export interface KnownHere {
  /** The user to whom connector and subject are bound, where it exists. */
  readonly bound: User | undefined
  /** The user of that name, or of one that people take for it: case alone does not tell two people apart here. */
  readonly sameName:
    | {
        readonly user: User
        readonly boundSubject: string | undefined
        /** What the directory of the connector pushed with the user; undefined where no directory did. */
        readonly pushed: { readonly externalId: string | undefined } | undefined
      }
    | undefined
}

export type LinkRefusal =
  /** The name is that of a local user or of another connector. */
  | 'name_of_another_origin'
  /** The name was somebody else's at the same upstream: a recycled address. */
  | 'name_of_another_subject'
  /** A directory pushed the user, and the upstream says no external id, or several. */
  | 'external_id_not_said'
  /** A directory pushed the user without an external id to compare with. */
  | 'external_id_not_pushed'
  /** The upstream says another external id than the directory. */
  | 'external_id_differs'
  /** Nobody has the name, and this connector makes no users. */
  | 'makes_no_users'

/** What a first sign-in of a user who is there already is judged by. */
export type BindsBy = 'name' | 'external_id'

export type LinkVerdict =
  | {
      readonly effect: 'sign_in'
      readonly user: User
      /** Whether the subject is bound now, for the first time. */
      readonly binds: boolean
      /** What told that the subject is the user, where it is bound now. */
      readonly bindsBy?: BindsBy
      /** What the upstream calls a bound user today, where that is not the name here. */
      readonly calledNow?: string
    }
  | { readonly effect: 'create'; readonly name: string }
  | { readonly effect: 'refuse'; readonly why: LinkRefusal; readonly other: User | undefined }

export function decideLink(
  connector: Pick<Connector, 'name' | 'createsUsers' | 'scimExternalIdClaim'>,
  { username, claims }: Pick<UpstreamIdentity, 'username' | 'claims'>,
  { bound, sameName }: KnownHere,
): LinkVerdict {
  if (bound !== undefined && isOf(bound, connector)) {
    const calledNow = foldName(bound.name) === foldName(username) ? {} : { calledNow: username }
    return { effect: 'sign_in', user: bound, binds: false, ...calledNow }
  }
  if (sameName === undefined) {
    return connector.createsUsers
      ? { effect: 'create', name: username }
      : { effect: 'refuse', why: 'makes_no_users', other: undefined }
  }
  const { user, boundSubject, pushed } = sameName
  const refuse = (why: LinkRefusal): LinkVerdict => ({ effect: 'refuse', why, other: user })
  if (!isOf(user, connector)) return refuse('name_of_another_origin')
  if (boundSubject !== undefined) return refuse('name_of_another_subject')
  const { scimExternalIdClaim: claim } = connector
  if (pushed === undefined || claim === undefined) {
    return { effect: 'sign_in', user, binds: true, bindsBy: 'name' }
  }
  const said = Object.hasOwn(claims, claim) ? (claims[claim] ?? []) : []
  // Of several values one could be the person's own choice.
  if (said.length !== 1) return refuse('external_id_not_said')
  if (pushed.externalId === undefined || pushed.externalId === '') return refuse('external_id_not_pushed')
  if (said[0] !== pushed.externalId) return refuse('external_id_differs')
  return { effect: 'sign_in', user, binds: true, bindsBy: 'external_id' }
}

function isOf({ origin }: User, { name }: Pick<Connector, 'name'>): boolean {
  return origin.kind === 'connector' && origin.connector === name
}

/** For administrators and the audit log. */
export function describeLinkRefusal(
  why: LinkRefusal,
  username: string,
  other: Pick<User, 'name' | 'origin'> | undefined,
  { scimExternalIdClaim: claim = '' }: Pick<Connector, 'scimExternalIdClaim'>,
): string {
  const who =
    other === undefined || other.name === username ? `"${username}"` : `"${username}" (here "${other.name}")`
  switch (why) {
    case 'name_of_another_origin':
      return other?.origin.kind === 'connector'
        ? `the name ${who} belongs to the connector "${other.origin.connector}"`
        : `the name ${who} belongs to a local user`
    case 'name_of_another_subject':
      return (
        `the name ${who} belongs to another subject of the same connector: the address was given to somebody else ` +
        'there, or the account was made anew; delete the user if it is right that the new one begins from nothing'
      )
    case 'external_id_not_said':
      return (
        `the directory pushed ${who}, who never signed in, and "${claim}" does not come from the provider with ` +
        'exactly one value to compare with the externalId; have the provider send it'
      )
    case 'external_id_not_pushed':
      return (
        `the directory pushed ${who}, who never signed in, without an externalId to compare "${claim}" with; ` +
        'have the directory send it'
      )
    case 'external_id_differs':
      return (
        `the directory pushed ${who}, who never signed in, with another externalId than the provider says in ` +
        `"${claim}": this is somebody else, or the two do not send the same id`
      )
    case 'makes_no_users':
      return `there is no user ${who}, and the connector makes none (create_users: false)`
  }
}

/** For the person, who learns no more than that it does not work under this name. */
export function linkRefusalForPerson(why: LinkRefusal): string {
  return why === 'makes_no_users'
    ? 'you have no user here yet; ask an administrator'
    : 'this name is taken; ask an administrator'
}
