import {
  CreateGroupCommand,
  DeleteGroupCommand,
  DescribeGroupCommand,
  ListGroupsCommand,
} from '@aws-sdk/client-identitystore'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, demo } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { readLagMs: 1000 } })
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const IdentityStoreId = demo.identityStoreId
const setLag = (readLagMs: number) => world.control('PUT', 'settings', { readLagMs })

async function create(DisplayName: string): Promise<string> {
  const command = new CreateGroupCommand({ IdentityStoreId, DisplayName })
  return (await world.clients.identitystore.send(command)).GroupId ?? ''
}
async function names(): Promise<(string | undefined)[]> {
  const { Groups = [] } = await world.clients.identitystore.send(new ListGroupsCommand({ IdentityStoreId }))
  return Groups.map(({ DisplayName }) => DisplayName)
}
const describeGroup = (GroupId: string) =>
  world.clients.identitystore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }))
const remove = (GroupId: string) =>
  world.clients.identitystore.send(new DeleteGroupCommand({ IdentityStoreId, GroupId }))

describe('with a read lag', () => {
  test('a new group is seen when the lag has passed, and not before', async () => {
    const id = await create('Pilots')
    expect(await names()).not.toContain('Pilots')
    await expect(describeGroup(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await world.advance(999)
    expect(await names()).not.toContain('Pilots')
    await world.advance(1)
    expect(await names()).toContain('Pilots')
    expect(await describeGroup(id)).toMatchObject({ DisplayName: 'Pilots' })
  })

  test('a group that was deleted is seen as long', async () => {
    const id = await create('Pilots')
    await world.advance(1000)
    await remove(id)
    expect(await names()).toContain('Pilots')
    await world.advance(1000)
    expect(await names()).not.toContain('Pilots')
  })

  test('a write decides by the present: a name that no read shows yet is taken', async () => {
    await create('Pilots')
    expect(await names()).not.toContain('Pilots')
    await expect(create('Pilots')).rejects.toMatchObject({ name: 'ConflictException' })
  })

  test('a write decides by the present: a name that reads still show is free', async () => {
    const id = await create('Pilots')
    await world.advance(1000)
    await remove(id)
    expect(await names()).toContain('Pilots')
    expect(await create('Pilots')).not.toBe(id)
  })

  test('the state of the control calls is the present', async () => {
    await create('Pilots')
    const { groups } = (await world.control('GET', 'state?only=groups')) as {
      groups: { displayName: string }[]
    }
    expect(groups.map(({ displayName }) => displayName)).toContain('Pilots')
  })
})

describe('switched while it runs', () => {
  test('off: reads show the present at once', async () => {
    await create('Pilots')
    expect(await names()).not.toContain('Pilots')
    await setLag(0)
    expect(await names()).toContain('Pilots')
  })

  test('on: the next change lags, although nobody read in between', async () => {
    await setLag(0)
    await create('Pilots')
    await setLag(1000)
    await create('Sailors')
    expect(await names()).toContain('Pilots')
    expect(await names()).not.toContain('Sailors')
    await world.advance(1000)
    expect(await names()).toContain('Sailors')
  })

  test('off and on again: what happened in between does not lag', async () => {
    await create('Pilots')
    await setLag(0)
    await create('Sailors')
    await setLag(1000)
    expect(await names()).toEqual(expect.arrayContaining(['Pilots', 'Sailors']))
  })

  test('in the middle of a list: no group is skipped, none comes twice', async () => {
    await setLag(0)
    await remove(await create('Gone'))
    for (const name of ['One', 'Two', 'Three']) await create(name)
    const before = await names()
    const page = async (NextToken?: string) =>
      world.clients.identitystore.send(
        new ListGroupsCommand({ IdentityStoreId, MaxResults: before.length - 2, NextToken }),
      )
    const first = await page()
    await setLag(1000)
    const second = await page(first.NextToken)
    const seen = [...(first.Groups ?? []), ...(second.Groups ?? [])].map(({ DisplayName }) => DisplayName)
    expect(seen).toEqual(before)
    expect(second.NextToken).toBeUndefined()
  })
})
