import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { emptyInventory, type Inventory } from '../../../src/core/inventory/inventory.js'
import { decideRight } from '../../../src/core/role/right.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import type { User } from '../../../src/core/user/user.js'
import { createLogger } from '../../../src/lib/logger.js'
import { preferenceName } from '../../../src/service/resources/catalog-view.js'
import { Catalog } from '../../../src/service/resources/catalog.js'
import type { Kind } from '../../../src/service/resources/kind.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { ResourceKind, Store } from '../../../src/store/store.js'
import { testKinds } from '../../support/kinds.js'

const now = Date.parse('2026-03-02T09:00:00Z')
let store: Store
let catalog: Catalog
let logged: string[]
let parsed: string[]

/** The real kinds, which also tell what they were asked to parse. */
function watched(): { all: Kind[] } {
  const watch = (kind: Kind): Kind => ({
    ...kind,
    parse: (document) => {
      const { metadata } = document as { metadata?: { name?: string } }
      parsed.push(metadata?.name ?? '?')
      return kind.parse(document)
    },
  })
  return { all: testKinds().all.map(watch) }
}

const noInventory = () => Promise.resolve(emptyInventory)

beforeEach(async () => {
  logged = []
  parsed = []
  store = await openStore({ url: 'sqlite::memory:' })
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString())
      done()
    },
  })
  catalog = new Catalog({
    store,
    kinds: watched(),
    logger: createLogger('info', sink),
    inventory: noInventory,
  })
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
})

async function put(
  kind: ResourceKind,
  name: string,
  spec: unknown,
  version = 'v8',
  labels = {},
): Promise<void> {
  const document = { kind, version, metadata: { name, labels }, spec }
  const known = await store.resources.find(kind, name)
  if (known === undefined) await store.resources.create({ kind, name, document, now })
  else await store.resources.update({ kind, name, document, now, expectedRevision: known.revision })
}

const alice: User = {
  name: 'alice@example.com',
  roles: ['access', 'gone', 'access', 'admin'],
  traits: {},
  origin: { kind: 'local' },
}
const everything = { allow: { app_labels: { '*': '*' }, rules: [{ resources: ['*'], verbs: ['*'] }] } }
const aws = { entity_id: 'https://sp.example.com/saml', acs_url: 'https://sp.example.com/acs' }

describe('reading', () => {
  test('users, roles and service providers are found by name, and providers by entity ID', async () => {
    await put('user', alice.name, { roles: ['access'] }, 'v2')
    await put('role', 'access', everything)
    await put('saml_idp_service_provider', 'aws', aws, 'v1', { env: 'prod' })
    expect(await catalog.user(alice.name)).toEqual({ ...alice, roles: ['access'] })
    expect((await catalog.role('access'))?.version).toBe('v8')
    expect((await catalog.serviceProviderByName('aws'))?.entityId).toBe(aws.entity_id)
    expect((await catalog.serviceProviderByEntityId(aws.entity_id))?.labels).toEqual({ env: 'prod' })
    expect((await catalog.listUsers()).map(({ value, stored }) => [value.name, stored.createdAt])).toEqual([
      [alice.name, now],
    ])
  })

  test.each(['nobody', '__proto__', 'constructor', 'toString', ''])('%j is not there', async (name) => {
    await put('role', 'access', everything)
    expect(await catalog.user(name)).toBeUndefined()
    expect(await catalog.role(name)).toBeUndefined()
    expect(await catalog.serviceProviderByName(name)).toBeUndefined()
    expect(await catalog.serviceProviderByEntityId(name)).toBeUndefined()
  })

  test('the roles of a user come once each, in their order, and missing ones are named', async () => {
    await put('role', 'admin', everything)
    await put('role', 'access', everything)
    const { roles, missing } = await catalog.rolesOf(alice)
    expect(roles.map(({ name }) => name)).toEqual(['access', 'admin'])
    expect(missing).toEqual(['gone'])
  })

  test('without a stored preference the defaults hold', async () => {
    expect(await catalog.preference()).toMatchObject({ samlIdpEnabled: true, secondFactor: 'required' })
    await put('cluster_auth_preference', preferenceName, { second_factors: [] }, 'v2')
    expect(await catalog.preference()).toMatchObject({ samlIdpEnabled: true, secondFactor: 'optional' })
  })
})

describe('freshness', () => {
  test('a committed change is seen by the next use; only what changed is parsed again', async () => {
    await put('role', 'one', everything)
    await put('role', 'two', everything)
    await catalog.rolesOf(alice)
    await catalog.role('one')
    expect(parsed).toEqual(['one', 'two'])
    await put('role', 'two', { options: { max_session_ttl: '1h' } })
    expect((await catalog.role('two'))?.options.maxSessionTtlMs).toBe(3_600_000)
    expect(parsed).toEqual(['one', 'two', 'two'])
  })

  test('after a change the others are not even read, and kinds without one stay as they were', async () => {
    for (const name of ['b', 'c', 'd']) await put('role', name, everything)
    await put('user', alice.name, { roles: ['b'] }, 'v2')
    const { resources } = store
    const lists: string[] = []
    const watching = new Catalog({
      store: {
        resources: {
          generation: () => resources.generation(),
          listSince: (generation) => resources.listSince(generation),
          count: () => resources.count(),
          listNames: (kind) => resources.listNames(kind),
          list: (kind) => {
            lists.push(kind)
            return resources.list(kind)
          },
        },
      },
      kinds: testKinds(),
      inventory: noInventory,
      logger: createLogger('silent'),
    })
    const first = await watching.read()
    lists.length = 0
    await put('role', 'c', { options: { max_session_ttl: '1h' } })
    await put('role', 'a', everything)
    const { revision = '' } = (await resources.find('role', 'd')) ?? {}
    await resources.delete({ kind: 'role', name: 'd', expectedRevision: revision })
    const second = await watching.read()
    expect(lists).toEqual([])
    expect([...second.parsed('role').keys()]).toEqual(['a', 'b', 'c'])
    expect(second.role('c')?.options.maxSessionTtlMs).toBe(3_600_000)
    expect(second.parsed('role').get('b')).toBe(first.parsed('role').get('b'))
    expect(second.parsed('user')).toBe(first.parsed('user'))
  })

  test('a deletion that hides behind a creation while the catalog reads is seen all the same', async () => {
    await put('role', 'goes', everything)
    const { resources } = store
    let meanwhile: (() => Promise<void>) | undefined
    const disturbed = new Catalog({
      store: {
        resources: {
          generation: () => resources.generation(),
          list: (kind) => resources.list(kind),
          listNames: (kind) => resources.listNames(kind),
          listSince: async (generation) => {
            const since = await resources.listSince(generation)
            await meanwhile?.()
            return since
          },
          count: () => resources.count(),
        },
      },
      kinds: testKinds(),
      inventory: noInventory,
      logger: createLogger('silent'),
    })
    await disturbed.read()
    const { revision = '' } = (await resources.find('role', 'goes')) ?? {}
    await resources.delete({ kind: 'role', name: 'goes', expectedRevision: revision })
    // The number of roles is what it was before, when the catalog counts them.
    meanwhile = async () => {
      meanwhile = undefined
      await put('role', 'comes', everything)
    }
    expect(await disturbed.role('goes')).toBeUndefined()
    expect(await disturbed.role('comes')).toBeDefined()
  })

  test('of a store that went back, as by a restore, nothing that was read before is kept', async () => {
    await using restored = await openStore({ url: 'sqlite::memory:' })
    let present: Store = store
    const { resources } = store
    const turned = new Catalog({
      store: {
        resources: {
          generation: () => present.resources.generation(),
          list: (kind) => present.resources.list(kind),
          listNames: (kind) => present.resources.listNames(kind),
          listSince: (generation) => present.resources.listSince(generation),
          count: () => present.resources.count(),
        },
      },
      kinds: testKinds(),
      inventory: noInventory,
      logger: createLogger('silent'),
    })
    const document = (name: string, session: string) => ({
      ...{ kind: 'role', version: 'v8', metadata: { name } },
      spec: { options: { max_session_ttl: session } },
    })
    const write = (to: Store, name: string, session: string) =>
      to.resources.create({ kind: 'role', name, document: document(name, session), now })
    for (const name of ['one', 'two', 'three']) await write(store, name, '1h')
    expect((await turned.read()).generation).toBe(await resources.generation())
    await write(restored, 'one', '2h')
    present = restored
    expect([...(await turned.read()).parsed('role').keys()]).toEqual(['one'])
    expect((await turned.role('one'))?.options.maxSessionTtlMs).toBe(2 * 3_600_000)
    // Up to the number that was reached before, and beyond it.
    for (const name of ['four', 'five', 'six']) {
      await write(restored, name, '1h')
      expect(await turned.role(name)).toBeDefined()
    }
  })

  test('a deleted resource is gone, and one made anew under its name is another one', async () => {
    await put('role', 'one', everything)
    expect(await catalog.role('one')).toBeDefined()
    const { revision } = (await store.resources.find('role', 'one')) ?? { revision: '' }
    await store.resources.delete({ kind: 'role', name: 'one', expectedRevision: revision })
    expect(await catalog.role('one')).toBeUndefined()
    await put('role', 'one', { options: { max_session_ttl: '1h' } })
    expect((await catalog.role('one'))?.options.maxSessionTtlMs).toBe(3_600_000)
  })

  test('many uses at once load once', async () => {
    await put('role', 'one', everything)
    await Promise.all(Array.from({ length: 50 }, () => catalog.role('one')))
    expect(parsed).toEqual(['one'])
  })

  test('whoever wrote sees it, also while an older load is under way', async () => {
    await put('role', 'one', { options: { max_session_ttl: '1h' } })
    let release = (): void => {}
    let reached = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const reading = new Promise<void>((resolve) => (reached = resolve))
    // The real store, whose answer about roles is on its way for a while.
    const { resources } = store
    const slow = {
      generation: () => resources.generation(),
      listSince: (generation: number) => resources.listSince(generation),
      count: () => resources.count(),
      listNames: (kind: ResourceKind) => resources.listNames(kind),
      list: async (kind: ResourceKind) => {
        const answer = await resources.list(kind)
        if (kind === 'role') {
          reached()
          await held
        }
        return answer
      },
    }
    const lagging = new Catalog({
      store: { resources: slow },
      kinds: testKinds(),
      inventory: noInventory,
      logger: createLogger('silent'),
    })
    const before = lagging.role('one')
    await reading
    await put('role', 'one', { options: { max_session_ttl: '2h' } })
    const after = lagging.role('one')
    release()
    expect((await after)?.options.maxSessionTtlMs).toBe(7_200_000)
    expect((await before)?.options.maxSessionTtlMs).toBe(3_600_000)
  })
})

describe('the inventory', () => {
  const production = { id: '555555555555', name: 'production', formerNames: [], tags: {} }
  const admins = {
    arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890123456/ps-1111111111111111',
    name: 'Admin',
  }
  const ref = `assignment/${production.id}/${admins.arn}`

  test('is that of the moment: a new one needs no write, and nothing is parsed again', async () => {
    let inventory: Inventory = emptyInventory
    const kinds = watched()
    const logger = createLogger('silent')
    const moving = new Catalog({ store, kinds, logger, inventory: () => Promise.resolve(inventory) })
    await put('role', 'one', everything)
    expect(await moving.rolesOf({ roles: [ref, 'one'] })).toMatchObject({
      roles: [{ name: 'one' }],
      missing: [ref],
    })
    inventory = { revision: '2', accounts: [production], permissionSets: [admins] }
    const { roles, missing } = await moving.rolesOf({ roles: [ref, 'one'] })
    expect(roles.map(({ name, origin }) => `${origin} ${name}`)).toEqual([
      'account_assignment Admin-on-production-555555555555',
      'stored one',
    ])
    expect(missing).toEqual([])
    expect((await moving.read()).inventory.revision).toBe('2')
    expect(parsed).toEqual(['one'])
  })
})

describe('within a transaction', () => {
  test('the catalog shows what it wrote, and forgets it when it is rolled back', async () => {
    await put('role', 'one', everything)
    await catalog.read()
    const work = store.transaction(async (tx) => {
      const document = { kind: 'role', version: 'v8', metadata: { name: 'two' }, spec: {} }
      expect(await catalog.readIn(tx)).toBe(await catalog.readIn(tx))
      await tx.resources.create({ kind: 'role', name: 'two', document, now })
      expect((await catalog.readIn(tx)).role('two')).toBeDefined()
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    // The next write takes the very revision that was given back.
    await put('role', 'two', { options: { max_session_ttl: '1h' } })
    expect((await catalog.role('two'))?.options.maxSessionTtlMs).toBe(3_600_000)
  })
})

describe('what cannot be read', () => {
  test('a broken resource is logged once and reported, and the others go on', async () => {
    await put('user', 'broken', { roles: { not: 'a list' } }, 'v2')
    await put('user', alice.name, { roles: ['access'] }, 'v2')
    await put('saml_idp_service_provider', 'broken', { entity_descriptor: '<oops' }, 'v1')
    await put('saml_idp_service_provider', 'aws', aws, 'v1')
    expect(await catalog.user('broken')).toBeUndefined()
    expect(await catalog.user(alice.name)).toBeDefined()
    expect(await catalog.serviceProviderByName('aws')).toBeDefined()
    expect(await catalog.serviceProviderByName('broken')).toBeUndefined()
    expect((await catalog.listUsers()).map(({ value }) => value.name)).toEqual([alice.name])
    const problems = await catalog.problems()
    expect(problems.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'user/broken',
      'saml_idp_service_provider/broken',
    ])
    expect(problems[0]?.message).toContain('roles')
    await put('role', 'access', everything)
    await catalog.user('broken')
    expect(logged.filter((line) => line.includes('a stored resource cannot be read'))).toHaveLength(2)
  })

  test('a role that cannot be read denies everything: its denials may have been there for a reason', async () => {
    await put('role', 'admin', everything)
    await put('role', 'access', everything)
    await put('saml_idp_service_provider', 'aws', aws, 'v1')
    const sp = await catalog.serviceProviderByName('aws')
    if (sp === undefined) throw new Error('aws is not there')
    const decide = async () => {
      const { roles, missing } = await catalog.rolesOf(alice)
      const preference = await catalog.preference()
      const session = { mfa: 'totp', device: 'none' } as const
      return {
        saml: decideSamlAccess({
          user: alice,
          roles,
          missingRoles: missing,
          serviceProvider: sp,
          preference,
          session,
          locks: [],
        }).effect,
        right: decideRight(roles, { resource: 'user', verb: 'create' }).effect,
      }
    }
    expect(await decide()).toEqual({ saml: 'allow', right: 'allow' })
    await put('role', 'access', { deny: { unheard_of: true } })
    expect(await decide()).toEqual({ saml: 'deny', right: 'deny' })
    await put('role', 'access', everything)
    expect(await decide()).toEqual({ saml: 'allow', right: 'allow' })
  })

  test('a preference that cannot be read is the strictest one', async () => {
    await put('cluster_auth_preference', preferenceName, { second_factor: 'perhaps' }, 'v2')
    expect(await catalog.preference()).toMatchObject({
      samlIdpEnabled: false,
      secondFactor: 'required',
      deviceTrustMode: 'required',
      requireSessionMfa: 'session',
    })
    expect(await catalog.problems()).toHaveLength(1)
  })
})
