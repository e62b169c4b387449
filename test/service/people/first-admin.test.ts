import { describe, expect, test } from 'vitest'
import { firstAdminLink } from '../../../src/service/people/first-admin.js'
import { inspectLink, redeemLink } from '../../../src/service/people/redeem-link.js'
import { desk, ofConnector, openHouse, password, refusal, settle, tokenOf } from './house.js'

describe('the first administrator', () => {
  test('an empty gateway gives a link for an administrator', async () => {
    await using house = await openHouse()
    const issued = await firstAdminLink(house.deps)
    expect(issued?.url).toMatch(/^https:\/\/gatehouse\.test\/invite#[\w-]{43}$/)
    expect(await house.deps.catalog.user('admin')).toMatchObject({
      roles: ['editor', 'auditor', 'access'],
      origin: { kind: 'local' },
    })
    expect(await house.events()).toMatchObject([
      { event: 'user.create', user: 'system', name: 'admin' },
      { event: 'reset_password_token.create', user: 'system', name: 'admin', ttl: '1h' },
    ])
  })

  test('a restart before the link is used gives a fresh one and ends the old one', async () => {
    await using house = await openHouse()
    const first = await firstAdminLink(house.deps)
    const second = await firstAdminLink(house.deps, { name: 'other' })
    expect(second?.user).toBe('admin')
    await refusal(inspectLink(house.deps, tokenOf(first?.url ?? ''), desk), 'LINK_INVALID')
    expect((await inspectLink(house.deps, tokenOf(second?.url ?? ''), desk)).user).toBe('admin')
    expect(await house.deps.catalog.listUsers()).toHaveLength(1)
  })

  test('once the link is used there is none any more', async () => {
    await using house = await openHouse()
    const issued = await firstAdminLink(house.deps)
    await redeemLink(house.deps, { token: tokenOf(issued?.url ?? ''), password }, desk)
    expect(await firstAdminLink(house.deps)).toBeUndefined()
  })

  test('an administrator with a password means none is needed', async () => {
    await using house = await openHouse()
    await settle(house, { name: 'eve@example.com', roles: ['editor'] })
    expect(await firstAdminLink(house.deps)).toBeUndefined()
    expect(await house.deps.catalog.user('admin')).toBeUndefined()
  })

  test('one of a connector does not, for nothing signs that person in', async () => {
    await using house = await openHouse()
    await house.putUser('okta@example.com', { ...ofConnector, roles: ['editor'] })
    expect(await firstAdminLink(house.deps, { name: 'okta@example.com' }).catch(String)).toContain(
      'a user who is not local or has not the role editor',
    )
    expect((await firstAdminLink(house.deps))?.user).toBe('admin')
  })

  test('a person with a password who is no administrator locks nobody out', async () => {
    await using house = await openHouse()
    await settle(house)
    expect((await firstAdminLink(house.deps))?.user).toBe('admin')
  })

  test('a local editor without a password gets the link, first_admin_name before others', async () => {
    await using house = await openHouse()
    await house.putUser('ada@example.com', { roles: ['editor'] })
    await house.putUser('ben@example.com', { roles: ['editor', 'access'] })
    const first = await firstAdminLink(house.deps)
    expect(first?.user).toBe('ada@example.com')
    const second = await firstAdminLink(house.deps, { name: 'ben@example.com' })
    expect(second?.user).toBe('ben@example.com')
    await redeemLink(house.deps, { token: tokenOf(second?.url ?? ''), password }, desk)
    expect((await house.deps.catalog.user('ben@example.com'))?.roles).toEqual(['editor', 'access'])
    expect(await house.deps.catalog.listUsers()).toHaveLength(2)
    expect(await firstAdminLink(house.deps)).toBeUndefined()
  })

  test('a taken name is refused and the user who has it stays as they are', async () => {
    await using house = await openHouse()
    await house.putUser('admin', { roles: ['access'] })
    const message = await refusal(firstAdminLink(house.deps), 'ALREADY_EXISTS')
    expect(message).toContain('the setting first_admin_name (GATEHOUSE_FIRST_ADMIN_NAME) is "admin"')
    expect(message).toContain('choose another first_admin_name, or add a user of a new name')
    expect((await house.deps.catalog.user('admin'))?.roles).toEqual(['access'])
    expect((await firstAdminLink(house.deps, { name: 'root' }))?.user).toBe('root')
  })
})
