/**
 * The use cases on resources over real parts: a store of the given engine, all kinds, a clock that stands still, and
 * an inventory that a test may change.
 */
import { onTestFinished } from 'vitest'
import { readJsonDocuments, readYamlDocuments } from '../../../src/api/resource/documents.js'
import type { GatewayError } from '../../../src/core/error.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { systemAuthority, type Authority } from '../../../src/service/authority.js'
import type { RequestOrigin } from '../../../src/service/context.js'
import { applyResources } from '../../../src/service/resources/apply.js'
import { Catalog } from '../../../src/service/resources/catalog.js'
import type { ApplyInput, ResourceChange } from '../../../src/service/resources/changes.js'
import type { ResourceDeps } from '../../../src/service/resources/deps.js'
import { removeResource } from '../../../src/service/resources/remove.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { Session } from '../../../src/store/store.js'
import { testKinds } from '../../support/kinds.js'

export const start = Date.parse('2026-03-02T09:00:00Z')
export const desk: RequestOrigin = { address: '192.0.2.7', userAgent: 'Firefox', requestId: 'r-1' }

export const production = { id: '555555555555', name: 'production', formerNames: ['prod'], tags: {} }
export const admins = {
  arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890123456/ps-1111111111111111',
  name: 'AdministratorAccess',
}
export const adminsRef = `assignment/${production.id}/${admins.arn}`
export const adminsName = `AdministratorAccess-on-production-${production.id}`
const inventory: Inventory = { revision: '1', accounts: [production], permissionSets: [admins] }

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld({ url = 'sqlite::memory:' } = {}) {
  const clock = new ManualClock(start)
  const logger = createLogger('silent')
  const store = await openStore({ url, clock })
  onTestFinished(() => store[Symbol.asyncDispose]())
  const kinds = testKinds({ clock })
  const aws = { inventory }
  const deps: ResourceDeps = {
    store,
    clock,
    random: systemRandom,
    logger,
    clusterName: 'gatehouse.test',
    publicUrl: 'https://gatehouse.test',
    kinds,
    catalog: new Catalog({ store, logger, kinds, inventory: () => Promise.resolve(aws.inventory) }),
  }

  async function apply(
    documents: unknown,
    { by = systemAuthority, ...options }: Partial<ApplyInput> & { by?: Authority } = {},
  ): Promise<ResourceChange[]> {
    const read =
      typeof documents === 'string' ? readYamlDocuments(documents, 'file.yaml') : readJsonDocuments(documents)
    return await applyResources(
      deps,
      { mode: 'replace', dryRun: false, ...options, documents: read },
      by,
      by === systemAuthority ? undefined : desk,
    )
  }

  async function events(): Promise<Record<string, unknown>[]> {
    await store.audit.chain(10_000, () => 'unlinked')
    const chained = await store.audit.list({ limit: 10_000, order: 'asc' })
    return chained.map(({ json }) => JSON.parse(json))
  }

  return {
    deps,
    clock,
    store,
    aws,
    apply,
    events,
    async remove(
      kind: string,
      name: string,
      { by = systemAuthority, dryRun = false, expectedRevision = '' } = {},
    ) {
      const input = { kind, name, dryRun, ...(expectedRevision !== '' && { expectedRevision }) }
      return await removeResource(deps, input, by, by === systemAuthority ? undefined : desk)
    },
    /** The person of this name, acting with the roles that are stored now. */
    async person(name: string): Promise<Authority> {
      const view = await deps.catalog.read()
      const user = view.user(name)
      if (user === undefined) throw new Error(`${name} is not there`)
      return { name, kind: 'person', user, roles: view.rolesOf(user).roles }
    },
    /** A local user who can sign in. */
    async settle(name: string, roles: readonly string[]): Promise<void> {
      await apply(user(name, { roles }))
      await store.credentials.putPassword({ user: name, hash: 'x', changedAt: clock.now() })
    },
    async openSession(name: string, id: string): Promise<void> {
      const now = clock.now()
      const session: Session = {
        tokenHash: `hash of ${id}`,
        id,
        client: 'browser',
        label: undefined,
        user: name,
        stage: 'full',
        methods: ['password'],
        createdAt: now,
        authenticatedAt: now,
        lastSeenAt: now,
        expiresAt: now + 3_600_000,
        idleTimeoutMs: undefined,
        address: '192.0.2.7',
        userAgent: 'Firefox',
        assumed: [],
      }
      await store.sessions.create(session)
    },
    /** All that a dry run could leave behind. */
    async traces(): Promise<{ readonly events: Record<string, unknown>[] }> {
      const resources = []
      for (const kind of kinds.all) resources.push(...(await store.resources.list(kind.name)))
      return JSON.parse(
        JSON.stringify({
          resources,
          events: await events(),
          credentials: [...(await store.credentials.summarise())],
          tokens: await store.tokens.list(),
          generation: await store.resources.generation(),
        }),
      )
    },
  }
}

const made =
  (kind: string, version: string) =>
  (name: string, spec: unknown = {}, metadata: object = {}) => ({
    kind,
    version,
    metadata: { name, ...metadata },
    spec,
  })

export const user = made('user', 'v2')
export const role = made('role', 'v8')
export const sp = (name: string, entity: string) =>
  made('saml_idp_service_provider', 'v1')(name, { entity_id: entity, acs_url: 'https://sp.example.com/acs' })
export const preference = (spec: unknown) =>
  made('cluster_auth_preference', 'v2')('cluster-auth-preference', spec)
export const lock = made('lock', 'v2')
export const token = made('token', 'v1')

/** A role that allows these verbs on this kind, under a condition where one is given. */
export function rule(name: string, resource: string, verbs: readonly string[], where?: string) {
  return role(name, {
    allow: { rules: [{ resources: [resource], verbs, ...(where !== undefined && { where }) }] },
  })
}

/** What was refused, with its code. */
export async function refused(work: Promise<unknown>): Promise<GatewayError> {
  const answer = await work.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  )
  if (answer instanceof Error && 'code' in answer) return answer as GatewayError
  throw answer
}
