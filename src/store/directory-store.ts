/**
 * @module What is remembered of upstream directories: the tokens by which they push, which SCIM id is which user or list,
 * what they sent, what they took away lately, and which changes wait for a person.
 */
import type { Instant } from '../core/time.js'

export interface DirectoryToken {
  readonly id: string
  readonly connector: string
  readonly tokenHash: string
  /** What it is for, in the words of whoever made it. */
  readonly label: string
  readonly createdAt: Instant
  readonly createdBy: string
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant | undefined
  readonly lastUsedFrom: string | undefined
}

export interface DirectoryResource {
  /** Opaque, and never given to another one. */
  readonly id: string
  readonly connector: string
  readonly kind: 'user' | 'group'
  /** Of the user, or of the access list. */
  readonly name: string
  readonly externalId: string | undefined
  /** What was sent beside what the user or the list itself says. */
  readonly attributes: Record<string, unknown>
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export interface DirectoryHold {
  /** Hash of what exactly is to be done to what. */
  readonly key: string
  readonly connector: string
  readonly state: 'waiting' | 'released' | 'refused'
  /** `Deactivate the user alice@example.com`. */
  readonly what: string
  /** Why it waits. */
  readonly says: string
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly tries: number
  readonly decidedBy: string | undefined
  readonly decidedAt: Instant | undefined
}

export interface DirectoryStore {
  addToken(token: DirectoryToken): Promise<void>
  findToken(tokenHash: string): Promise<DirectoryToken | undefined>
  /** Oldest first. */
  listTokens(connector: string): Promise<DirectoryToken[]>
  touchToken(id: string, use: { readonly at: Instant; readonly from: string }): Promise<void>
  deleteToken(connector: string, id: string): Promise<boolean>

  find(connector: string, kind: DirectoryResource['kind'], id: string): Promise<DirectoryResource | undefined>
  findByName(kind: DirectoryResource['kind'], name: string): Promise<DirectoryResource | undefined>
  listByExternalId(
    connector: string,
    kind: DirectoryResource['kind'],
    externalId: string,
  ): Promise<DirectoryResource[]>
  /** In the order in which they were made. */
  list(connector: string, kind: DirectoryResource['kind']): Promise<DirectoryResource[]>
  /** Ids by name. */
  listIds(connector: string, kind: DirectoryResource['kind']): Promise<Map<string, string>>
  create(resource: DirectoryResource): Promise<void>
  update(resource: DirectoryResource): Promise<void>
  /** Forgets the id of a user or list that is gone. */
  forget(kind: DirectoryResource['kind'], name: string): Promise<void>

  addRemovals(connector: string, kind: string, count: number, at: Instant): Promise<void>
  /** By kind. */
  countRemovals(connector: string, since: Instant): Promise<Map<string, number>>

  findHold(connector: string, key: string): Promise<DirectoryHold | undefined>
  putHold(hold: DirectoryHold): Promise<void>
  /** Latest first. */
  listHolds(connector: string): Promise<DirectoryHold[]>
  deleteHold(connector: string, key: string): Promise<void>

  /** Removals and holds from before this instant. */
  deleteBefore(before: { readonly removals: Instant; readonly holds: Instant }): Promise<void>
}
