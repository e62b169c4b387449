/** That the gateway keeps the time of access requests by itself, from its start on. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { newRequest } from '../sync/requests-world.js'
import { openTestGateway } from '../support/test-gateway.js'

test('a wait that is over ends without anybody coming to look', async () => {
  const { gateway, clock, ...rest } = await openTestGateway()
  onTestFinished(() => rest[Symbol.asyncDispose]())
  const { accessRequests } = gateway.store
  const now = clock.now()
  await accessRequests.create(
    newRequest('over', now - 2, [{ kind: 'role', name: 'x' }], { pendingUntil: now }),
  )
  await accessRequests.create(newRequest('waits', now, [{ kind: 'role', name: 'x' }]))
  await vi.waitFor(async () => expect((await accessRequests.find('over'))?.state).toBe('expired'), 10_000)
  expect((await accessRequests.find('waits'))?.state).toBe('pending')
})
