/** Groups that a directory pushes: access lists of type `scim`, which it owns. */
import { expect, test } from 'vitest'
import { auditEvents } from '../../support/people.js'
import { openDirectoryHouse } from '../../support/directory.js'

test('a group is a list without owners that people cannot change, and a rename keeps it and what it grants', async () => {
  const { okta, admin, gateway } = await openDirectoryHouse()
  const ada = await okta.pushUser('ada@example.com')
  const group = await okta.pushGroup('Engines & Co', [ada.id])
  const name = `engines-co-${group.id.slice(0, 8)}`
  const path = `/v1/resources/access_list/${name}`
  const read = await admin.get(path)
  expect(read.body.document).toMatchObject({
    metadata: { labels: { 'managed-by': 'the directory of connector okta' } },
    spec: { title: 'Engines & Co', type: 'scim' },
  })
  const { document } = read.body
  document.spec.grants = { roles: ['access'] }
  const granted = await admin.send('put', path, document, { 'if-match': String(read.headers['etag']) })
  expect(granted.status).toBe(200)
  const added = await admin.post(`/v1/access-lists/${name}/members`, { kind: 'user', name: 'admin' })
  expect([added.status, added.body.code]).toEqual([409, 'MANAGED_ELSEWHERE'])

  const renamed = await okta.patch(`/Groups/${group.id}`, { op: 'replace', value: { displayName: 'Motors' } })
  expect([renamed.status, renamed.body.displayName]).toEqual([200, 'Motors'])
  const after = await admin.get(path)
  expect(after.body.document.spec).toMatchObject({
    title: 'Motors',
    type: 'scim',
    grants: { roles: ['access'] },
  })
  const members = await admin.get(`/v1/access-lists/${name}/members`)
  expect(members.body.items).toMatchObject([{ name: 'ada@example.com' }])
  const [event] = await auditEvents(gateway, { type: 'scim.patch' })
  expect(event).toMatchObject({
    code: 'TSCIM006I',
    user: 'scim/okta',
    name: 'Motors',
    resource_type: 'Group',
  })

  expect((await okta.ask('delete', `/Groups/${group.id}`)).status).toBe(204)
  expect((await admin.get(path)).status).toBe(404)
})

test('groups are found by name and by member, without members where they are not wanted', async () => {
  const { okta } = await openDirectoryHouse()
  const ada = await okta.pushUser('ada@example.com')
  const engines = await okta.pushGroup('Engines', [ada.id])
  await okta.pushGroup('Poems')
  const find = async (filter: string, more = '') =>
    (await okta.ask('get', `/Groups?filter=${encodeURIComponent(filter)}${more}`)).body.Resources
  expect(await find('displayName eq "engines"', '&excludedAttributes=members')).toMatchObject([
    { id: engines.id },
  ])
  expect((await find('displayName eq "engines"', '&excludedAttributes=members'))[0]).not.toHaveProperty(
    'members',
  )
  expect(await find(`members eq "${ada.id}"`)).toMatchObject([{ id: engines.id }])
  expect(await find(`id eq "${engines.id}" and members[value eq "nobody"]`)).toEqual([])
})

test('members are users and groups of the same directory alone, and no group is in itself', async () => {
  const { okta, connect } = await openDirectoryHouse()
  const entra = await connect('entra')
  const theirs = await entra.pushUser('theirs@example.com')
  const inner = await okta.pushGroup('Inner')
  const outer = await okta.pushGroup('Outer', [inner.id])
  expect(outer['members']).toMatchObject([{ value: inner.id, type: 'Group' }])
  const circle = await okta.patch(`/Groups/${inner.id}`, {
    op: 'add',
    path: 'members',
    value: [{ value: outer.id }],
  })
  expect([circle.status, circle.body.scimType]).toEqual([400, 'invalidValue'])
  const foreign = await okta.patch(`/Groups/${inner.id}`, {
    op: 'add',
    path: 'members',
    value: [{ value: theirs.id }],
  })
  expect([foreign.status, foreign.body.detail]).toEqual([400, expect.stringContaining('push it first')])
  const inUse = await okta.ask('delete', `/Groups/${inner.id}`)
  expect(inUse.status).toBe(409)
})

test('two groups of one name are refused, and one that somebody took over is theirs', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const group = await okta.pushGroup('Engines')
  const twin = await okta.ask('post', '/Groups', { displayName: 'ENGINES' })
  expect([twin.status, twin.body.scimType]).toEqual([409, 'uniqueness'])
  const path = `/v1/resources/access_list/engines-${group.id.slice(0, 8)}`
  const read = await admin.get(path)
  const { document } = read.body
  delete document.spec.type
  document.spec.owners = [{ name: 'admin' }]
  const taken = await admin.send('put', path, document, { 'if-match': String(read.headers['etag']) })
  expect([taken.status, taken.text]).toEqual([200, expect.any(String)])
  const change = await okta.patch(`/Groups/${group.id}`, { op: 'replace', value: { displayName: 'Mine' } })
  expect([change.status, change.body.detail]).toEqual([409, expect.stringContaining('took it over')])
})

test('a directory sees and changes nothing of another one', async () => {
  const { okta, connect } = await openDirectoryHouse()
  const entra = await connect('entra')
  const user = await okta.pushUser('ada@example.com')
  const group = await okta.pushGroup('Engines', [user.id])
  for (const [method, path, body] of [
    ['get', `/Users/${user.id}`, undefined],
    ['put', `/Users/${user.id}`, { userName: 'ada@example.com' }],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'replace', value: { active: false } }] }],
    ['delete', `/Users/${user.id}`, undefined],
    ['get', `/Groups/${group.id}`, undefined],
    ['put', `/Groups/${group.id}`, { displayName: 'Mine' }],
    ['patch', `/Groups/${group.id}`, { Operations: [{ op: 'remove', path: 'members' }] }],
    ['delete', `/Groups/${group.id}`, undefined],
    // A user is no group.
    ['get', `/Groups/${user.id}`, undefined],
  ] as const) {
    expect([method, path, (await entra.ask(method, path, body)).status]).toEqual([method, path, 404])
  }
  for (const path of ['/Users', '/Groups', `/Users?filter=${encodeURIComponent(`id eq "${user.id}"`)}`])
    expect((await entra.ask('get', path)).body.totalResults).toBe(0)
  const found = await entra.ask('get', `/Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}`)
  expect(found.body.totalResults).toBe(0)
})
