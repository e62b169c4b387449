/** Whom a directory pushes here reaches AWS by the sync that is there, and who is deactivated is off there, too. */
import { expect, test } from 'vitest'
import { createScimServer } from '../../src/scim/server/schemas.js'
import { changeDirectoryGroup } from '../../src/service/directory/change-group.js'
import { changeDirectoryUser } from '../../src/service/directory/change-user.js'
import { createDirectoryGroup } from '../../src/service/directory/create-group.js'
import { createDirectoryUser } from '../../src/service/directory/create-user.js'
import { deleteDirectoryUser } from '../../src/service/directory/delete-user.js'
import { readJsonDocuments } from '../../src/api/resource/documents.js'
import { applyResources } from '../../src/service/resources/apply.js'
import { scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws, sandboxReadOnly } from './in-aws.js'
import { ada, serve } from './served-world.js'

const origin = { address: '192.0.2.1', userAgent: 'Okta', requestId: 'r' }
const okta = { connector: 'okta' }

test('a pushed user, a pushed group, what it is granted, a deactivation, a reactivation, an end', async () => {
  await using world = await SyncWorld.open()
  const { deps: served, runner } = serve(world)
  const deps = { ...served, scimServer: createScimServer() }
  const before = await inAws(world)
  const user = await createDirectoryUser(
    deps,
    okta,
    { userName: 'eve@example.com', displayName: 'Eve' },
    origin,
  )
  const id = String(user.resource['id'])
  const sent = { displayName: 'Engines', members: [{ value: id }] }
  const group = await createDirectoryGroup(deps, okta, sent, origin)
  const [list] = (await served.catalog.read()).accessLists().filter(({ value }) => value.type === 'scim')
  const document = list?.stored.document as { spec: object }
  const granted = { ...document, spec: { ...document.spec, grants: { roles: [sandboxReadOnly] } } }
  await applyResources(
    deps,
    { documents: readJsonDocuments(granted), mode: 'replace', dryRun: false },
    ada,
    origin,
  )
  await scanned(world, runner)
  // The first of these imports.
  for (let times = 0; times < 2; times++) await settle(runner)
  const there = added(before, await inAws(world))
  expect(there).toMatchObject({
    users: ['eve@example.com'],
    groups: ['Engines'],
    members: ['Engines: eve@example.com'],
    assignments: [expect.stringContaining('Engines ')],
  })

  const patch = (active: boolean) => ({
    id,
    how: 'patch' as const,
    sent: { Operations: [{ op: 'Replace', path: 'active', value: String(active) }] },
    ifMatch: undefined,
  })
  await changeDirectoryUser(deps, okta, patch(false), origin)
  await settle(runner)
  expect(added(before, await inAws(world)).users).toEqual(['eve@example.com (off)'])
  await changeDirectoryUser(deps, okta, patch(true), origin)
  await settle(runner)
  expect(added(before, await inAws(world))).toMatchObject({
    users: ['eve@example.com'],
    members: ['Engines: eve@example.com'],
  })

  const rename = {
    id: String(group.resource['id']),
    how: 'patch' as const,
    sent: { Operations: [{ op: 'replace', value: { displayName: 'Motors' } }] },
    ifMatch: undefined,
  }
  await changeDirectoryGroup(deps, okta, rename, origin)
  await settle(runner)
  expect((await inAws(world)).idOf('Motors')).toBeDefined()
  expect((await inAws(world)).groups).not.toContain('Engines')

  await deleteDirectoryUser(deps, okta, { id, ifMatch: undefined }, origin)
  await settle(runner)
  const after = added(before, await inAws(world))
  expect(after.members).toEqual([])
  expect(after.users).not.toContain('eve@example.com')
})
