import { describe, expect, test } from 'vitest'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { createInventorySource } from '../../../src/service/identity-center/inventory.js'
import type { SeenObject } from '../../../src/store/store.js'
import { plugin } from '../../kinds/plugin/documents.js'
import { openWorld, start } from '../resources/world.js'

const name = 'aws-identity-center'
const configured: Inventory = { revision: 'file', accounts: [], permissionSets: [] }
const arn = (number: number) =>
  `arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-000000000000000${number}`

function account(number: number, changes: object = {}): SeenObject {
  const id = String(number).repeat(12)
  const document = {
    id,
    arn: 'x',
    name: `account-${number}`,
    formerNames: [],
    status: 'ACTIVE',
    tags: {},
    isManagement: false,
  }
  return { id, document: { ...document, ...changes }, seenAt: start }
}

const set = (number: number): SeenObject => ({
  id: arn(number),
  document: { arn: arn(number), name: `Set${number}`, description: 'd' },
  seenAt: start,
})

async function openSource() {
  const world = await openWorld()
  const { store, kinds } = world.deps
  return { ...world, read: createInventorySource({ store, kinds, configured }) }
}

describe('the inventory', () => {
  test('is the configured one until a plugin has read anything', async () => {
    const { apply, store, read } = await openSource()
    expect(await read()).toBe(configured)
    await apply(plugin())
    expect(await read()).toBe(configured)
    await store.observations.put(name, 'account', [account(1)])
    expect((await read()).accounts).toHaveLength(1)
  })

  test('has what the plugins saw, with former names, within the filters of accounts', async () => {
    const { apply, store, read } = await openSource()
    await apply(plugin({ aws_accounts_filters: [{ exclude_name: '*-2' }] }))
    await store.observations.put(name, 'account', [
      account(1, { formerNames: ['old'], email: 'a@example.com', ouPath: 'Root/A', tags: { team: 'x' } }),
      account(2),
    ])
    await store.observations.put(name, 'permission_set', [set(1)])
    expect(await read()).toEqual({
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
      accounts: [
        {
          id: '111111111111',
          name: 'account-1',
          formerNames: ['old'],
          email: 'a@example.com',
          ouPath: 'Root/A',
          tags: { team: 'x' },
        },
      ],
      permissionSets: [{ arn: arn(1), name: 'Set1', description: 'd' }],
    })
  })

  test('has a new revision exactly when something in it is another', async () => {
    const { apply, store, read } = await openSource()
    await apply(plugin())
    await store.observations.replaceAll(name, 'account', [account(1), account(2)])
    const first = await read()
    await store.observations.replaceAll(name, 'account', [account(2), { ...account(1), seenAt: start + 1 }])
    expect(await read()).toBe(first)
    await store.observations.put(name, 'user', [{ id: 'u', document: {}, seenAt: start }])
    expect(await read()).toBe(first)
    await store.observations.put(name, 'account', [
      account(1, { name: 'renamed', formerNames: ['account-1'] }),
    ])
    const second = await read()
    expect(second.revision).not.toBe(first.revision)
    await apply(plugin({ aws_accounts_filters: [{ id: '111111111111' }] }))
    const third = await read()
    expect(third.accounts.map(({ id }) => id)).toEqual(['111111111111'])
    await apply(plugin())
    expect((await read()).revision).toBe(second.revision)
  })

  test('leaves out what is damaged, and what is of a plugin that cannot be read', async () => {
    const { apply, store, read } = await openSource()
    await apply(plugin())
    await store.observations.put(name, 'account', [
      account(1),
      { id: 'x', document: { id: 'x', name: 'no id' }, seenAt: start },
      { id: 'y', document: null, seenAt: start },
      account(3, { tags: 'none', email: 7 }),
    ])
    const { accounts } = await read()
    expect(accounts.map(({ id, tags, email }) => [id, tags, email])).toEqual([
      ['111111111111', {}, undefined],
      ['333333333333', {}, undefined],
    ])
    const now = start
    await store.resources.create({ kind: 'plugin', name: 'broken', document: {}, now })
    await store.observations.put('broken', 'account', [account(4)])
    expect((await read()).accounts).toHaveLength(2)
  })

  test('is gone with the plugin that saw it', async () => {
    const { apply, store, remove, read } = await openSource()
    await apply(plugin())
    await store.observations.put(name, 'account', [account(1)])
    await read()
    await remove('plugin', name)
    expect(await read()).toBe(configured)
  })

  test('is read once by many who ask at once', async () => {
    const { apply, store, read } = await openSource()
    await apply(plugin())
    await store.observations.put(name, 'account', [account(1)])
    const all = await Promise.all([read(), read(), read()])
    expect(new Set(all).size).toBe(1)
  })
})
