/**
 * AWS limits outstanding creations alone; what the emulator itself can hold is bounded and said aloud.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AwsWorld, demo, sendJson } from '../aws-world.js'

const held = 10_000
let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function deleteOfNobody(): Promise<{ readonly status: number; readonly body: unknown }> {
  const input = {
    InstanceArn: demo.instanceArn,
    TargetId: demo.sandbox,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: demo.billingArn,
    PrincipalType: 'USER',
    PrincipalId: randomUUID(),
  }
  return await sendJson(world.url, 'SWBExternalService.DeleteAccountAssignment', JSON.stringify(input))
}

test(`more than ${held} requests under way are refused as not emulated, and taken again when some have ended`, async () => {
  for (let sent = 0; sent < held; sent += 100) {
    const some = await Promise.all(Array.from({ length: 100 }, deleteOfNobody))
    expect(some.filter(({ status }) => status !== 200)).toEqual([])
  }
  expect(await deleteOfNobody()).toMatchObject({
    status: 501,
    body: {
      __type: 'NotEmulated',
      Message: `the emulator holds at most ${held} requests that have not ended`,
    },
  })
  await world.advance(500)
  expect((await deleteOfNobody()).status).toBe(200)
}, 60_000)
