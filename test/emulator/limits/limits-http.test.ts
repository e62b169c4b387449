import { ListPermissionSetsCommand } from '@aws-sdk/client-sso-admin'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld, demo, sendJson } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { limits: true } })
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

const list = () =>
  world.clients.ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn }))
const throttled = {
  name: 'ThrottlingException',
  message: 'There are too many requests processing. Please try again later.',
  $metadata: { httpStatusCode: 400 },
}

describe('limits over HTTP', () => {
  test('the 21st call at one instant is throttled, and passes as soon as there is a token', async () => {
    for (let n = 0; n < 20; n++) await list()
    await expect(list()).rejects.toMatchObject(throttled)
    await world.advance(49)
    await expect(list()).rejects.toMatchObject(throttled)
    await world.advance(1)
    expect((await list()).PermissionSets).toHaveLength(5)
    await expect(list()).rejects.toMatchObject(throttled)
    expect(await world.control('GET', 'calls')).toMatchObject({
      calls: { 'sso-admin:ListPermissionSets': 24 },
      limits: [{ bucket: 'sso-admin', perSecond: 20, burst: 20, level: 0, refused: 3 }],
    })
  })

  test('switched off they hold nobody, switched on again they do', async () => {
    await world.control('PUT', 'settings', { limits: false })
    for (let n = 0; n < 30; n++) await list()
    await world.control('PUT', 'settings', { limits: true })
    for (let n = 0; n < 20; n++) await list()
    await expect(list()).rejects.toMatchObject(throttled)
  })

  test('a stranger is refused for what he is, and takes nobody else a token', async () => {
    const target = 'SWBExternalService.ListPermissionSets'
    const headers = { authorization: 'none' }
    for (let n = 0; n < 25; n++) {
      const refused = await sendJson(world.url, target, '{}', { headers })
      expect(refused.body).toMatchObject({ __type: 'IncompleteSignatureException' })
    }
    expect((await list()).PermissionSets).toHaveLength(5)
  })
})
