/** What a delegated administrator cannot do is told as such: no loop, no silence. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { AwsCallError } from '../../src/core/governor/call.js'
import { failureWords } from '../../src/core/plan/failure-words.js'
import { connect, normal } from '../aws/aws-connection.js'
import { AwsWorld } from '../emulator/aws-world.js'
import { plugin, SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws } from './in-aws.js'
import { serve } from './served-world.js'

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

describe('a gateway in a delegated administrator account', () => {
  const orders = '303030303030'
  const management = '101010101010'
  const sets = 'arn:aws:sso:::permissionSet/ssoins-72230b1d5e4c9f86'
  const readOnly = `${sets}/ps-7b2e1d4c6f809153`
  const organisationAdmin = `${sets}/ps-6a1f0c3b5d7e9842`

  async function open() {
    const scene = await SyncWorld.open({
      aws: { orgFile: 'fixtures/orgs/delegated.yaml' },
      keys: delegated.keys,
      aws_ic: { arn: delegated.instanceArn, region: delegated.region },
    })
    const served = serve(scene)
    onTestFinished(async () => {
      await scene.timers.sleep(20_000)
      await scene[Symbol.asyncDispose]()
    })
    const before = await inAws(scene)
    return { scene, served, before }
  }

  test('imports, reads by provisioned pair, and does everything but in the management account, which it says', async () => {
    const { scene, served, before } = await open()
    await scene.user('kim@fabrikam.example', [
      `assignment/${orders}/${readOnly}`,
      `assignment/${management}/${readOnly}`,
      // The management account has it, so that AWS lets a delegated administrator assign it nowhere.
      `assignment/${orders}/${organisationAdmin}`,
    ])
    await scene.list(
      'crew',
      [`assignment/${orders}/${readOnly}`, `assignment/${management}/${readOnly}`],
      ['kim@fabrikam.example'],
    )
    const stop = served.loop()
    const deadline = scene.timers.now() + 3_600_000
    while ((await inAws(scene)).assignments.length < before.assignments.length + 2) {
      if (scene.timers.now() > deadline) break
      await scene.timers.sleep(1000)
    }
    await scene.timers.sleep(30_000)
    await stop()
    const after = await inAws(scene)
    expect(added(before, after)).toEqual({
      users: [],
      groups: ['crew'],
      members: ['crew: kim@fabrikam.example'],
      assignments: [`crew ${orders}/${readOnly}`, `kim@fabrikam.example ${orders}/${readOnly}`],
    })
    expect(added(after, before)).toEqual({ users: [], groups: [], members: [], assignments: [] })
    expect(after.assignments).toContain(`organisation-admins ${management}/${organisationAdmin}`)
    const { plan } = await served.runner.plan()
    expect(plan.actions).toEqual([])
    expect(plan.notes.join('\n')).toContain(
      `The account management (${management}) is the management account, which a delegated administrator cannot change`,
    )
    expect(plan.notes.join('\n')).toContain('2 assignments that are wanted there are not made.')
    expect(plan.notes.join('\n')).toContain(
      'Not made: 1 assignment of permission sets that are provisioned in the management account',
    )
    expect((await served.runner.state()).errors).toEqual([])
    // Nobody tried, so nobody was refused.
    const changes = await scene.store.changes.list(plugin, { limit: 100 })
    expect(changes.every(({ state }) => state === 'succeeded')).toBe(true)
    expect(JSON.stringify(changes)).not.toContain(management)
    expect(JSON.stringify(changes)).not.toContain(organisationAdmin)
  })
})
