import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AwsWorld, demo } from '../aws-world.js'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { callSts, expectRefusal } from './support.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('serialisation', () => {
  test('members that it does not know are ignored', async () => {
    expect((await callSts(world, 'GetCallerIdentity', { Other: 'x' })).status).toBe(200)
  })
})

describe('validation', () => {
  test('a request that nobody signed is refused', async () => {
    const response = await fetch(world.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
    })
    await expectRefusal(
      Promise.resolve({ status: response.status, body: await response.text() }),
      403,
      'MissingAuthenticationToken',
      'Missing Authentication Token',
    )
  })
})

describe('function', () => {
  test('tells whose key it is', async () => {
    const { $metadata: _, ...identity } = await world.clients.sts.send(new GetCallerIdentityCommand({}))
    expect(identity).toEqual({
      Account: demo.management,
      Arn: `arn:aws:iam::${demo.management}:user/admin`,
      UserId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
    })
  })

  test('needs no permission', async () => {
    const organisation = parseOrganisation(
      `instance:
  instanceArn: arn:aws:sso:::instance/ssoins-0000000000000000
  identityStoreId: d-0000000000
  region: us-east-1
  portalAlias: small
  acsTenant: '0000000000000000-0000-0000-0000-000000000000'
accounts: [{ id: '111111111111', name: management, email: aws@example.com }]
credentials: [{ accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, userName: nobody, policies: [] }]`,
      'the test',
    )
    await using small = await AwsWorld.open({ organisation })
    const identity = await small.clients.sts.send(new GetCallerIdentityCommand({}))
    expect(identity.Arn).toBe('arn:aws:iam::111111111111:user/nobody')
  })
})
