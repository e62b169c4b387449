/** What access requests tell nobody who may not know it: which accounts there are, lists, and what others asked for. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pair, production, RequestWorld, requests, sets } from './access-requests-world.js'

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

test('what exists is refused place by place like what does not, in the order of the input', async () => {
  const probe = async (...items: readonly object[]) => {
    const answer = await world.as('olga').post(requests, { items, dryRun: true })
    const { fields } = answer.body as { fields: { path: string }[] }
    return [answer.status, answer.body.code, ...fields.map(({ path }) => path)]
  }
  const two = [403, 'REQUEST_NOT_ALLOWED', 'body.items.0', 'body.items.1']
  const byId = pair(production.id, sets.readOnly.arn)
  const there = pair('production', 'ReadOnly')
  const absent = pair('nothing', 'ReadOnly')
  for (const items of [
    [there, there],
    [absent, absent],
    [byId, there],
    [byId, pair('staging', 'ReadOnly')],
    [there, absent],
    [absent, there],
  ]) {
    expect(await probe(...items)).toEqual(two)
  }
})

test('dry runs are limited', async () => {
  const browser = await world.join('pia', ['no-labels'])
  const items = [pair('production', 'ReadOnly')]
  for (let tries = 0; tries < 120; tries += 1) {
    expect((await browser.post(requests, { items, dryRun: true })).status).toBe(403)
  }
  const more = await browser.post(requests, { items, dryRun: true })
  expect([more.status, more.body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
})
