import { expect, test } from 'vitest'
import { awsSessionsUntil } from '../../../src/core/access-request/session-notes.js'
import { hour } from '../../../src/core/time.js'
import {
  activeRequest,
  admin,
  adminOnProd,
  buildWorld,
  dev,
  inventory,
  item,
  now,
  readOnDev,
  readOnly,
  request,
} from './build.js'

const world = buildWorld([])

test('the end tells until when the longest AWS session of what was approved may go on', () => {
  expect(awsSessionsUntil(activeRequest([item(readOnDev), item(adminOnProd)]), world)).toBe(now + 12 * hour)
  expect(awsSessionsUntil(activeRequest([item(readOnDev)]), world)).toBe(now + 9 * hour)
  const gave = { digest: '', pairs: [{ accountId: dev, permissionSetArn: readOnly }] }
  const byRole = activeRequest([{ ...item({ kind: 'role', name: 'x' }), gave }])
  expect(awsSessionsUntil(byRole, world)).toBe(now + 9 * hour)
})

test('nothing is told before access began, of what was denied, or where no length is known', () => {
  expect(awsSessionsUntil(request([item(adminOnProd)]), world)).toBeUndefined()
  const denied = activeRequest([])
  expect(
    awsSessionsUntil({ ...denied, items: [{ ...item(adminOnProd), state: 'denied' }] }, world),
  ).toBeUndefined()
  const unknown = { ...inventory, revision: 'two', permissionSets: [{ arn: admin, name: 'Admin' }] }
  expect(
    awsSessionsUntil(activeRequest([item(adminOnProd)]), buildWorld([], { inventory: unknown })),
  ).toBeUndefined()
})
