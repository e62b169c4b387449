/** @module Conformance of what is remembered of upstream directories. */
import { describe, expect, test } from 'vitest'
import type { DirectoryHold, DirectoryResource, DirectoryToken } from '../../../src/store/store.js'
import { minute, now, open, type Engine } from './engine.js'

const token: DirectoryToken = {
  id: 't1',
  connector: 'okta',
  tokenHash: 'hash',
  label: 'Okta',
  createdAt: now,
  createdBy: 'admin',
  expiresAt: now + minute,
  lastUsedAt: undefined,
  lastUsedFrom: undefined,
}

const user: DirectoryResource = {
  id: 'u1',
  connector: 'okta',
  kind: 'user',
  name: 'ada@example.com',
  externalId: 'x',
  attributes: { title: 'Countess', emails: [{ value: 'a\u0000b' }] },
  createdAt: now,
  updatedAt: now,
}

const hold: DirectoryHold = {
  key: 'k',
  connector: 'okta',
  state: 'waiting',
  what: 'Delete',
  says: 'Many.',
  firstAt: now,
  lastAt: now,
  tries: 1,
  decidedBy: undefined,
  decidedAt: undefined,
}

export function directoryConformance(engine: Engine): void {
  describe('upstream directories', () => {
    test('tokens are found by hash, belong to one connector, and keep their latest use', async () => {
      const { directories } = await open(await engine.newUrl())
      await directories.addToken(token)
      await directories.touchToken('t1', { at: now + 2, from: '192.0.2.1' })
      await directories.touchToken('t1', { at: now + 1, from: '192.0.2.2' })
      const used = { ...token, lastUsedAt: now + 2, lastUsedFrom: '192.0.2.1' }
      expect(await directories.findToken('hash')).toEqual(used)
      expect(await directories.listTokens('okta')).toEqual([used])
      expect(await directories.deleteToken('entra', 't1')).toBe(false)
      expect(await directories.deleteToken('okta', 't1')).toBe(true)
      expect(await directories.findToken('hash')).toBeUndefined()
    })

    test('a resource is found by id, name and externalId within its connector and kind, and forgotten by name', async () => {
      const { directories } = await open(await engine.newUrl())
      await directories.create(user)
      await directories.create({ ...user, id: 'g1', kind: 'group', externalId: undefined })
      expect(await directories.find('okta', 'user', 'u1')).toEqual(user)
      expect(await directories.find('entra', 'user', 'u1')).toBeUndefined()
      expect(await directories.find('okta', 'group', 'u1')).toBeUndefined()
      expect(await directories.find('okta', 'user', '\u0000')).toBeUndefined()
      expect(await directories.findByName('user', user.name)).toEqual(user)
      expect(await directories.listByExternalId('okta', 'user', 'x')).toEqual([user])
      expect(await directories.listByExternalId('okta', 'user', 'X')).toEqual([])
      expect(await directories.listIds('okta', 'user')).toEqual(new Map([[user.name, 'u1']]))
      const changed = { ...user, externalId: undefined, updatedAt: now + 1, attributes: {} }
      await directories.update(changed)
      expect(await directories.list('okta', 'user')).toEqual([changed])
      await expect(directories.create({ ...user, id: 'u2' })).rejects.toThrow()
      await directories.forget('user', user.name)
      expect(await directories.list('okta', 'user')).toEqual([])
      expect(await directories.list('okta', 'group')).toHaveLength(1)
    })

    test('removals are counted by kind and connector since an instant; old ones and old holds go', async () => {
      const { directories } = await open(await engine.newUrl())
      await directories.addRemovals('okta', 'users', 1, now)
      await directories.addRemovals('okta', 'users', 2, now + 1)
      await directories.addRemovals('okta', 'memberships', 5, now + 1)
      await directories.addRemovals('entra', 'users', 7, now + 1)
      expect(await directories.countRemovals('okta', now - 1)).toEqual(
        new Map([
          ['users', 3],
          ['memberships', 5],
        ]),
      )
      expect((await directories.countRemovals('okta', now)).get('users')).toBe(2)
      await directories.putHold(hold)
      const released = { ...hold, state: 'released', tries: 2, decidedBy: 'admin', decidedAt: now } as const
      await directories.putHold(released)
      await directories.putHold({ ...hold, connector: 'entra' })
      expect(await directories.findHold('okta', 'k')).toEqual(released)
      expect(await directories.listHolds('okta')).toEqual([released])
      await directories.deleteHold('okta', 'k')
      expect(await directories.findHold('okta', 'k')).toBeUndefined()
      await directories.deleteBefore({ removals: now + 1, holds: now + 1 })
      expect(await directories.listHolds('entra')).toEqual([])
      expect((await directories.countRemovals('okta', 0)).get('users')).toBe(2)
    })
  })
}
