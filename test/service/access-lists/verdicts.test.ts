/** What rules with a condition say of lists is kept between pages, and never longer than what it hangs on. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Authority } from '../../../src/service/authority.js'
import { judgeOf, type ListKind } from '../../../src/service/access-lists/verdicts.js'
import { judgeOnResource } from '../../../src/service/resources/may.js'
import { shownDocument } from '../../../src/service/resources/present.js'
import { adminsName, adminsRef, openWorld, production, role, rule, user } from '../resources/world.js'

const names = ['a', 'b', 'c']
const verbs = ['list', 'read', 'update', 'delete']

const list = (name: string, spec: object = {}, team = 'red') => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name, labels: { team } },
  spec: { title: name, owners: ['ann'], ...spec },
})
const byTeam = 'resource.metadata.labels["team"] == user.spec.traits["team"]'

type World = Awaited<ReturnType<typeof openWorld>>

/** Shows lists as their kind does, and counts how often. */
function counted(world: World): { readonly kinds: ListKind; readonly shown: () => number } {
  const kind = world.deps.kinds.known.access_list
  let shown = 0
  const present: typeof kind.present = (document, catalog) => {
    shown += 1
    return kind.present?.(document, catalog) ?? document
  }
  return { kinds: { known: { access_list: { ...kind, present } } }, shown: () => shown }
}

async function authorityOf(world: World, name: string): Promise<Authority> {
  return { ...(await world.person(name)), inventory: (await world.deps.catalog.read()).inventory }
}

/** What is kept says, beside what each list says when it is judged anew. */
async function judged(world: World, kinds: ListKind, authority: Authority) {
  const catalog = await world.deps.catalog.read()
  const judge = judgeOf(authority, catalog, kinds)
  const all = names.flatMap((name) => verbs.map((verb) => ({ name, verb })))
  const anew = all.map(({ name, verb }) => {
    const right = { resource: 'access_list', verb }
    const parsed = catalog.parsed('access_list').get(name)
    const document = parsed && shownDocument(world.deps.kinds.known.access_list, parsed, catalog)
    const verdict = judgeOnResource(authority, right, document)
    return `${verb} ${name}: ${verdict === 'conditional' ? 'silent' : verdict}`
  })
  return { kept: all.map(({ name, verb }) => `${verb} ${name}: ${judge(verb, name)}`), anew }
}

async function openLists() {
  const world = await openWorld()
  await world.apply([
    rule('reads', 'access_list', ['list', 'read'], byTeam),
    user('ann', { roles: ['reads'], traits: { team: ['red'] } }),
    ...names.map((name) => list(name)),
  ])
  return world
}

test('a list is judged once for all pages and for all verbs of the same rules', async () => {
  const world = await openLists()
  const { kinds, shown } = counted(world)
  for (let page = 0; page < 3; page += 1) {
    const { kept } = await judged(world, kinds, await authorityOf(world, 'ann'))
    expect(kept.filter((one) => one.endsWith('allow'))).toHaveLength(6)
  }
  expect(shown()).toBe(names.length)
  // Of three lists one has changed.
  await world.apply(list('b', { title: 'another' }, 'blue'))
  const { kept } = await judged(world, kinds, await authorityOf(world, 'ann'))
  expect(kept.filter((one) => one.endsWith('allow'))).toEqual(
    ['list a', 'read a', 'list c', 'read c'].map((one) => `${one}: allow`),
  )
  expect(shown()).toBe(names.length + 1)
})

test('the name of an account in what a list grants is that of the moment', async () => {
  const world = await openLists()
  const { kinds } = counted(world)
  await world.apply([
    rule('reads', 'access_list', ['read'], `contains(resource.spec.grants.roles, "${adminsName}")`),
    list('a', { grants: { roles: [adminsRef] } }),
  ])
  const reads = async () => {
    const { kept, anew } = await judged(world, kinds, await authorityOf(world, 'ann'))
    expect(kept).toEqual(anew)
    return kept.includes('read a: allow')
  }
  expect(await reads()).toBe(true)
  const [admins] = world.aws.inventory.permissionSets
  const renamed = { ...production, name: 'renamed', formerNames: [] }
  world.aws.inventory = {
    revision: '2',
    accounts: [renamed],
    permissionSets: admins === undefined ? [] : [admins],
  }
  expect(await reads()).toBe(false)
})

const wheres = [
  byTeam,
  'contains(resource.spec.owners, user.metadata.name)',
  '!is_empty(resource.spec.grants.roles)',
  undefined,
]
const step = fc.oneof(
  fc.record({
    does: fc.constant('list' as const),
    name: fc.constantFrom(...names),
    team: fc.constantFrom('red', 'blue'),
    owner: fc.constantFrom('ann', 'bob'),
  }),
  fc.record({ does: fc.constant('remove' as const), name: fc.constantFrom(...names) }),
  fc.record({
    does: fc.constant('user' as const),
    team: fc.constantFrom('red', 'blue'),
    roles: fc.subarray(['reads', 'hides', 'other']),
  }),
  fc.record({
    does: fc.constant('role' as const),
    name: fc.constantFrom('reads', 'hides'),
    verbs: fc.subarray(verbs, { minLength: 1 }),
    where: fc.constantFrom(...wheres),
  }),
)

test('what is kept is what would be judged anew, whatever changed', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const world = await openLists()
      await world.apply([role('other'), role('hides'), user('bob')])
      const { kinds } = counted(world)
      for (const one of steps) {
        if (one.does === 'list') await world.apply(list(one.name, { owners: [one.owner] }, one.team))
        if (one.does === 'user')
          await world.apply(user('ann', { roles: one.roles, traits: { team: [one.team] } }))
        if (one.does === 'remove' && (await world.store.resources.find('access_list', one.name))) {
          await world.remove('access_list', one.name)
        }
        if (one.does === 'role') {
          const rules = [
            {
              resources: ['access_list'],
              verbs: one.verbs,
              ...(one.where !== undefined && { where: one.where }),
            },
          ]
          await world.apply(role(one.name, { [one.name === 'hides' ? 'deny' : 'allow']: { rules } }))
        }
        const { kept, anew } = await judged(world, kinds, await authorityOf(world, 'ann'))
        expect(kept).toEqual(anew)
      }
    }),
    { numRuns: 40 },
  )
})
