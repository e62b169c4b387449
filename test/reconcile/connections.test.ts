/** What makes a connection to AWS another one. */
import { expect, test } from 'vitest'
import type { IdentityCenter } from '../../src/aws/identity-center.js'
import type { PluginSettings } from '../../src/core/identity-center/settings.js'
import { Connections } from '../../src/reconcile/connections.js'
import type { SyncDeps } from '../../src/reconcile/deps.js'
import { plugin as document } from '../kinds/plugin/documents.js'
import { openWorld } from '../service/resources/world.js'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const integration = (role_arn: string) => ({
  kind: 'integration',
  sub_kind: 'aws-oidc',
  version: 'v1',
  metadata: { name: 'aws' },
  spec: { aws_oidc: { role_arn } },
})

async function open() {
  const world = await openWorld()
  await world.apply([
    integration(role('Wide')),
    document({ credentials: { oidc: { integration_name: 'aws' } } }),
  ])
  const made: string[] = []
  const closed: string[] = []
  const { catalog } = world.deps
  const connect: SyncDeps['connect'] = async () => {
    const arn = (await catalog.read()).integration('aws')?.roleArn ?? ''
    made.push(arn)
    const center: Pick<IdentityCenter, typeof Symbol.asyncDispose> = {
      [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(arn)),
    }
    return center as IdentityCenter
  }
  const timers = { now: () => 0, sleep: () => Promise.resolve() }
  const connections = new Connections({ ...world.deps, timers, connect } as unknown as SyncDeps)
  const settings = async (): Promise<PluginSettings> => {
    const [entry] = (await catalog.read()).plugins()
    if (entry === undefined) throw new Error('no plugin')
    return entry.value
  }
  const use = async () => await connections.center(await settings())
  return { world, made, closed, use }
}

test('the same integration is connected to once', async () => {
  const { made, use } = await open()
  await use()
  await use()
  expect(made).toEqual([role('Wide')])
})

test('a role that was taken from us is not assumed any more: the next use takes the new one', async () => {
  const { world, made, closed, use } = await open()
  await use()
  await world.apply(integration(role('Narrow')))
  await use()
  expect(made).toEqual([role('Wide'), role('Narrow')])
  expect(closed).toEqual([role('Wide')])
})
