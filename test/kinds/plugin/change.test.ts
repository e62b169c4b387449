/** What a plugin refuses to become, and what goes with it. */
import { describe, expect, test } from 'vitest'
import type { Link } from '../../../src/core/identity-center/observation.js'
import type { Authority } from '../../../src/service/authority.js'
import type { ScimToken } from '../../../src/store/store.js'
import { openWorld, refused, rule, start, user, type World } from '../../service/resources/world.js'
import { plugin, scimUrl } from './documents.js'

const name = 'aws-identity-center'
const host = 'scim.eu-central-1.amazonaws.com'
const at = (url: string, allow_other_host = false) =>
  plugin({ provisioning_spec: { base_url: url, ...(allow_other_host && { allow_other_host }) } })

function aToken(slot: 1 | 2, of: string): ScimToken {
  const times = { addedAt: start, expiresAt: start + 1, refusedAt: undefined }
  return { slot, sealedToken: 'sealed', host: of, addedBy: 'admin', ...times }
}

const bob: Link = {
  kind: 'user',
  name: 'bob',
  awsId: 'u1',
  origin: 'created',
  linkedAt: start,
  unwantedSince: undefined,
}

async function admin(world: World): Promise<Authority> {
  await world.apply([rule('all', 'plugin', ['*']), user('ann', { roles: ['all'] })])
  return await world.person('ann')
}

describe('the SCIM endpoint (T15)', () => {
  test('may move while no token is stored', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(at(scimUrl), { by })
    const [change] = await world.apply(at('https://scim.other.example/a/scim/v2', true), { by })
    expect(change?.action).toBe('update')
  })

  test('may not move to another host with a token that was given for this one', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(at(scimUrl), { by })
    await world.store.scimTokens.put(name, aToken(1, host))
    const error = await refused(world.apply(at('https://scim.other.example/a/scim/v2', true), { by }))
    expect([error.code, error.message]).toEqual([
      'INVALID_RESOURCE',
      expect.stringContaining(`a SCIM token for ${host} is stored, and it is not sent to scim.other.example`),
    ])
    // Neither at once nor by way of none.
    await world.apply(plugin(), { by })
    await refused(world.apply(at('https://scim.other.example/a/scim/v2', true), { by }))
    expect(await world.store.scimTokens.list(name)).toEqual([aToken(1, host)])
  })

  test('may move within its host, and the token stays', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(at(scimUrl), { by })
    await world.store.scimTokens.put(name, aToken(1, host))
    await world.apply(at(scimUrl.replace('a1b2', 'ffff')), { by })
    expect(await world.store.scimTokens.list(name)).toEqual([aToken(1, host)])
  })

  test('moves with a token for the new host, and those for others are forgotten', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(at(scimUrl), { by })
    await world.store.scimTokens.put(name, aToken(1, host))
    await world.store.scimTokens.put(name, aToken(2, 'scim.other.example'))
    const [change] = await world.apply(at('https://scim.other.example/a/scim/v2', true), { by })
    expect(change?.notes).toContain(`Forgets the SCIM token for ${host}.`)
    expect(await world.store.scimTokens.list(name)).toEqual([aToken(2, 'scim.other.example')])
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'aws_identity_center.scim_token.delete',
      slot: 1,
      host,
      user: 'ann',
    })
    expect(JSON.stringify(await world.events())).not.toContain('sealed')
  })
})

describe('a plugin', () => {
  test('goes from NONE to ALL, and never back', async () => {
    const world = await openWorld()
    const none = plugin({ roles_sync_mode: 'NONE', group_sync_filters: [{ exclude_name: '*' }] })
    await world.apply(none)
    await world.apply(plugin({ roles_sync_mode: 'ALL' }))
    const error = await refused(world.apply(none))
    expect(error.message).toContain('cannot be changed from ALL to NONE')
  })

  test('stays with its instance once something is bound to it', async () => {
    const world = await openWorld()
    const other = plugin({ arn: 'arn:aws:sso:::instance/ssoins-ffffffffffffffff' })
    await world.apply(plugin())
    await world.apply(other)
    await world.store.principalLinks.put(name, bob)
    expect((await refused(world.apply(plugin()))).message).toContain('bound to this plugin')
  })

  test('is the only one of its instance', async () => {
    const world = await openWorld()
    await world.apply(plugin())
    expect((await refused(world.apply(plugin({}, 'second')))).code).toBe('ALREADY_EXISTS')
  })

  test('is deleted by a person while nothing rests on it, with all that it remembers', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(plugin(), { by })
    await world.store.scimTokens.put(name, aToken(1, host))
    await world.store.observations.put(name, 'user', [{ id: 'u', document: {}, seenAt: start }])
    const { notes } = await world.remove('awsic', name, { by })
    expect(notes).toEqual([
      'Forgets its SCIM tokens; delete them at AWS, too.',
      'What exists in AWS stays as it is.',
    ])
    expect(await world.store.scimTokens.list(name)).toEqual([])
    expect(await world.store.observations.list(name, 'user')).toEqual([])
    expect((await world.events()).at(-1)).toMatchObject({ event: 'plugin.delete', code: 'PG003I', name })
  })

  test('that is active, or bound to anything, goes by its uninstall alone', async () => {
    const world = await openWorld()
    const by = await admin(world)
    await world.apply(plugin({ sync: 'active' }), { by })
    const active = await refused(world.remove('plugin', name, { by }))
    expect([active.code, active.message]).toEqual([
      'STILL_IN_USE',
      expect.stringContaining('gatehouse awsic uninstall'),
    ])
    await world.apply(plugin(), { by })
    await world.store.principalLinks.put(name, bob)
    expect((await refused(world.remove('plugin', name, { by }))).code).toBe('STILL_IN_USE')
    // The uninstall acts as the gateway itself.
    await world.remove('plugin', name)
    expect(await world.store.principalLinks.list(name)).toEqual([])
  })

  test('warns of what it names and what is not there', async () => {
    const world = await openWorld()
    const [change] = await world.apply(
      plugin({
        credentials: { oidc: { integration_name: 'aws' } },
        saml_idp_service_provider_name: 'sp',
        access_list_default_owners: ['nobody'],
      }),
    )
    expect(change?.notes).toEqual([
      'There is no integration "aws"; AWS cannot be reached until there is one.',
      'There is no service provider "sp"; nobody signs in to AWS until there is one.',
      'There is no user "nobody", who is to own imported lists.',
    ])
  })
})
