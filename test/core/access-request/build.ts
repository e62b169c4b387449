/**
 * @module Worlds, people and requests for the tests of access requests: complete values with what a test says on top.
 */
import {
  itemIdOf,
  type AccessRequest,
  type Requestable,
  type RequestItem,
} from '../../../src/core/access-request/access-request.js'
import { digestRole } from '../../../src/core/access-request/snapshot.js'
import type { Requester, Reviewer, RequestWorld } from '../../../src/core/access-request/world.js'
import {
  buildAssignmentRole,
  isReservedRoleName,
  parseAssignmentRoleRef,
  resolveAssignmentRole,
} from '../../../src/core/inventory/assignment-role.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import type {
  AccountAssignmentMatcher,
  LabelSelector,
  RequestConditions,
  ReviewConditions,
  ReviewThreshold,
  Role,
  RoleOptions,
  RoleVersion,
} from '../../../src/core/role/role.js'
import type { ServiceProvider } from '../../../src/core/saml/service-provider.js'
import { hour } from '../../../src/core/time.js'
import type { Traits } from '../../../src/core/user/user.js'
import { buildRole, identityCenterLabels, preference } from '../role/build.js'

export const now = Date.UTC(2026, 2, 2, 9)

const arn = (id: string) => `arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-${id}`
export const admin = arn('0000000000000001')
export const readOnly = arn('0000000000000002')
export const prod = '111111111111'
export const dev = '222222222222'

export const inventory: Inventory = {
  revision: 'one',
  accounts: [
    { id: prod, name: 'production', formerNames: ['main'], tags: {} },
    { id: dev, name: 'development', formerNames: [], tags: {} },
  ],
  permissionSets: [
    { arn: admin, name: 'Admin', sessionDurationMs: 4 * hour },
    { arn: readOnly, name: 'ReadOnly', sessionDurationMs: hour },
  ],
}

export const adminOnProd: Requestable = { kind: 'assignment', accountId: prod, permissionSetArn: admin }
export const readOnDev: Requestable = { kind: 'assignment', accountId: dev, permissionSetArn: readOnly }
export const aws: Requestable = { kind: 'app', name: 'aws' }

export interface Parts {
  readonly version?: RoleVersion
  readonly gives?: readonly AccountAssignmentMatcher[]
  readonly denies?: readonly AccountAssignmentMatcher[]
  readonly opens?: LabelSelector
  readonly shuts?: LabelSelector
  readonly request?: Partial<RequestConditions>
  readonly denyRequest?: Partial<RequestConditions>
  readonly reviews?: Partial<ReviewConditions>
  readonly denyReviews?: Partial<ReviewConditions>
  readonly options?: Partial<RoleOptions>
}

export function role(name: string, parts: Parts = {}): Role {
  const { gives = [], denies = [], opens = {}, shuts = {}, version = 'v8', options = {} } = parts
  const built = buildRole(name, version, {
    allowAssignments: gives,
    denyAssignments: denies,
    allowLabels: opens,
    denyLabels: shuts,
    options,
  })
  return {
    ...built,
    allow: {
      ...built.allow,
      request: parts.request && requestConditions(parts.request),
      reviewRequests: parts.reviews && reviewConditions(parts.reviews),
    },
    deny: {
      ...built.deny,
      request: parts.denyRequest && requestConditions(parts.denyRequest),
      reviewRequests: parts.denyReviews && reviewConditions(parts.denyReviews),
    },
  }
}

function requestConditions(parts: Partial<RequestConditions>): RequestConditions {
  return {
    roles: [],
    searchAsRoles: [],
    claimsToRoles: [],
    reason: { mode: 'optional', prompt: undefined },
    thresholds: [],
    suggestedReviewers: [],
    annotations: {},
    maxDurationMs: undefined,
    ...parts,
  }
}

function reviewConditions(parts: Partial<ReviewConditions>): ReviewConditions {
  return { roles: [], claimsToRoles: [], previewAsRoles: [], where: undefined, ...parts }
}

export function threshold(approve: number, deny = 1, filter?: string): ReviewThreshold {
  return { name: undefined, filter, approve, deny }
}

export function app(name: string, parts: Partial<ServiceProvider> = {}): ServiceProvider {
  return {
    name,
    entityId: `https://${name}.example.com`,
    assertionConsumerServices: [],
    signingCertificates: [],
    authnRequestsSigned: false,
    wantAssertionsSigned: false,
    nameIdFormats: [],
    labels: identityCenterLabels,
    preset: 'aws-identity-center',
    attributeMapping: [],
    relayState: undefined,
    launchUrls: [],
    ...parts,
  }
}

export function buildWorld(
  roles: readonly Role[],
  more: {
    readonly apps?: readonly ServiceProvider[]
    readonly inventory?: Inventory
    readonly unreadable?: readonly string[]
    readonly preference?: Partial<RequestWorld['preference']>
  } = {},
): RequestWorld {
  const { apps = [app('aws')], unreadable = [] } = more
  const known = more.inventory ?? inventory
  const stored = (name: string) =>
    unreadable.includes(name) ? undefined : roles.find((one) => one.name === name)
  return {
    inventory: known,
    preference: { ...preference, ...more.preference },
    role: (name) => {
      if (!isReservedRoleName(name) && parseAssignmentRoleRef(name) === undefined) return stored(name)
      const pair = resolveAssignmentRole(known, name)
      return pair && buildAssignmentRole(pair)
    },
    isUnreadable: (name) => unreadable.includes(name),
    roleDigest: (name) => {
      const found = stored(name)
      return found && digestRole({ version: found.version, spec: { allow: found.allow, deny: found.deny } })
    },
    app: (name) => apps.find((one) => one.name === name),
    apps: () => apps,
  }
}

export function requester(
  roles: readonly Role[],
  more: { readonly name?: string; readonly traits?: Traits } = {},
): Requester {
  const { name = 'alice', traits = {} } = more
  return {
    user: { name, roles: roles.map((one) => one.name), traits, origin: { kind: 'local' } },
    roles,
  }
}

export function reviewer(name: string, roles: readonly Role[], more: Partial<Reviewer> = {}): Reviewer {
  return {
    name,
    roles,
    roleNames: roles.map((one) => one.name),
    traits: {},
    isLocked: false,
    since: 0,
    actsFor: [],
    ...more,
  }
}

/** Reviews requests for whatever role. */
export const reviewsAll = role('reviews-all', { reviews: { roles: ['*'] } })

export function item(asked: Requestable, terms: Partial<RequestItem['terms']> = {}): RequestItem {
  const name = asked.kind === 'assignment' ? 'Admin-on-production-111111111111' : asked.name
  return {
    id: itemIdOf(asked),
    asked,
    terms: { roles: [name], allowedBy: ['asks'], thresholds: [threshold(1)], ...terms },
    state: 'pending',
  }
}

export function request(items: readonly RequestItem[], more: Partial<AccessRequest> = {}): AccessRequest {
  const { startAt, durationMs = 8 * hour } = more
  return {
    id: 'r1',
    user: 'alice',
    state: 'pending',
    items,
    reason: 'a ticket',
    createdAt: now,
    pendingUntil: now + 24 * hour,
    startAt,
    durationMs,
    maxDurationMs: 24 * hour,
    asked: { startAt, durationMs },
    activatedAt: undefined,
    endsAt: undefined,
    resolvedAt: undefined,
    suggestedReviewers: [],
    annotations: {},
    reviews: [],
    extends: undefined,
    promotedTo: undefined,
    timeline: [{ at: now, by: 'alice', what: 'created', says: '' }],
    revision: 1,
    ...more,
  }
}

/** An approved request that gives its items since `now`, for eight hours. */
export function activeRequest(
  items: readonly RequestItem[],
  more: Partial<AccessRequest> = {},
): AccessRequest {
  return request(
    items.map((one) => ({ ...one, state: 'approved' })),
    { state: 'approved', resolvedAt: now, activatedAt: now, endsAt: now + 8 * hour, ...more },
  )
}
