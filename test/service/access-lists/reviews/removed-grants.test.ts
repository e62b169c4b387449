/** What a list does not give, since nobody reviewed it, comes back with its review and in no other way. */
import { describe, expect, test } from 'vitest'
import { findOverdue } from '../../../../src/core/entitlement/overdue.js'
import { collectDesired } from '../../../../src/reconcile/collect.js'
import { effectiveUser } from '../../../../src/service/access/effective.js'
import { listRoleHolders } from '../../../../src/service/access/role-holders.js'
import { systemAuthority } from '../../../../src/service/authority.js'
import { role, user } from '../../resources/world.js'
import { openHouse, overdue } from './house.js'

/** Who holds something by list a now, as each way to ask tells it: rights, holders of a role, the sync. */
async function open() {
  const spec = {
    audit: overdue('remove_grants'),
    grants: { roles: ['gift'] },
    owner_grants: { roles: ['extra'] },
  }
  const house = await openHouse()
  const { world } = house
  await world.apply([
    role('gift'),
    role('extra'),
    user('eve'),
    { ...house.list, spec: { ...house.list.spec, ...spec } },
  ])
  const document = (more: object) => ({ ...house.list, spec: { ...house.list.spec, ...spec, ...more } })
  const rolesOf = async (name: string) => {
    const catalog = await world.deps.catalog.read()
    const found = await effectiveUser(world.store.members, catalog, name, world.clock.now())
    return found?.user.roles ?? []
  }
  const settings = { name: 'aws', serviceProvider: undefined } as Parameters<typeof collectDesired>[2]
  return {
    ...house,
    document,
    rolesOf,
    holders: async (name: string) => {
      const { items } = await listRoleHolders(
        world.deps,
        { name, limit: 50, search: undefined, cursor: undefined },
        systemAuthority,
      )
      return items.map((one) => one.name)
    },
    synced: async () => {
      const catalog = await world.deps.catalog.read()
      const seen = { accounts: new Map(), permissionSets: new Map() }
      const input = await collectDesired(world.deps, catalog, settings, seen, world.clock.now())
      const lists = catalog.accessLists().map(({ value }) => value)
      return !findOverdue(lists, input).withoutGrants.has('a')
    },
    emptied: async () => {
      world.clock.advance(1000)
      for (const name of ['bob', 'cat']) await house.take(name)
      await house.takeList('nested')
      expect(await house.members()).toEqual([])
    },
  }
}

describe('a list that gives nothing until it is reviewed', () => {
  test('gives nothing to its owners once it is emptied, and nothing once it is filled again', async () => {
    const house = await open()
    expect([await house.rolesOf('bob'), await house.rolesOf('ann'), await house.synced()]).toEqual([
      [],
      [],
      false,
    ])
    await house.emptied()
    expect([await house.rolesOf('ann'), await house.synced()]).toEqual([[], false])
    expect(await house.holders('extra')).toEqual([])
    await house.add('eve')
    expect([await house.rolesOf('eve'), await house.rolesOf('ann'), await house.synced()]).toEqual([
      [],
      [],
      false,
    ])
    await house.submit({ keepRest: true })
    expect([await house.rolesOf('eve'), await house.rolesOf('ann'), await house.synced()]).toEqual([
      ['gift'],
      ['extra'],
      true,
    ])
    expect(await house.holders('extra')).toEqual(['ann', 'ola'])
  })

  test('is still to be reviewed while it is empty, and gives again once that is done', async () => {
    const house = await open()
    await house.emptied()
    expect((await house.show()).review).toMatchObject({ state: 'overdue', inForce: 'grants_removed' })
    const { answer } = await house.submit()
    expect(answer.changes).toEqual(['Members and owners hold again what the list grants, here and in AWS.'])
    expect([await house.rolesOf('ann'), await house.synced()]).toEqual([['extra'], true])
  })

  test('gives nothing to other owners either', async () => {
    const house = await open()
    await house.world.apply(house.document({ owners: ['eve'] }))
    expect([await house.rolesOf('eve'), await house.rolesOf('bob'), await house.synced()]).toEqual([
      [],
      [],
      false,
    ])
  })

  test('is one that had members when it began: an empty one gives its owners what it says', async () => {
    const house = await open()
    await house.world.apply(house.document({ audit: { next_audit_date: '2026-04-01T00:00:00Z' } }))
    await house.emptied()
    await house.world.apply(
      house.document({
        audit: { next_audit_date: '2026-04-01T00:00:00Z', when_overdue: { then: 'remove_grants' } },
      }),
    )
    house.world.clock.advance(60 * 86_400_000)
    expect([await house.rolesOf('ann'), await house.synced()]).toEqual([['extra'], true])
  })
})
