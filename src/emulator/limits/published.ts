/**
 * @module The limits that AWS publishes, as data. Identity Center's page names calls a second and no burst: its buckets
 * hold what one second gives. Organizations publishes both. IAM and STS publish no table, so nothing is held back there.
 */
import type { Rate } from './token-bucket.js'

const steady = (perSecond: number): Rate => ({ perSecond, burst: perSecond })
const rate = (perSecond: number, burst: number): Rate => ({ perSecond, burst })

/** All operations of sso-admin together. */
export const ssoAdminRate = steady(20)

/** Each operation of identitystore. */
export const identityStoreRate = steady(20)

const write = steady(25)
const read = steady(40)

/** Each operation of SCIM, and by its keys all the names of them. */
export const scimRates: ReadonlyMap<string, Rate> = new Map([
  ['CreateUser', write],
  ['GetUser', read],
  ['ListUsers', read],
  ['PatchUser', write],
  ['PutUser', write],
  ['DeleteUser', write],
  ['CreateGroup', write],
  ['GetGroup', read],
  ['ListGroups', read],
  ['PatchGroup', write],
  ['DeleteGroup', write],
  ['ServiceProviderConfig', read],
  ['ListResourceTypes', read],
  ['ListSchemas', read],
  ['GetSchema', read],
])

/** Most membership changes that one CreateGroup or PatchGroup can carry. */
const membershipsPerRequest = 100

/**
 * Membership changes inside CreateGroup and PatchGroup, at a rate that is not published. A full bucket takes a whole
 * request: a smaller one could never be passed.
 */
export function scimMembershipRate(perSecond: number): Rate {
  return rate(perSecond, Math.max(perSecond, membershipsPerRequest))
}

/**
 * An operation of Organizations is held by its account's bucket and, where one is published, the organisation's. One
 * that is not in the table is held by none.
 */
export interface OrganizationsRates {
  readonly account: Rate
  readonly organisation?: Rate
}

export const organizationsRates: ReadonlyMap<string, OrganizationsRates> = new Map([
  ['ListAccounts', { account: rate(8, 12), organisation: rate(9, 15) }],
  ['ListAccountsForParent', { account: rate(5, 8), organisation: rate(6, 10) }],
  ['ListParents', { account: rate(5, 8), organisation: rate(6, 10) }],
  ['ListOrganizationalUnitsForParent', { account: rate(5, 8), organisation: rate(6, 10) }],
  ['ListChildren', { account: rate(6, 10), organisation: rate(7, 12) }],
  ['ListRoots', { account: rate(1, 2), organisation: rate(1, 3) }],
  ['ListTagsForResource', { account: rate(10, 15), organisation: rate(12, 18) }],
  ['DescribeOrganization', { account: rate(1, 2) }],
  ['DescribeAccount', { account: rate(20, 30), organisation: rate(24, 36) }],
  ['ListDelegatedAdministrators', { account: rate(5, 8), organisation: rate(6, 10) }],
])
