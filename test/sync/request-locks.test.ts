/** A lock on an access request takes what it gives away in AWS, at once and past every limit of the plan. */
import { afterEach, expect, test } from 'vitest'
import { hour } from '../../src/core/time.js'
import { openRequests, type RequestsWorld } from './requests-world.js'

let us: RequestsWorld
afterEach(() => us.world[Symbol.asyncDispose]())

test('the assignment goes while the lock holds, and comes back with what is left of the time', async () => {
  us = await openRequests()
  const id = await us.ask({ durationMs: 5 * hour })
  await us.approve(id)
  await us.settle()
  expect(await us.has()).toBe(true)

  const { timers } = us.world
  const expires = new Date(timers.now() + 2 * hour).toISOString()
  await us.world.put('lock', 'held', { target: { access_request: id }, expires }, 'v2')
  const { plan } = await us.runner.plan()
  expect(plan.actions.map(({ action: { kind, priority }, holds }) => [kind, holds, priority])).toEqual([
    ['assignment.delete', [], 'urgent'],
  ])
  await us.settle()
  expect(await us.has()).toBe(false)

  await us.world.aws.advance(2 * hour)
  await us.settle()
  expect(await us.has()).toBe(true)
})
