/** What may change of an integration that a plugin uses: its issuer and audience only before a role trusts them. */
import { expect, test } from 'vitest'
import { openWorld, refused, rule, user, type World } from '../../service/resources/world.js'
import { plugin } from '../plugin/documents.js'

const roleArn = 'arn:aws:iam::111111111111:role/GatehouseIdentityCenter'
const integration = (aws_oidc: Readonly<Record<string, unknown>>) => ({
  kind: 'integration',
  sub_kind: 'aws-oidc',
  version: 'v1',
  metadata: { name: 'aws' },
  spec: { aws_oidc },
})

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

test('once there is a role, its issuer and its audience stay while a plugin uses them', async () => {
  const world = await inUse({ role_arn: roleArn })
  for (const other of [{ issuer: 'https://id.example.com' }, { audience: 'another' }]) {
    const error = await refused(world.apply(integration({ role_arn: roleArn, ...other })))
    expect([error.code, error.message]).toEqual([
      'STILL_IN_USE',
      expect.stringContaining('the role at AWS trusts the present one'),
    ])
  }
})
