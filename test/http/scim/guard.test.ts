/** A directory that takes away too much at once waits for a person, and its tokens open what they are for. */
import { expect, test } from 'vitest'
import { auditEvents, createPerson, signIn } from '../../support/people.js'
import { day, hour, minute } from '../../../src/core/time.js'
import { openDirectoryHouse, type DirectoryHouse, type TestDirectory } from '../../support/directory.js'

const inactive = { op: 'replace', value: { active: false } }

async function pushMany({ okta }: DirectoryHouse, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < count; at++) ids.push((await okta.pushUser(`p${at}@example.com`)).id)
  return ids
}

const deactivate = async (okta: TestDirectory, id: string) => await okta.patch(`/Users/${id}`, inactive)
const isActive = async (okta: TestDirectory, id = '') => (await okta.ask('get', `/Users/${id}`)).body.active

test('the eleventh deactivation of an hour waits, is told once, and is released or refused by a person', async () => {
  const house = await openDirectoryHouse()
  const { okta, admin, gateway } = house
  const ids = await pushMany(house, 13)
  for (const id of ids.slice(0, 10)) expect((await deactivate(okta, id)).status).toBe(200)
  const [eleventh = '', twelfth = '', last = ''] = ids.slice(10)
  for (let tries = 0; tries < 2; tries++) {
    const held = await deactivate(okta, eleventh)
    expect([held.status, held.headers['retry-after']]).toEqual([503, '300'])
    expect(held.body).toMatchObject({
      status: '503',
      detail: expect.stringContaining(
        'It takes away 1 of 3 users, and 10 went within the last hour; the limit is 10.',
      ),
    })
  }
  expect((await okta.ask('delete', `/Users/${twelfth}`)).status).toBe(503)
  expect(await isActive(okta, eleventh)).toBe(true)
  expect(await auditEvents(gateway, { type: 'directory.change.hold' })).toHaveLength(2)

  const path = '/v1/connectors/okta/held'
  const { items } = (await admin.get(path)).body
  expect(items.map(({ what, tries, state }: Record<string, unknown>) => [what, tries, state]).sort()).toEqual(
    [
      ['Deactivate the user p10@example.com', 2, 'waiting'],
      ['Delete the user p11@example.com', 1, 'waiting'],
    ],
  )
  const keyOf = (what: string) => items.find((one: { what: string }) => one.what.startsWith(what)).key
  const released = await admin.post(path, { decision: 'release', keys: [keyOf('Deactivate')] })
  expect(released.status).toBe(200)
  expect((await admin.post(path, { decision: 'refuse', keys: [keyOf('Delete')] })).status).toBe(200)
  expect((await admin.post(path, { decision: 'refuse', keys: ['none'] })).status).toBe(404)

  expect((await deactivate(okta, eleventh)).status).toBe(200)
  const refused = await okta.ask('delete', `/Users/${twelfth}`)
  expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('refused this change')])
  // What was released counts no more, and lets nothing else through.
  expect((await deactivate(okta, last)).status).toBe(503)
  gateway.clock.advance(hour + minute)
  expect((await deactivate(okta, last)).status).toBe(200)
  const [event] = await auditEvents(gateway, { type: 'directory.change.release' })
  expect(event).toMatchObject({ code: 'TGH064I', user: 'admin', connector: 'okta' })
})

test('a release that was not used within the hour is over: the change waits again, and is told again', async () => {
  const house = await openDirectoryHouse()
  const { okta, admin, gateway } = house
  const ids = await pushMany(house, 51)
  const group = await okta.pushGroup('Everyone', ids)
  const empty = async () => await okta.patch(`/Groups/${group.id}`, { op: 'Remove', path: 'members' })
  expect((await empty()).status).toBe(503)
  const path = '/v1/connectors/okta/held'
  const [{ key }] = (await admin.get(path)).body.items
  const release = async () => await admin.post(path, { decision: 'release', keys: [key] })
  const states = async () => (await admin.get(path)).body.items.map((one: { state: string }) => one.state)
  expect((await release()).status).toBe(200)
  gateway.clock.advance(hour - 1)
  expect(await states()).toEqual(['released'])
  gateway.clock.advance(1)
  expect(await states()).toEqual(['waiting'])
  expect((await empty()).status).toBe(503)
  expect(await auditEvents(gateway, { type: 'directory.change.hold' })).toHaveLength(2)
  expect((await release()).status).toBe(200)
  gateway.clock.advance(hour - 1)
  expect((await empty()).status).toBeLessThan(300)
  expect(await states()).toEqual([])
})

test('a group that is emptied of very many members waits, whole', async () => {
  const house = await openDirectoryHouse()
  const { okta } = house
  const ids = await pushMany(house, 51)
  const group = await okta.pushGroup('Everyone', ids)
  const emptied = await okta.patch(`/Groups/${group.id}`, { op: 'Remove', path: 'members' })
  expect([emptied.status, emptied.body.detail]).toEqual([
    503,
    expect.stringContaining('Take 51 members of 51 out of the group Everyone'),
  ])
  expect((await okta.ask('delete', `/Groups/${group.id}`)).status).toBe(503)
  expect((await okta.ask('get', `/Groups/${group.id}`)).body.members).toHaveLength(51)
})

test('tokens: several at once, shown once, none after its end, its lock, its connector', async () => {
  const { admin, connect, gateway, okta } = await openDirectoryHouse()
  gateway.clock.advance(minute)
  const second = await connect('okta')
  const status = async (directory: TestDirectory) => (await directory.ask('get', '/Users')).status
  expect([await status(okta), await status(second)]).toEqual([200, 200])
  const listed = await admin.get('/v1/connectors/okta/scim-tokens')
  expect(listed.body).toMatchObject({
    baseUrl: `${gateway.publicUrl}/scim/v2`,
    items: [{ label: 'a test', createdBy: 'admin', expired: false, lastUsedFrom: '127.0.0.1' }, {}],
    pushed: { users: 0, groups: 0 },
  })
  const { id } = await second.pushUser('ann@example.com')
  await second.pushGroup('Team', [id])
  const counted = await admin.get('/v1/connectors/okta/scim-tokens')
  expect(counted.body.pushed).toEqual({ users: 1, groups: 1 })
  expect((await admin.get('/v1/connectors/entra/scim-tokens')).body.pushed).toEqual({ users: 0, groups: 0 })
  expect(listed.text).not.toContain('ghs_')
  expect(listed.text).not.toContain('ash')
  const [first] = listed.body.items
  expect((await admin.delete(`/v1/connectors/okta/scim-tokens/${first.id}`)).status).toBe(204)
  expect([await status(okta), await status(second)]).toEqual([401, 200])

  const lock = {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'no-okta' },
    spec: { target: { connector: 'okta' } },
  }
  expect((await admin.post('/v1/resources', lock)).status).toBe(200)
  expect(await status(second)).toBe(401)
  expect((await admin.delete('/v1/resources/lock/no-okta')).status).toBe(200)
  expect(await status(second)).toBe(200)

  gateway.clock.advance(minute)
  const read = await admin.get('/v1/resources/oidc/okta')
  expect((await admin.delete('/v1/resources/oidc/okta')).status).toBe(200)
  expect(await status(second)).toBe(401)
  const { document } = read.body
  document.spec.client_secret = 'another one'
  const again = await admin.post('/v1/resources', document)
  expect([again.status, again.text]).toEqual([200, expect.any(String)])
  expect(await status(second)).toBe(401)
  expect((await admin.get('/v1/connectors/okta/scim-tokens')).body.items).toEqual([])

  const short = await admin.post('/v1/connectors/entra/scim-tokens', {
    expiresAt: new Date(gateway.clock.now() + day).toISOString(),
  })
  expect(short.status).toBe(201)
  expect((await admin.post('/v1/connectors/entra/scim-tokens', { expiresAt: 'soon' })).status).toBe(400)
  expect((await admin.post('/v1/connectors/nobody/scim-tokens', {})).status).toBe(404)
})

test('who may not change connectors makes no token and decides nothing', async () => {
  const { admin, gateway, okta } = await openDirectoryHouse()
  const person = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['access'] })
  const browser = await signIn(gateway, person)
  const base = '/v1/connectors/okta'
  expect((await browser.get(`${base}/scim-tokens`)).status).toBe(403)
  expect((await browser.post(`${base}/scim-tokens`, {})).status).toBe(403)
  expect((await browser.delete(`${base}/scim-tokens/x`)).status).toBe(403)
  expect((await browser.post(`${base}/held`, { decision: 'release', keys: ['x'] })).status).toBe(403)
  // A SCIM token opens the SCIM endpoint alone, and a session does not open that.
  expect((await okta.ask('get', '/../../v1/me')).status).not.toBe(200)
  expect((await browser.get('/scim/v2/Users')).status).toBe(401)
})
