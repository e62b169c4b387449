import { describe, expect, test } from 'vitest'
import { listResources, maxLooked } from '../../src/service/resources/list.js'
import { openWorld, rule, user } from '../service/resources/world.js'
import { createPerson, role, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('who may list and not read', () => {
  const allow = { rules: [{ resources: ['user'], verbs: ['list'] }] }
  const where = 'contains(resource.spec.roles, "editor")'
  const resources = [
    ...testResources,
    role('lists', 'v8', { allow }),
    role('reads-some', 'v8', {
      allow: { rules: [{ resources: ['user'], verbs: ['list', 'read'] }] },
      deny: { rules: [{ resources: ['user'], verbs: ['read'], where }] },
    }),
  ]
  const yaml = { accept: 'application/yaml' }

  test('gets no documents and no contents, and cannot search for them', async () => {
    await using gateway = await openTestGateway({ resources })
    const admin = await signInAdmin(gateway)
    const lister = await signIn(gateway, await createPerson(gateway, admin, { name: 'l', roles: ['lists'] }))
    const file = await lister.get('/v1/resources/user', yaml)
    expect([file.status, file.text]).toEqual([
      200,
      '# 2 resources are left out: your roles allow to list and not to read them.\n',
    ])
    const list = await lister.get('/v1/resources/user')
    const shown = (list.body as { items: Record<string, unknown>[] }).items
    expect(shown).toMatchObject([
      { name: 'admin', columns: {}, labels: {} },
      { name: 'l', columns: {}, labels: {} },
    ])
    expect(list.text).not.toContain('editor')
    const searched = await lister.get('/v1/resources/user?search=editor')
    expect(searched.body).toEqual({ items: [] })
    expect((await lister.get('/v1/resources/user?search=ADM')).body).toMatchObject({
      items: [{ name: 'admin' }],
    })
    expect((await admin.get('/v1/resources/user?search=editor')).body).toMatchObject({
      items: [{ name: 'admin', columns: { roles: expect.stringContaining('editor') as string } }],
    })
  })

  test('a condition that hides reading hides the document in a list too', async () => {
    await using gateway = await openTestGateway({ resources })
    const admin = await signInAdmin(gateway)
    const reader = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'r', roles: ['reads-some'] }),
    )
    expect((await reader.get('/v1/resources/user/admin')).status).toBe(403)
    const file = await reader.get('/v1/resources/user', yaml)
    expect(file.text).toMatch(/^# 1 resource is left out: .* to read it\.\n---\n/)
    expect(file.text).toContain('name: r\n')
    expect(file.text).not.toContain('admin')
    expect((await admin.get('/v1/resources/user', yaml)).text).toMatch(/^---\n[^#]*name: admin\n/)
  })
})

describe('a condition that hides nearly all account assignment roles', () => {
  const sides = 150

  async function openMany() {
    const world = await openWorld()
    const pad = (at: number) => String(at).padStart(3, '0')
    world.aws.inventory = {
      revision: '2',
      accounts: numbers(sides).map((at) => ({
        id: `555555555${pad(at)}`,
        name: `secret-${pad(at)}`,
        formerNames: [],
        tags: {},
      })),
      permissionSets: numbers(sides).map((at) => ({
        arn: `arn:aws:sso:::permissionSet/ssoins-1234567890123456/ps-${pad(at)}`,
        name: `Set${pad(at)}`,
      })),
    }
    const seen = ['Set001-on-secret-002-555555555002', 'Set149-on-secret-149-555555555149']
    const where = seen.map((name) => `resource.metadata.name == "${name}"`).join(' || ')
    await world.apply([rule('few', 'role', ['list', 'read'], where), user('bob', { roles: ['few'] })])
    return { world, seen, authority: await world.person('bob') }
  }

  test('each request looks at a bounded number of them, and all that is shown is found in the end', async () => {
    const { world, seen, authority } = await openMany()
    const found: string[] = []
    let cursor: string | undefined
    let requests = 0
    do {
      const page = await listResources(world.deps, {
        kind: 'role',
        authority,
        limit: 1,
        ...(cursor !== undefined && { cursor }),
      })
      found.push(...page.items.map(({ name }) => name))
      expect(page.total).toBeUndefined()
      cursor = page.nextCursor
      requests++
    } while (cursor !== undefined && requests < 100)
    expect(found).toEqual(seen)
    const least = Math.ceil((sides * sides) / maxLooked)
    expect(requests).toBeGreaterThanOrEqual(least)
    expect(requests).toBeLessThanOrEqual(least + seen.length)
  })

  test('a cursor names only what was shown', async () => {
    const { world, authority } = await openMany()
    const input = { kind: 'role', authority, limit: 50 }
    const first = await listResources(world.deps, input)
    expect(first.items.map(({ name }) => name)).toEqual(['Set001-on-secret-002-555555555002'])
    const place = (cursor = '') => Buffer.from(cursor, 'base64url').toString()
    expect(place(first.nextCursor)).toMatch(/secret-002/)
    expect(place(first.nextCursor).match(/secret-\d+/g)).toEqual(['secret-002'])
    const search = 'set1'
    const hidden = await listResources(world.deps, { ...input, search })
    expect([hidden.items, place(hidden.nextCursor)]).toEqual([[], `["computed",null,${maxLooked}]`])
  })
})
