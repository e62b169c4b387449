/**
 * The walk of the developer guide by plain fetch: a user, a group, the user in the group, read back, changed, removed.
 */
import { ListGroupMembershipsCommand } from '@aws-sdk/client-identitystore'
import { expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { enterpriseUrn, filter, idOf, listUrn, patchOf, ScimWorld, userUrn, groupUrn } from './scim-world.js'

const bjensen = {
  externalId: '701984',
  userName: 'bjensen@example.com',
  name: { formatted: 'Ms. Barbara J Jensen', familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
  displayName: 'Babs Jensen',
  nickName: 'Babs',
  profileUrl: 'https://people.example.com/bjensen',
  emails: [{ value: 'bjensen@example.com', type: 'work', primary: true }],
  addresses: [{ type: 'work', streetAddress: '100 Universal Plaza', locality: 'Hollywood', country: 'USA' }],
  phoneNumbers: [{ value: '555-555-5555', type: 'work' }],
  userType: 'Employee',
  title: 'Tour Guide',
  preferredLanguage: 'en-US',
  locale: 'en-US',
  timezone: 'America/Los_Angeles',
  active: true,
  [enterpriseUrn]: {
    employeeNumber: '701984',
    department: 'Tours',
    manager: { value: '9067729b3d-ee533c18' },
  },
}

test('a user and a group are made, joined, found, changed and removed', async () => {
  await using world = await ScimWorld.open()

  const created = await world.send('POST', 'Users', bjensen)
  const { profileUrl: _neverShown, ...shown } = bjensen
  const userId = idOf(created, 201)
  expect(created.body).toEqual({
    ...shown,
    id: userId,
    meta: { resourceType: 'User', created: '2026-11-22T12:00:00Z', lastModified: '2026-11-22T12:00:00Z' },
    schemas: [userUrn, enterpriseUrn],
  })
  expect(created.headers.get('content-type')).toBe('application/json')
  expect(created.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect((await world.send('GET', `Users/${userId}`)).body).toEqual(created.body)

  const group = await world.send('POST', 'Groups', { displayName: 'Tour guides', externalId: 'g-1' })
  const groupId = idOf(group, 201)
  const asCreated = {
    id: groupId,
    externalId: 'g-1',
    meta: { resourceType: 'Group', created: '2026-11-22T12:00:00Z', lastModified: '2026-11-22T12:00:00Z' },
    schemas: [groupUrn],
    displayName: 'Tour guides',
  }
  expect(group.body).toEqual(asCreated)

  const joined = await world.patch(`Groups/${groupId}`, {
    op: 'add',
    path: 'members',
    value: [{ value: userId }],
  })
  expect({ status: joined.status, text: joined.text }).toEqual({ status: 204, text: '' })
  expect((await world.send('GET', `Groups/${groupId}`)).body).toEqual({ ...asCreated, members: [] })
  const { GroupMemberships = [] } = await world.aws.clients.identitystore.send(
    new ListGroupMembershipsCommand({ IdentityStoreId: demo.identityStoreId, GroupId: groupId }),
  )
  expect(GroupMemberships.map(({ MemberId }) => MemberId)).toEqual([{ UserId: userId }])

  const members = await world.send('GET', `Users?cursor&filter=${filter(`groups.value eq "${groupId}"`)}`)
  expect(members.body).toEqual({ itemsPerPage: 1, schemas: [listUrn], Resources: [created.body] })
  const groups = await world.send('GET', `Groups?cursor&filter=${filter(`members.value eq "${userId}"`)}`)
  expect(groups.body).toEqual({
    itemsPerPage: 1,
    schemas: [listUrn],
    Resources: [{ ...asCreated, members: [] }],
  })

  await world.aws.advance(61_000)
  const patched = await world.send(
    'PATCH',
    `Users/${userId}`,
    patchOf({ op: 'replace', path: 'active', value: 'false' }),
  )
  expect(patched.status).toBe(200)
  expect(patched.body).toMatchObject({ active: false, meta: { lastModified: '2026-11-22T12:01:01Z' } })

  const put = await world.send('PUT', `Users/${userId}`, { ...bjensen, id: userId, title: 'Head Guide' })
  expect(put.status).toBe(201)
  expect(put.body).toMatchObject({ id: userId, title: 'Head Guide', active: true })

  expect((await world.send('DELETE', `Users/${userId}`)).status).toBe(204)
  expect((await world.send('GET', `Users/${userId}`)).status).toBe(404)
  expect(await world.membersOf(groupId)).toEqual([])
  expect((await world.send('DELETE', `Groups/${groupId}`)).status).toBe(204)
  expect((await world.send('DELETE', `Groups/${groupId}`)).status).toBe(404)
})
