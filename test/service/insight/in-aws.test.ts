/** What is in AWS beside roles, lists and requests: found at import and kept, or made there by hand. */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { explainAccount } from '../../../src/service/insight/explain-account.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { whoCan } from '../../../src/service/insight/who-can.js'
import { desk } from '../resources/world.js'
import { demo } from '../../emulator/aws-world.js'
import { openIcWorld, pluginName, type IcWorld } from '../identity-center/world.js'

async function assign({ aws, sync }: IcWorld, permissionSetArn: string): Promise<void> {
  await aws.clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: demo.sandbox,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSetArn,
      PrincipalType: 'USER',
      PrincipalId: demo.devId,
    }),
  )
  await aws.advance(10_000)
  await sync.scan()
}

test('an assignment that import found is kept, and one made in AWS later is told apart from it', async () => {
  const us = await openIcWorld()
  await us.sync.scan()
  await assign(us, demo.billingArn)
  await startImport(us.deps, pluginName, 'ada@example.com', desk)
  await assign(us, demo.readOnlyArn)
  const admin = await us.admin()
  const told = await explainAccount(us.deps, { user: 'dev@example.com', account: demo.sandbox }, admin)
  const ways = told.access.flatMap(({ permissionSet, paths }) =>
    paths.map(({ by, says }) => [permissionSet?.arn, by, says]),
  )
  expect(ways).toContainEqual([demo.billingArn, 'found', 'assigned directly in AWS, kept as found at import'])
  expect(ways).toContainEqual([
    demo.readOnlyArn,
    'aws',
    'assigned directly in AWS, and nothing here gives it',
  ])
  const { items } = await whoCan(
    us.deps,
    { account: demo.sandbox, permissionSet: demo.billingArn, limit: 50 },
    admin,
  )
  expect(items.map(({ user }) => user)).toContain('dev@example.com')
})
