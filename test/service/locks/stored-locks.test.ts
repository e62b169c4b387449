/** Locks as they are stored: what cannot be read still holds, and what has ended goes a day later. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { day, hour } from '../../../src/core/time.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { readUnreadableLock } from '../../../src/service/locks/unreadable.js'
import {
  auditEvents,
  createPerson,
  password,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../../support/people.js'
import { openTestGateway, testEpoch } from '../../support/test-gateway.js'

describe('a stored lock that cannot be read', () => {
  test('holds on what it names', async () => {
    await using gateway = await openTestGateway({ resources: testResources })
    const admin = await signInAdmin(gateway)
    await createPerson(gateway, admin, { name: 'alice@example.com', roles: ['aws'] })
    const { store, catalog } = gateway.gateway
    const document = {
      kind: 'lock',
      version: 'v9',
      metadata: { name: 'l' },
      spec: { target: { user: 'alice@example.com' }, expires: '2020-01-01T00:00:00Z', unheard_of: true },
    }
    await store.resources.create({ kind: 'lock', name: 'l', document, now: testEpoch })
    expect((await catalog.problems()).map(({ name }) => name)).toEqual(['l'])
    const refused = await new TestBrowser(gateway).post('/v1/sign-in', {
      user: 'alice@example.com',
      password,
    })
    expect(refused.body).toMatchObject({ code: 'LOCKED' })
    expect((await admin.delete('/v1/resources/lock/l')).status).toBe(200)
    const again = await new TestBrowser(gateway).post('/v1/sign-in', { user: 'alice@example.com', password })
    expect(again.status).toBe(200)
  })

  test.each([
    {},
    { spec: null },
    { spec: { target: [] } },
    { spec: { target: { user: 7 } } },
    { spec: { target: { user: '' } } },
  ])('%j names nothing', (document) => {
    expect(readUnreadableLock('l', document)).toBeUndefined()
  })
})

describe('a lock that has ended', () => {
  test('is deleted a day later, with an event, and not before', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-locks-'))
    const clock = new ManualClock(testEpoch)
    /** Housekeeping runs at each start, and ends before the gateway does. */
    const restart = async () => {
      await using _ = await openTestGateway({ resources: testResources, dataDir, clock })
    }
    const names = async () => {
      await using gateway = await openTestGateway({ resources: testResources, dataDir, clock })
      const events = await auditEvents(gateway, { type: 'lock.deleted' })
      const locks = (await gateway.gateway.catalog.read()).locks().map(({ name }) => name)
      return { locks, deleted: events.map(({ name, user }) => `${String(name)} by ${String(user)}`) }
    }
    try {
      {
        await using gateway = await openTestGateway({ resources: testResources, dataDir, clock })
        const admin = await signInAdmin(gateway)
        const target = { user: 'alice@example.com' }
        for (const [name, more] of [
          ['hour', { ttl: '1h' }],
          ['days', { ttl: '72h' }],
          ['endless', {}],
        ] as const) {
          const document = { kind: 'lock', version: 'v2', metadata: { name }, spec: { target, ...more } }
          expect((await admin.post('/v1/resources', document)).status).toBeLessThan(300)
        }
      }
      clock.advance(hour + day - 1)
      await restart()
      expect(await names()).toEqual({ locks: ['days', 'endless', 'hour'], deleted: [] })
      clock.advance(1)
      await restart()
      expect(await names()).toEqual({ locks: ['days', 'endless'], deleted: ['hour by system'] })
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
