/**
 * Access requests over a sync that really works: the store, the keeper of time and the adapters on the clock of the
 * emulator. Requests are written as the use cases write them: decided by the core, begun in the same transaction.
 */
import { promote } from '../../src/core/access-request/promotion.js'
import { review } from '../../src/core/access-request/review.js'
import { cancel, release, revoke, type Step } from '../../src/core/access-request/transition.js'
import {
  itemIdOf,
  type AccessRequest,
  type Requestable,
} from '../../src/core/access-request/access-request.js'
import { hour } from '../../src/core/time.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { createGrantSource } from '../../src/service/access-requests/grant-source.js'
import { keepTime, type KeepTimeDeps } from '../../src/service/access-requests/keep-time.js'
import { loadRecheck, passTimeWithin } from '../../src/service/access-requests/pass-time.js'
import { findReviewer } from '../../src/service/access-requests/people.js'
import { requestWorld } from '../../src/service/access-requests/world.js'
import type { CatalogView } from '../../src/service/resources/catalog-view.js'
import type { Catalog } from '../../src/service/resources/catalog.js'
import { demo } from '../emulator/aws-world.js'
import { scanned, settle, SyncWorld, type Settings } from '../reconcile/sync-world.js'
import { inAws } from './in-aws.js'

export const ann = 'ann@example.com'
export const rita = 'rita@example.com'
export const rob = 'rob@example.com'

export const sandboxBilling: Requestable = {
  kind: 'assignment',
  accountId: demo.sandbox,
  permissionSetArn: demo.billingArn,
}
export const productionReadOnly: Requestable = {
  kind: 'assignment',
  accountId: demo.production,
  permissionSetArn: demo.readOnlyArn,
}

/** The line of `inAws` that says that the person has it. */
export function lineOf(asked: Requestable, user = ann): string {
  return asked.kind === 'assignment' ? `${user} ${asked.accountId}/${asked.permissionSetArn}` : asked.kind
}

export interface RequestsWorld {
  readonly world: SyncWorld
  readonly deps: KeepTimeDeps
  readonly catalog: Catalog
  runner: PluginSyncRunner
  /** Stores a request of `ann`, as it would be built, and answers its id. */
  readonly ask: (
    changes?: Partial<AccessRequest> & { readonly asked_?: readonly Requestable[] },
  ) => Promise<string>
  readonly approve: (id: string, by?: string) => Promise<AccessRequest>
  /** Member and request in one transaction, as the use case does it. */
  readonly promote: (id: string, list: string, by?: string) => Promise<AccessRequest>
  readonly end: (id: string, how: 'cancel' | 'release' | 'revoke', by?: string) => Promise<AccessRequest>
  /** What time did, then what the sync makes of it. */
  readonly settle: () => Promise<void>
  readonly request: (id: string) => Promise<AccessRequest>
  readonly has: (asked?: Requestable, user?: string) => Promise<boolean>
  /** The process ends here, and another one begins. */
  readonly restart: () => Promise<void>
  /** Names of events of requests with their `action`, oldest first. */
  readonly events: () => Promise<string[]>
}

/** `dev` may ask for what `oncall` gives, and for the role `reader`; `lead` decides. */
export async function putRoles(world: SyncWorld): Promise<void> {
  const role = (name: string, allow: unknown) => world.put('role', name, { allow }, 'v8')
  await role('oncall', { account_assignments: [{ account: '*', permission_set: '*' }] })
  await role('reader', {
    account_assignments: [{ account: demo.production, permission_set: demo.readOnlyArn }],
  })
  await role('dev', { request: { search_as_roles: ['oncall'], roles: ['reader'], max_duration: '12h' } })
  await role('lead', { review_requests: { roles: ['oncall', 'reader'] } })
  await world.user(ann, ['dev'])
  await world.user(rita, ['lead'])
  await world.user(rob, ['lead'])
}

export async function openRequests(
  more: Partial<SyncDeps> = {},
  settings: Settings = {},
): Promise<RequestsWorld> {
  const world = await SyncWorld.open(settings)
  await putRoles(world)
  const { store, timers } = world
  let process = 0
  const begin = () => {
    process += 1
    const catalog = world.catalog()
    const source = createGrantSource({ store, catalog, clock: timers })
    const runner = world.runner(`process ${process}`, {
      grants: () => source.grants(),
      endedRequests: (ids) => source.findOver(ids),
      ...more,
    })
    return { catalog, runner }
  }
  let now = begin()
  await scanned(world, now.runner)
  await settle(now.runner)
  let count = 0

  const deps = (): KeepTimeDeps => ({
    ...{ store, timers, clock: timers, random: systemRandom, logger: createLogger('silent') },
    ...{ clusterName: 'test', publicUrl: 'https://gatehouse.test', catalog: now.catalog },
    syncs: { wakeAll: () => now.runner.wake() },
  })

  type Within = Parameters<Parameters<typeof store.transaction>[0]>[0]
  const change = async (
    id: string,
    how: (request: AccessRequest, tx: Within, view: CatalogView) => Promise<Step> | Step,
  ) => {
    // The accounts and permission sets are read outside, as in the use cases.
    await now.catalog.read()
    return await store.transaction(async (tx) => {
      const view = await now.catalog.readIn(tx)
      const step = await how(await found(tx.accessRequests.find(id)), tx, view)
      if (!step.ok) throw new Error(step.says)
      return await tx.accessRequests.update(await passTimeWithin(tx, view, step.request, timers.now()))
    })
  }

  const us: RequestsWorld = {
    world,
    get deps() {
      return deps()
    },
    get catalog() {
      return now.catalog
    },
    get runner() {
      return now.runner
    },
    ask: async ({ asked_: asked = [sandboxBilling], ...changes } = {}) => {
      const id = changes.id ?? `request-${(count += 1)}`
      await store.accessRequests.create(newRequest(id, timers.now(), asked, changes))
      return id
    },
    approve: async (id, by = rita) =>
      await change(id, async (request, tx, view) => {
        const reviewer = await findReviewer(tx.members, view, by, timers.now())
        if (reviewer === undefined) throw new Error(`${by} reviews nothing`)
        const approve = request.items.map((item) => item.id)
        const draft = { approve, deny: [], reason: '', annotations: {} }
        return review(request, reviewer, draft, timers.now(), requestWorld(view))
      }),
    promote: async (id, list, by = rita) =>
      await change(id, async (request, tx, view) => {
        const at = timers.now()
        const reviewer = await findReviewer(tx.members, view, by, at)
        if (reviewer === undefined) throw new Error(`${by} reviews nothing`)
        const people = await loadRecheck(tx, view, request, at)
        const looked = {
          ...people,
          reviewer: (name: string) => (name === by ? reviewer : people.reviewer(name)),
        }
        await tx.members.put([memberOf(list, request.user, at)])
        const target = { name: list, title: list }
        return promote(request, target, { reviewer, at, reason: '' }, looked, requestWorld(view))
      }),
    end: async (id, how, by = how === 'revoke' ? rita : ann) =>
      await change(id, (request) =>
        ({ cancel, release, revoke })[how](request, { by, at: timers.now(), reason: '' }),
      ),
    settle: async () => {
      await keepTime(deps())
      await settle(now.runner)
    },
    request: async (id) => await found(store.accessRequests.find(id)),
    has: async (asked = sandboxBilling, user = ann) =>
      (await inAws(world)).assignments.includes(lineOf(asked, user)),
    restart: async () => {
      await now.runner[Symbol.asyncDispose]()
      now = begin()
    },
    events: async () => {
      await store.audit.chain(10_000, () => 'unlinked')
      const chained = await store.audit.list({ limit: 10_000, order: 'asc' })
      return chained
        .map(({ json }) => JSON.parse(json) as Record<string, unknown>)
        .filter(({ event }) => String(event).startsWith('access_request.'))
        .map(({ event, action }) => `${String(event)} ${String(action)}`)
    },
  }
  return us
}

function memberOf(list: string, name: string, joinedAt: number) {
  const by = { awsUserId: undefined, expiresAt: undefined, addedBy: 'test', reason: '' }
  return { list, kind: 'user' as const, name, joinedAt, ...by }
}

export function newRequest(
  id: string,
  at: number,
  asked: readonly Requestable[],
  changes: Partial<AccessRequest> = {},
): AccessRequest {
  const durationMs = changes.durationMs ?? hour
  return {
    id,
    user: ann,
    state: 'pending',
    items: asked.map((one) => ({
      id: itemIdOf(one),
      asked: one,
      terms: {
        roles: [one.kind === 'role' ? one.name : 'oncall'],
        allowedBy: ['dev'],
        thresholds: [{ name: undefined, filter: undefined, approve: 1, deny: 1 }],
      },
      state: 'pending',
    })),
    reason: 'INC-1',
    createdAt: at,
    pendingUntil: at + 24 * hour,
    startAt: undefined,
    durationMs,
    maxDurationMs: 12 * hour,
    asked: { startAt: changes.startAt, durationMs },
    activatedAt: undefined,
    endsAt: undefined,
    resolvedAt: undefined,
    suggestedReviewers: [],
    annotations: {},
    reviews: [],
    extends: undefined,
    promotedTo: undefined,
    timeline: [{ at, by: ann, what: 'created', says: '' }],
    revision: 1,
    ...changes,
  }
}

async function found(finding: Promise<AccessRequest | undefined>): Promise<AccessRequest> {
  const request = await finding
  if (request === undefined) throw new Error('there is no such request')
  return request
}
