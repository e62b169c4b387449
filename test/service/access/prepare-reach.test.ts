import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { emptyInventory, type Inventory } from '../../../src/core/inventory/inventory.js'
import { prepareReach } from '../../../src/core/role/reach.js'
import type { Role } from '../../../src/core/role/role.js'
import { createLogger } from '../../../src/lib/logger.js'
import {
  createReachPreparation,
  prepareReachInSlices,
  type ReachPreparation,
} from '../../../src/service/access/prepare-reach.js'
import { Catalog } from '../../../src/service/resources/catalog.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { Store } from '../../../src/store/store.js'
import { buildRole } from '../../core/role/build.js'
import { buildInventory } from '../../support/inventory.js'
import { testKinds } from '../../support/kinds.js'

/** Every account and permission set is covered, so that nothing can be left out. */
function regexRole(name: string, count = 1): Role {
  const allowAssignments = Array.from({ length: count }, (_, at) => ({
    account: `^.*(${name}${at}|0).*$`,
    permissionSet: `^arn:.*(${name}${at}|ps-).*$`,
  }))
  return buildRole(name, 'v8', { allowAssignments })
}

function countSteps(roles: readonly Role[], inventory: Inventory): number {
  let steps = 0
  for (const work = prepareReach(roles, inventory); work.next().done !== true;) steps++
  return steps
}

/** One step remains for each entry when every pattern was tried. */
function isPrepared(role: Role, inventory: Inventory): boolean {
  return countSteps([role], inventory) === role.allow.accountAssignments.length
}

describe('preparing in slices', () => {
  test('others get their turn meanwhile, and everything is tried in the end', async () => {
    const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
    const role = regexRole('many', 150)
    let turns = 0
    let isDone = false
    const prepared = prepareReachInSlices([role], inventory).finally(() => (isDone = true))
    while (!isDone) {
      await nextTurn()
      turns++
    }
    await prepared
    expect(turns).toBeGreaterThan(3)
    expect(isPrepared(role, inventory)).toBe(true)
  })

  test('what was tried is not tried again', async () => {
    const inventory = buildInventory({ accounts: 100, permissionSets: 50 })
    const role = regexRole('once')
    expect(isPrepared(role, buildInventory({ accounts: 100, permissionSets: 50 }))).toBe(false)
    await prepareReachInSlices([role], inventory)
    expect(isPrepared(role, inventory)).toBe(true)
  })

  test('two that need the same patterns at the same time share the work', async () => {
    const alone = countSteps(
      [regexRole('shared', 20)],
      buildInventory({ accounts: 300, permissionSets: 200 }),
    )
    const inventory = buildInventory({ accounts: 300, permissionSets: 200 })
    const both = [0, 1].map(() => prepareReach([regexRole('shared', 20)], inventory))
    let steps = 0
    while (both.filter((work) => work.next().done !== true).length > 0) steps++
    expect(steps).toBeLessThan(alone * 0.7)
  })

  test('what is told to end stops at its next turn', async () => {
    const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
    const role = regexRole('ended', 150)
    await prepareReachInSlices([role], inventory, AbortSignal.abort())
    expect(isPrepared(role, inventory)).toBe(false)
  })
})

describe('preparing in the background', () => {
  let store: Store
  let preparation: ReachPreparation
  let inventory: Inventory
  let catalog: Catalog
  beforeEach(async () => {
    store = await openStore({ url: 'sqlite::memory:' })
    const logger = createLogger('silent')
    preparation = createReachPreparation({ logger })
    inventory = emptyInventory
    const onChange = preparation.start
    catalog = new Catalog({
      store,
      kinds: testKinds(),
      logger,
      inventory: () => Promise.resolve(inventory),
      onChange,
    })
  })
  afterEach(async () => {
    await preparation[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })

  async function storeRole(name: string): Promise<Role> {
    const role = regexRole(name)
    const account_assignments = role.allow.accountAssignments.map((entry) => ({
      account: entry.account,
      permission_set: entry.permissionSet,
    }))
    const spec = { allow: { account_assignments } }
    const document = { kind: 'role', version: 'v8', metadata: { name }, spec }
    await store.resources.create({ kind: 'role', name, document, now: 0 })
    return role
  }

  test('the first read after a role was written starts it', async () => {
    inventory = buildInventory({ accounts: 100, permissionSets: 50 })
    await catalog.read()
    const role = await storeRole('written')
    await preparation.settled()
    expect(isPrepared(role, structuredClone(inventory))).toBe(false)
    await catalog.read()
    await preparation.settled()
    expect(isPrepared(role, inventory)).toBe(true)
  })

  test('another inventory starts it', async () => {
    const role = await storeRole('kept')
    await catalog.read()
    inventory = buildInventory({ accounts: 100, permissionSets: 50 })
    await catalog.read()
    await preparation.settled()
    expect(isPrepared(role, inventory)).toBe(true)
  })

  test('nothing is tried after it was disposed', async () => {
    const role = await storeRole('late')
    inventory = buildInventory({ accounts: 100, permissionSets: 50 })
    await catalog.read()
    await preparation[Symbol.asyncDispose]()
    expect(isPrepared(role, inventory)).toBe(false)
  })
})
