/** Two changes of a directory at once: on both engines neither loses what the other did. */
import { describe, expect, test } from 'vitest'
import { createScimServer } from '../../src/scim/server/schemas.js'
import { changeDirectoryGroup } from '../../src/service/directory/change-group.js'
import { changeDirectoryUser } from '../../src/service/directory/change-user.js'
import { createDirectoryGroup } from '../../src/service/directory/create-group.js'
import { createDirectoryUser } from '../../src/service/directory/create-user.js'
import { getDirectoryResource } from '../../src/service/directory/get-resource.js'
import { createPostgresSchema } from '../support/postgres.js'
import { desk, openWorld } from './resources/world.js'

const okta = { connector: 'okta' }
const engines = [
  ['SQLite', () => Promise.resolve('sqlite::memory:')],
  ['PostgreSQL', () => createPostgresSchema()],
] as const

describe.each(engines)('on %s', (_, newUrl) => {
  async function begin() {
    const { deps: served } = await openWorld({ url: await newUrl() })
    const deps = { ...served, scimServer: createScimServer() }
    const push = async (userName: string) =>
      String((await createDirectoryUser(deps, okta, { userName }, desk)).resource['id'])
    const patch = (id: string, ...Operations: object[]) => ({
      id,
      how: 'patch' as const,
      sent: { Operations },
      ifMatch: undefined,
    })
    return { deps, push, patch }
  }

  test('members that are added at once are all there', async () => {
    const { deps, push, patch } = await begin()
    const ids: string[] = []
    for (let at = 0; at < 6; at++) ids.push(await push(`p${at}@example.com`))
    const group = await createDirectoryGroup(deps, okta, { displayName: 'Engines' }, desk)
    const id = String(group.resource['id'])
    const add = (value: string) => patch(id, { op: 'add', path: 'members', value: [{ value }] })
    await Promise.all(ids.map((one) => changeDirectoryGroup(deps, okta, add(one), desk)))
    const { resource } = await getDirectoryResource(deps, okta, { kind: 'group', id }, desk)
    const members = resource['members'] as { value: string }[]
    expect(members.map(({ value }) => value).sort()).toEqual([...ids].sort())
  })

  test('attributes that are changed at once are all changed, and one of two creations wins', async () => {
    const { deps, push, patch } = await begin()
    const id = await push('ada@example.com')
    const change = (path: string) =>
      changeDirectoryUser(deps, okta, patch(id, { op: 'replace', path, value: path }), desk)
    await Promise.all(['title', 'displayName', 'nickName', 'locale'].map(change))
    const { resource } = await getDirectoryResource(deps, okta, { kind: 'user', id }, desk)
    expect(resource).toMatchObject({
      title: 'title',
      displayName: 'displayName',
      nickName: 'nickName',
      locale: 'locale',
    })
    const twice = await Promise.allSettled([push('eve@example.com'), push('EVE@example.com')])
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})
