/** What a delegated administrator cannot do is told as such: no loop, no silence. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AwsCallError } from '../../src/core/governor/call.js'
import { failureWords } from '../../src/core/plan/failure-words.js'
import { connect, normal } from '../aws/aws-connection.js'
import { AwsWorld } from '../emulator/aws-world.js'

const delegated = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-72230b1d5e4c9f86',
  region: 'us-east-1',
  keys: {
    accessKeyId: 'AKIADELEGATEDADMIN00',
    secretAccessKey: 'secret-key-of-the-delegated-administrator',
  },
}

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ orgFile: 'fixtures/orgs/delegated.yaml' })
})
afterAll(() => world[Symbol.asyncDispose]())

test('Glide #174: an assignment in the management account is refused with words that say why', async () => {
  const { identityCenter } = connect(world, delegated)
  await using us = identityCenter
  const { managementAccountId } = await us.read.describeInstance(normal)
  const [arn] = await us.read.listPermissionSetArns(normal)
  const [user] = await us.read.listUsers(normal)
  if (managementAccountId === undefined || arn === undefined || user === undefined) throw new Error('empty')
  const change = {
    change: 'create',
    principalKind: 'user',
    principalId: user.id,
    pair: `${managementAccountId}/${arn}`,
  } as const
  const error: unknown = await us.assignments.apply(change, normal).catch((thrown: unknown) => thrown)
  if (!(error instanceof AwsCallError)) throw new Error('was not refused')
  expect(error.failure).toBe('denied')
  expect(failureWords('assignment', error).remedy).toContain('delegated administrator')
})
