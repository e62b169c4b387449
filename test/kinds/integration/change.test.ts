/** What may change of an integration that a plugin uses: its issuer and audience only before AWS let us in by them. */
import { expect, test } from 'vitest'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { openWorld, refused, rule, user, type World } from '../../service/resources/world.js'
import { plugin } from '../plugin/documents.js'

const roleArn = 'arn:aws:iam::111111111111:role/GatehouseIdentityCenter'
const others = [{ issuer: 'https://id.example.com' }, { audience: 'another' }]
const integration = (aws_oidc: Readonly<Record<string, unknown>>) => ({
  kind: 'integration',
  sub_kind: 'aws-oidc',
  version: 'v1',
  metadata: { name: 'aws' },
  spec: { aws_oidc },
})
const pluginName = plugin({}).metadata.name

async function inUse(aws_oidc: Readonly<Record<string, unknown>>): Promise<World> {
  const world = await openWorld()
  await world.apply([rule('all', 'plugin', ['*']), user('ann', { roles: ['all'] })])
  await world.apply([integration(aws_oidc), plugin({ credentials: { oidc: { integration_name: 'aws' } } })])
  return world
}

test('the public host of the keys can be named as long as no role trusts another issuer', async () => {
  const world = await inUse({})
  const [change] = await world.apply(integration({ issuer: 'https://id.example.com' }))
  expect(change?.action).toBe('update')
})

test('a role that AWS never let us take on keeps neither issuer nor audience', async () => {
  for (const other of others) {
    const world = await inUse({ role_arn: roleArn })
    const [change] = await world.apply(integration({ role_arn: roleArn, ...other }))
    expect(change?.action).toBe('update')
  }
})

test('once AWS was read by the role, its issuer and its audience stay while a plugin uses them', async () => {
  const world = await inUse({ role_arn: roleArn })
  await world.store.notes.put(noteNames.reading(pluginName), { lastScan: { at: 1, tookMs: 1, everyMs: 1 } })
  await assertKept(world)
})

test('so does a test that AWS answered, whatever it allowed', async () => {
  const world = await inUse({ role_arn: roleArn })
  const trusts = JSON.stringify(['aws', roleArn, 'sts.amazonaws.com', ''])
  await world.store.notes.put(noteNames.tested(pluginName), { ok: false, trusts })
  await assertKept(world)
})

async function assertKept(world: World): Promise<void> {
  for (const other of others) {
    const error = await refused(world.apply(integration({ role_arn: roleArn, ...other })))
    expect([error.code, error.message]).toEqual([
      'STILL_IN_USE',
      expect.stringContaining('the role at AWS trusts the present one'),
    ])
  }
}
