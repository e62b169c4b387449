import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateGroupCommand, ListGroupsCommand } from '@aws-sdk/client-identitystore'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, demo } from '../aws-world.js'
import { EventFeed } from '../control/event-feed.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const IdentityStoreId = demo.identityStoreId

/** Starts `call`, which a fault delays, and does `meanwhile` while it waits. */
async function during<T>(operation: string, call: () => Promise<T>, meanwhile: () => unknown) {
  await world.control('POST', 'faults', { operation, fault: { kind: 'slow', delayMs: 100 } })
  await using feed = await EventFeed.open(world.url)
  const answer = Promise.allSettled([call()])
  expect(await feed.take(1)).toMatchObject([{ event: 'fault' }])
  await meanwhile()
  const [settled] = await answer
  return settled
}
async function groupNames(): Promise<(string | undefined)[]> {
  const { Groups = [] } = await world.clients.identitystore.send(new ListGroupsCommand({ IdentityStoreId }))
  return Groups.map(({ DisplayName }) => DisplayName)
}
const createGroup = () =>
  world.clients.identitystore.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: 'Pilots' }))

describe('a call that a fault delays', () => {
  test('AWS: a session that ends meanwhile is refused', async () => {
    const Statement = [{ Effect: 'Allow', Principal: { AWS: demo.management }, Action: 'sts:AssumeRole' }]
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await world.clients.iam.send(new CreateRoleCommand({ RoleName: 'auditor', AssumeRolePolicyDocument }))
    const RoleArn = `arn:aws:iam::${demo.management}:role/auditor`
    const { Credentials: made } = await world.clients.sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ada', DurationSeconds: 900 }),
    )
    const { sts } = world.clientsOf({
      accessKeyId: made?.AccessKeyId ?? '',
      secretAccessKey: made?.SecretAccessKey ?? '',
      sessionToken: made?.SessionToken ?? '',
    })
    const call = () => sts.send(new GetCallerIdentityCommand({}))
    await call()
    const settled = await during('sts:GetCallerIdentity', call, () => world.advance(900_000))
    const message = 'The security token included in the request is expired'
    expect(settled).toMatchObject({ status: 'rejected', reason: { name: 'ExpiredToken', message } })
    sts.destroy()
  })

  test('SCIM: a token that is deleted meanwhile is refused', async () => {
    const made = (await world.control('POST', 'scim/tokens', {})) as Record<
      'id' | 'token' | 'endpoint',
      string
    >
    const headers = { authorization: `Bearer ${made.token}` }
    const call = async () => (await fetch(`${made.endpoint}Users?cursor`, { headers })).status
    const settled = await during('scim:ListUsers', call, () =>
      world.control('DELETE', `scim/tokens/${made.id}`),
    )
    expect(settled).toEqual({ status: 'fulfilled', value: 401 })
  })

  test('is not carried out in the state after a reset; its connection breaks', async () => {
    const settled = await during('identitystore:CreateGroup', createGroup, () =>
      world.control('POST', 'reset'),
    )
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } })
    expect(await groupNames()).not.toContain('Pilots')
  })

  test('is carried out where nothing was reset', async () => {
    const settled = await during('identitystore:CreateGroup', createGroup, () => undefined)
    expect(settled?.status).toBe('fulfilled')
    expect(await groupNames()).toContain('Pilots')
  })
})
