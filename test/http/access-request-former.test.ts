/** Access requests of a name that somebody else has now, and what of an item its reviewer is not shown. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { role } from '../support/people.js'
import { mail, pair, production, RequestWorld, requests } from './access-requests-world.js'

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [role('blind', 'v8', { allow: { review_requests: { roles: ['reader'] } } })],
    people: { bert: ['blind'], held: ['asks', 'aws', `ReadOnly-on-production-${production.id}`] },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

test('a role that one has already is not named to whom the account is not', async () => {
  const { id } = await world.ask('held', { items: [pair('production', 'ReadOnly')] })
  const [item] = (await world.see('bert', id)).items
  expect([item?.account, item?.alreadyHas]).toEqual([{ id: production.id }, 'by a role'])
  const queue = await world.as('bert').get(`${requests}?of=review`)
  const { items } = queue.body as { items: { id: string; items: { alreadyHas?: string }[] }[] }
  expect(items.find((one) => one.id === id)?.items[0]?.alreadyHas).toBe('by a role')
  const [named] = (await world.see('rita', id)).items
  expect(named?.alreadyHas).toBe(`by the role ReadOnly-on-production-${production.id}`)
})

test('whoever has a name that somebody had sees and does nothing of their requests', async () => {
  await world.join('nora', ['asks', 'aws'])
  const { id } = await world.ask('nora', { items: [pair('production', 'ReadOnly')], reason: 'secret' })
  await world.approve('rita', id)
  const gone = await world.admin.delete(`/v1/resources/user/${encodeURIComponent(mail('nora'))}`)
  expect(gone.status).toBeLessThan(300)
  world.gateway.clock.advance(1000)
  const next = await world.join('nora', ['asks', 'aws'])
  expect((await next.get(`${requests}/${id}`)).status).toBe(404)
  expect((await next.get(`${requests}?of=mine&counts=true`)).body).toMatchObject({
    items: [],
    counts: { all: 0 },
  })
  expect((await next.get('/v1/me/shelf')).body.recents).toEqual([])
  for (const how of ['release', 'cancel']) {
    expect((await next.post(`${requests}/${id}/${how}`, {})).status).toBe(404)
  }
  const extended = await next.post(`${requests}/${id}/extend`, { duration: '1h', reason: 'more' })
  expect(extended.status).toBe(404)
  expect((await next.send('put', `/v1/me/assumed-requests/${id}`)).status).toBe(404)
  const { id: own } = await world.ask('nora', { items: [pair('staging', 'PowerUser')] })
  const mine = await next.get(`${requests}?of=mine`)
  expect((mine.body as { items: { id: string }[] }).items.map((one) => one.id)).toEqual([own])
  expect((await next.get('/v1/me/shelf')).body.recents).toHaveLength(1)
  expect((await world.see('max', id)).state).toBe('revoked')
})
