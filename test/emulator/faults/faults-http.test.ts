import { ListRolesCommand } from '@aws-sdk/client-iam'
import {
  CreateGroupCommand,
  IdentitystoreClient,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import { ListPermissionSetsCommand } from '@aws-sdk/client-sso-admin'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { adminKey, AwsWorld, demo, demoRegion, sendQuery } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const IdentityStoreId = demo.identityStoreId
const listUsers = () => world.clients.identitystore.send(new ListUsersCommand({ IdentityStoreId }))
const listSets = () =>
  world.clients.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn }))
const listRoles = () => world.clients.iam.send(new ListRolesCommand({}))
const createGroup = (DisplayName: string) =>
  world.clients.identitystore.send(new CreateGroupCommand({ IdentityStoreId, DisplayName }))
const plan = (operation: string, fault: object, more: object = {}) =>
  world.control('POST', 'faults', { operation, fault, ...more })

async function groupNames(): Promise<(string | undefined)[]> {
  const { Groups = [] } = await world.clients.identitystore.send(new ListGroupsCommand({ IdentityStoreId }))
  return Groups.map(({ DisplayName }) => DisplayName)
}

describe('a fault takes the place of an answer', () => {
  test.each([
    ['throttle', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    ['error', { name: 'InternalServerException', $metadata: { httpStatusCode: 500 } }],
    ['expired-token', { name: 'ExpiredTokenException', $metadata: { httpStatusCode: 400 } }],
  ])('%s: of the JSON protocol, once', async (kind, error) => {
    await plan('identitystore:ListUsers', { kind })
    await expect(listUsers()).rejects.toMatchObject(error)
    expect((await listUsers()).Users).toHaveLength(8)
  })

  test.each([
    ['throttle', { name: 'Throttling', $metadata: { httpStatusCode: 400 } }],
    ['error', { name: 'ServiceFailureException', $metadata: { httpStatusCode: 500 } }],
    ['expired-token', { name: 'ExpiredToken', $metadata: { httpStatusCode: 403 } }],
  ])('%s: of the Query protocol, once', async (kind, error) => {
    await plan('iam:ListRoles', { kind })
    await expect(listRoles()).rejects.toMatchObject(error)
    expect(await listRoles()).toHaveProperty('Roles')
  })

  test('throttle: the Query protocol answers in XML', async () => {
    await plan('iam:*', { kind: 'throttle' })
    const { status, body } = await sendQuery(world.url, { Action: 'ListRoles', Version: '2010-05-08' }, 'iam')
    expect(status).toBe(400)
    expect(body).toContain(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>Throttling</Code>',
    )
  })

  test('a write that is throttled does not happen', async () => {
    await plan('identitystore:CreateGroup', { kind: 'throttle' })
    await expect(createGroup('Pilots')).rejects.toMatchObject({ name: 'ThrottlingException' })
    expect(await groupNames()).not.toContain('Pilots')
    await createGroup('Pilots')
    expect(await groupNames()).toContain('Pilots')
  })

  test('a client that tries again gets through', async () => {
    await plan('identitystore:ListUsers', { kind: 'error' }, { times: 2 })
    const client = new IdentitystoreClient({
      endpoint: world.url,
      region: demoRegion,
      credentials: adminKey,
      maxAttempts: 3,
    })
    expect((await client.send(new ListUsersCommand({ IdentityStoreId }))).Users).toHaveLength(8)
    client.destroy()
    expect(await world.control('GET', 'calls')).toMatchObject({ calls: { 'identitystore:ListUsers': 3 } })
  })
})

describe('a connection that is lost', () => {
  const lost = { name: expect.stringMatching(/Error$/) as string, code: 'ECONNRESET' }

  test('before the change: nothing took effect', async () => {
    await plan('identitystore:CreateGroup', { kind: 'reset-before' })
    await expect(createGroup('Pilots')).rejects.toMatchObject(lost)
    expect(await groupNames()).not.toContain('Pilots')
    await createGroup('Pilots')
  })

  test('after the change: it took effect, and the second attempt conflicts', async () => {
    await plan('identitystore:CreateGroup', { kind: 'reset-after' })
    await expect(createGroup('Pilots')).rejects.toMatchObject(lost)
    expect(await groupNames()).toContain('Pilots')
    await expect(createGroup('Pilots')).rejects.toMatchObject({ name: 'ConflictException' })
  })

  test('in the middle of the answer: the client fails, the change took effect', async () => {
    await plan('identitystore:CreateGroup', { kind: 'truncate' })
    await expect(createGroup('Pilots')).rejects.toThrow(/aborted|terminated|ECONNRESET|socket hang up/)
    expect(await groupNames()).toContain('Pilots')
  })
})

describe('a call that is slow', () => {
  test('waits in real time although the clock stands still, and is answered', async () => {
    await plan('sso-admin:ListPermissionSets', { kind: 'slow', delayMs: 80 })
    const before = performance.now()
    expect((await listSets()).PermissionSets).toHaveLength(5)
    expect(performance.now() - before).toBeGreaterThanOrEqual(79)
    await listSets()
    expect(await world.control('GET', 'faults')).toMatchObject({ faults: [{ times: 1, hits: 1 }] })
  })
})

describe('a Region that is down', () => {
  const unavailable = { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }

  test('fails whatever is in it until it is removed; Organizations and IAM are elsewhere', async () => {
    const fault = { kind: 'region-down', region: demoRegion }
    const { id } = (await world.control('POST', 'faults', { fault })) as { id: string }
    for (let n = 0; n < 3; n++) {
      await expect(listSets()).rejects.toMatchObject(unavailable)
      await expect(listUsers()).rejects.toMatchObject(unavailable)
    }
    expect(await listRoles()).toHaveProperty('Roles')
    expect(await world.control('GET', 'faults')).toEqual({
      faults: [{ id, operation: '*', when: { at: 1 }, times: null, fault, calls: 6, hits: 6 }],
    })
    await world.control('DELETE', `faults/${id}`)
    expect((await listSets()).PermissionSets).toHaveLength(5)
  })

  test('us-east-1 has Organizations and IAM', async () => {
    await world.control('POST', 'faults', { fault: { kind: 'region-down', region: 'us-east-1' } })
    await expect(listRoles()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
    expect((await listSets()).PermissionSets).toHaveLength(5)
  })
})

describe('which calls are hit', () => {
  test('the third from now, whatever was called before', async () => {
    await listUsers()
    await plan('identitystore:List*', { kind: 'throttle' }, { at: 3 })
    await listUsers()
    await groupNames()
    await expect(listUsers()).rejects.toMatchObject({ name: 'ThrottlingException' })
    await listUsers()
  })

  test('by chance: the same seed and the same calls meet the same faults', async () => {
    const play = async (seed: number): Promise<string> => {
      await world.control('POST', 'reset')
      await plan('*', { kind: 'error' }, { probability: 0.4, seed, times: null })
      let played = ''
      for (let n = 0; n < 30; n++) {
        played += await listUsers().then(
          () => '.',
          () => 'x',
        )
      }
      return played
    }
    const first = await play(7)
    expect(first).toMatch(/x.*\./)
    expect(await play(7)).toBe(first)
    expect(await play(8)).not.toBe(first)
  })

  test('a fault and the call that it hit are told in the event stream', async () => {
    await plan('identitystore:ListUsers', { kind: 'throttle' })
    await listUsers().catch(() => undefined)
    const response = await fetch(`${world.url}/_emulator/events`, { headers: { accept: 'application/json' } })
    const { events } = (await response.json()) as { events: object[] }
    const operation = 'identitystore:ListUsers'
    expect(events.slice(-2)).toMatchObject([
      { type: 'fault', operation, fault: 'throttle' },
      { type: 'call', operation, status: 400, error: 'ThrottlingException', caller: adminKey.accessKeyId },
    ])
  })
})
