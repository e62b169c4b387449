import { describe, expect, test } from 'vitest'
import { readJsonDocuments } from '../../../src/api/resource/documents.js'
import { presetRoles } from '../../../src/core/role/presets.js'
import { decideRight } from '../../../src/core/role/right.js'
import { bootstrapResources } from '../../../src/service/resources/bootstrap.js'
import { parseDocuments } from '../../../src/service/resources/parse-documents.js'
import { removeStrays } from '../../../src/service/resources/remove-strays.js'
import { adminsName, adminsRef, openWorld, refused, role, sp, user, type World } from './world.js'

const bootstrap = ({ deps }: World, documents: readonly unknown[]) =>
  bootstrapResources(deps, parseDocuments(deps.kinds, readJsonDocuments(documents)))

describe('resources at start', () => {
  test('are created once, by the system; an edit made since stays', async () => {
    const world = await openWorld()
    const documents = [user('alice', { roles: ['dev', adminsName] }), role('dev'), sp('aws', 'urn:aws')]
    const first = await bootstrap(world, documents)
    expect(first).toEqual({
      created: ['role/dev', 'user/alice', 'saml_idp_service_provider/aws'],
      differing: [],
    })
    expect((await world.store.resources.find('user', 'alice'))?.document).toMatchObject({
      spec: { roles: ['dev', adminsRef] },
    })
    expect(
      (await world.events()).map(({ event, user: actor }) => `${String(event)} ${String(actor)}`),
    ).toEqual(['role.created system', 'user.create system', 'saml.idp.service.provider.create system'])
    const before = await world.traces()
    expect(await bootstrap(world, documents)).toEqual({ created: [], differing: [] })
    expect(await world.traces()).toEqual(before)

    await world.apply(role('dev', { options: {} }))
    const { created, differing } = await bootstrap(world, [...documents, role('new')])
    expect(created).toEqual(['role/new'])
    expect(differing.map(({ kind, name }) => `${kind.name}/${name}`)).toEqual(['role/dev'])
    expect((await world.store.resources.find('role', 'dev'))?.document).toMatchObject({
      spec: { options: {} },
    })
  })

  test('are created all or not at all', async () => {
    const world = await openWorld()
    const error = await refused(bootstrap(world, [role('dev'), sp('one', 'urn:x'), sp('two', 'urn:x')]))
    expect(error.code).toBe('ALREADY_EXISTS')
    expect(await world.events()).toEqual([])
    expect(
      (await bootstrap(world, [role('dev'), sp('one', 'urn:x'), sp('two', 'urn:y')])).created,
    ).toHaveLength(3)
  })

  test('of one name the first counts: a preset role is not replaced by a file', async () => {
    const world = await openWorld()
    const kinds = world.deps.kinds
    const mine = parseDocuments(kinds, readJsonDocuments(role('editor')))
    const presets = parseDocuments(kinds, readJsonDocuments(presetRoles))
    const { created, differing } = await bootstrapResources(world.deps, [...presets, ...mine])
    expect(created).toEqual(presetRoles.map(({ metadata }) => `role/${metadata.name}`))
    expect(differing).toEqual(mine)
  })
})

describe('preset roles', () => {
  async function rightsOf(name: string): Promise<(right: string) => boolean> {
    const world = await openWorld()
    await world.apply([...presetRoles])
    const preset = await world.deps.catalog.role(name)
    if (preset === undefined) throw new Error(`there is no role ${name}`)
    return (right) => {
      const [resource = '', verb = ''] = right.split(':')
      return decideRight([preset], { resource, verb }).effect === 'allow'
    }
  }

  test('editor configures everything, the prerequisites of the guide among it, and reads no audit log', async () => {
    const may = await rightsOf('editor')
    for (const resource of [
      'plugin',
      'integration',
      'saml_idp_service_provider',
      'role',
      'user',
      'lock',
      'token',
    ]) {
      for (const verb of ['list', 'create', 'read', 'update', 'delete'])
        expect(may(`${resource}:${verb}`)).toBe(true)
    }
    for (const right of ['token:rotate', 'session:delete', 'cert_authority:rotate', 'plugin:use']) {
      expect(may(right)).toBe(true)
    }
    for (const right of ['event:list', 'event:read', 'cert_authority:delete']) expect(may(right)).toBe(false)
  })

  test('auditor reads events and sessions, and changes nothing', async () => {
    const may = await rightsOf('auditor')
    for (const right of ['event:list', 'event:read', 'session:list', 'session:read'])
      expect(may(right)).toBe(true)
    for (const right of ['session:delete', 'user:list', 'role:update']) expect(may(right)).toBe(false)
  })
})

test('stored copies of computed roles give nothing, and are removed with an event (T25)', async () => {
  const world = await openWorld()
  const all = { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }
  const names = [adminsName, 'Gone-on-nowhere-123456789012']
  for (const name of [...names, 'kept']) {
    await world.store.resources.create({
      kind: 'role',
      name,
      document: role(name, all),
      now: world.clock.now(),
    })
  }
  const view = await world.deps.catalog.read()
  expect(view.rolesOf({ roles: [...names, 'kept'] })).toMatchObject({
    roles: [{ name: 'kept' }],
    missing: names,
  })
  expect(view.roles().map(({ value }) => value.name)).toEqual(['kept'])
  expect(view.role(adminsName)?.origin).toBe('account_assignment')

  expect(await removeStrays(world.deps)).toEqual(names.map((name) => `role/${name}`))
  expect(
    (await world.events()).map(({ event, name, user: actor, message }) => ({ event, name, actor, message })),
  ).toEqual(
    names.map((name) => ({
      event: 'role.deleted',
      name,
      actor: 'system',
      message: 'a stored copy of a computed resource',
    })),
  )
  expect(await removeStrays(world.deps)).toEqual([])
  expect((await world.store.resources.list('role')).map(({ name }) => name)).toEqual(['kept'])
})
