/** A lock on an access request: it counts nowhere as long as the lock holds, and again afterwards. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestWorld, refusalOf, requests } from './access-requests-world.js'

let world: RequestWorld
beforeAll(async () => {
  world = await RequestWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

const auditor = { items: [{ kind: 'role', name: 'auditor' }], reason: 'incident 7', duration: '2h' }

async function lock(name: string, id: string): Promise<readonly string[]> {
  const spec = { target: { access_request: id }, message: 'Ask security first.' }
  const made = await world.admin.post('/v1/resources', {
    kind: 'lock',
    version: 'v2',
    metadata: { name },
    spec,
  })
  expect([made.status, made.body.detail]).toEqual([200, undefined])
  return (made.body as { changes: { notes: string[] }[] }).changes[0]?.notes ?? []
}

const lift = async (name: string) =>
  expect((await world.admin.delete(`/v1/resources/lock/${name}`)).status).toBe(200)

async function rolesOf(name: string): Promise<readonly string[]> {
  const { body } = await world.as(name).get('/v1/session')
  return (body as { user: { roles: string[] } }).user.roles
}

const says = 'This request is locked until an administrator lifts it. Ask security first.'

test('a request that was assumed adds nothing while it is locked, and is neither extended nor promoted', async () => {
  const { id } = await world.ask('ann', auditor)
  await world.approve('rita', id)
  const assume = () => world.as('ann').send('put', `/v1/me/assumed-requests/${id}`)
  expect((await assume()).status).toBe(204)
  expect(await rolesOf('ann')).toContain('auditor')

  const [first = ''] = await lock('on-first', id)
  expect(first).toContain('The request gives nothing from now on')
  expect(await rolesOf('ann')).not.toContain('auditor')
  const locked = await world.see('ann', id)
  expect([locked.state, locked.active, locked.locked]).toEqual(['approved', false, says])
  expect(locked.may).toMatchObject({ extend: false, assume: false, release: true })
  const extended = await world.as('ann').post(`${requests}/${id}/extend`, { duration: '1h' })
  expect(refusalOf(extended)).toEqual([409, 'CONFLICT', says])
  const promoted = await world.as('rita').post(`${requests}/${id}/promote`, { list: 'nowhere' })
  expect(refusalOf(promoted)).toEqual([409, 'CONFLICT', says])
  expect((await world.as('ann').delete(`/v1/me/assumed-requests/${id}`)).status).toBe(204)
  expect(refusalOf(await assume())).toEqual([409, 'CONFLICT', says])

  await lift('on-first')
  expect((await assume()).status).toBe(204)
  expect(await rolesOf('ann')).toContain('auditor')
  expect((await world.see('ann', id)).locked).toBeUndefined()
})

test('what goes on with a locked request is locked with it', async () => {
  const { id } = await world.ask('bob', auditor)
  await world.approve('rita', id)
  const asked = await world.as('bob').post(`${requests}/${id}/extend`, { duration: '1h' })
  expect(asked.status).toBe(200)
  const extension = (asked.body as { request: { id: string } }).request.id
  await lock('on-extended', id)
  expect(refusalOf(await world.review('rita', extension, { all: 'approve' }))).toEqual([
    409,
    'CONFLICT',
    says,
  ])
  const seen = await world.see('rita', extension)
  expect([seen.locked, seen.may.review, seen.items[0]?.whyNot]).toEqual([says, false, says])
  await lift('on-extended')
})

test('a row of an extension is not active while what it goes on with is locked', async () => {
  const { id } = await world.ask('bob', auditor)
  await world.approve('rita', id)
  const asked = await world.as('bob').post(`${requests}/${id}/extend`, { duration: '1h' })
  const extension = (asked.body as { request: { id: string } }).request.id
  await world.approve('rita', extension)
  const isActive = async () => {
    const { items } = (await world.as('bob').get(`${requests}?of=mine`)).body as {
      items: { id: string; active: boolean }[]
    }
    return items.find((one) => one.id === extension)?.active
  }
  const before = await isActive()
  await lock('on-parent', id)
  expect([before, await isActive()]).toEqual([true, false])
  await lift('on-parent')
})

test('a locked request is not decided on, and its requester can take it back', async () => {
  const { id } = await world.ask('bob', auditor)
  await lock('on-pending', id)
  expect(refusalOf(await world.review('rita', id, { all: 'deny' }))).toEqual([409, 'CONFLICT', says])
  expect((await world.as('bob').post(`${requests}/${id}/cancel`, { reason: '' })).status).toBe(200)
  expect((await world.see('bob', id)).state).toBe('cancelled')
})

test('a lock on a request that is not there is refused, for it would hold nothing', async () => {
  const made = await world.admin.post('/v1/resources', {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'nothing' },
    spec: { target: { access_request: 'no-such-request' } },
  })
  expect([made.status, made.body.code]).toEqual([400, 'INVALID_RESOURCE'])
  expect(made.body.detail).toContain('there is no access request "no-such-request"')
})
