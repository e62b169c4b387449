import { CreatePermissionSetCommand } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import { tableNames } from '../../../src/emulator/state/tables.js'
import { demo } from '../aws-world.js'
import { assign, unassign } from './assign.js'
import { groups, openWorld, sets, strangerId } from './support.js'

/** Every table after assignments that end at the same instant, fail, and take roles away and back. */
async function run(seed: number): Promise<unknown> {
  await using world = await openWorld({ random: seededRandom(seed) })
  const { ssoAdmin } = world.clients
  await ssoAdmin.send(new CreatePermissionSetCommand({ InstanceArn: demo.instanceArn, Name: 'Operators' }))
  const last = { TargetId: demo.production, PermissionSetArn: sets.readOnly, PrincipalId: groups.developers }
  await ssoAdmin.send(assign())
  await ssoAdmin.send(unassign(last))
  await ssoAdmin.send(assign({ PrincipalType: 'USER', PrincipalId: strangerId }))
  await ssoAdmin.send(assign({ ...last, PrincipalId: groups.finance }))
  await world.advance(500)
  await ssoAdmin.send(assign(last))
  await world.advance(500)
  const state = (await world.control('GET', 'state')) as Readonly<Record<string, unknown>>
  return tableNames.map((name) => [name, state[name]])
}

test('a run with the same seed and calls is the same twice, and another with another seed', async () => {
  const once = await run(7)
  expect(await run(7)).toEqual(once)
  expect(await run(8)).not.toEqual(once)
})
