import { describe, expect, test } from 'vitest'
import { firstAdminLink } from '../../../src/service/people/first-admin.js'
import { createInvite } from '../../../src/service/people/links.js'
import { inspectLink, redeemLink } from '../../../src/service/people/redeem-link.js'
import { desk, openHouse, password, refusal, settle, tokenOf } from './house.js'

describe('the first administrator', () => {
  test('an empty gateway gives a link for an administrator', async () => {
    await using house = await openHouse()
    const issued = await firstAdminLink(house.deps)
    expect(issued?.url).toMatch(/^https:\/\/gatehouse\.test\/invite\/[\w-]{43}$/)
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

  test('a user with the role editor, or with a password, means none is needed', async () => {
    {
      await using house = await openHouse()
      await house.putRole('editor')
      await createInvite(house.deps, { name: 'eve@example.com', roles: ['editor'] }, 'admin', desk)
      expect(await firstAdminLink(house.deps)).toBeUndefined()
    }
    await using house = await openHouse()
    await settle(house)
    expect(await firstAdminLink(house.deps)).toBeUndefined()
    expect(await house.deps.catalog.user('admin')).toBeUndefined()
  })

  test('a taken name is refused and the user who has it stays as they are', async () => {
    await using house = await openHouse()
    await house.putUser('admin', { roles: ['access'] })
    expect(await refusal(firstAdminLink(house.deps), 'ALREADY_EXISTS')).toContain('choose another name')
    expect((await house.deps.catalog.user('admin'))?.roles).toEqual(['access'])
    expect((await firstAdminLink(house.deps, { name: 'root' }))?.user).toBe('root')
  })
})
