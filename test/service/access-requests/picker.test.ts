import { describe, expect, test } from 'vitest'
import { itemIdOf, type Requestable } from '../../../src/core/access-request/access-request.js'
import { takeSnapshot } from '../../../src/core/access-request/snapshot.js'
import { hour, minute } from '../../../src/core/time.js'
import { listRequestCaps } from '../../../src/service/access-requests/caps.js'
import { pickForPerson, type PickerInput } from '../../../src/service/access-requests/picker.js'
import {
  putOnShelf,
  readShelf,
  removeFromShelf,
  shelfLimit,
} from '../../../src/service/access-requests/shelf.js'
import { requestWorld } from '../../../src/service/access-requests/world.js'
import { testKinds } from '../../support/kinds.js'
import { spResource } from '../../support/sp.js'
import { item as itemOf, request } from '../../core/access-request/build.js'
import { openWorld, type World } from '../resources/world.js'

const arn = (digit: number) =>
  `arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-000000000000000${digit}`
const prod = {
  id: '111111111111',
  name: 'payments-prod',
  formerNames: ['till'],
  ouPath: 'Root/Production',
  tags: { team: 'payments' },
}
const dev = { id: '222222222222', name: 'payments-dev', formerNames: [], ouPath: 'Root/Lab', tags: {} }
const vault = { id: '333333333333', name: 'vault', formerNames: [], tags: { team: 'security' } }
const inventory = {
  revision: 'picker',
  accounts: [vault, prod, dev],
  permissionSets: ['Admin', 'Billing', 'ReadOnly'].map((name, at) => ({ arn: arn(at), name })),
}
const [admin, billing, readOnly] = [arn(0), arn(1), arn(2)]
const on = (account: { readonly id: string }, permissionSetArn: string): Requestable => ({
  kind: 'assignment',
  accountId: account.id,
  permissionSetArn,
})

const role = (name: string, allow: object, deny: object = {}) => ({
  kind: 'role',
  version: 'v8',
  metadata: { name, description: `what ${name} is for` },
  spec: { allow, deny },
})
const gives = (account: string, permissionSet: string) => ({
  account_assignments: [{ account, permission_set: permissionSet }],
})

async function open(): Promise<World> {
  const world = await openWorld()
  world.aws.inventory = inventory
  await world.apply([
    role('reads-dev', gives(dev.id, readOnly)),
    role('bills', gives(prod.id, billing)),
    role('operator', gives(prod.id, '*')),
    role('oncall', gives(dev.id, admin)),
    role('lists-roles', { rules: [{ resources: ['role'], verbs: ['list'] }] }),
    role(
      'asks',
      {
        request: {
          roles: ['ReadOnly-on-payments-*', 'oncall'],
          search_as_roles: ['operator', 'opens'],
          reason: { mode: 'required', prompt: 'Which ticket?' },
          max_duration: '4h',
        },
      },
      gives('*', billing),
    ),
    role('opens', { app_labels: { '*': '*' } }),
    spResource(),
  ])
  await world.settle('ann', ['reads-dev', 'asks'])
  await world.settle('zoe', [])
  await world.apply({
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'till' },
    spec: { title: 'The till', owners: ['admin'], grants: { roles: ['bills'] } },
  })
  return world
}

async function pick(world: World, input: Partial<PickerInput> = {}, name = 'ann') {
  const full = { show: 'all', search: undefined, cursor: undefined, limit: 50, ...input } as const
  return await pickForPerson(world.deps, full, await world.person(name))
}

/** `<set> on <account>`: state and words. */
async function told(world: World, input: Partial<PickerInput> = {}, name = 'ann') {
  const { items } = await pick(world, input, name)
  return Object.fromEntries(
    items.flatMap(({ account, permissionSets }) =>
      permissionSets.map(({ permissionSet, state, says }) => [
        `${permissionSet.name} on ${account.name}`,
        `${state}: ${says}`,
      ]),
    ),
  )
}

describe('the picker of a person', () => {
  test('tells what they have, what they may ask for and why not the rest, and nothing of accounts they do not know', async () => {
    const world = await open()
    expect(await told(world)).toEqual({
      'Admin on payments-dev': 'no: no role of yours lets you ask for it',
      'Billing on payments-dev': 'no: no role of yours lets you ask for it',
      'ReadOnly on payments-dev': 'have: by the role reads-dev',
      'Admin on payments-prod': 'requestable: the role asks lets you ask for it',
      'Billing on payments-prod': 'no: denied by the role asks',
      'ReadOnly on payments-prod': 'requestable: the role asks lets you ask for it',
    })
    expect(Object.keys(await told(world, { show: 'have' }))).toEqual(['ReadOnly on payments-dev'])
    expect((await pick(world, { show: 'requestable' })).total).toEqual({ accounts: 2, pairs: 3 })
    expect(await told(world, {}, 'zoe')).toEqual({})
  })

  test('TEAM #33, #181, #287: an account that is new may be asked for by the roles that are there', async () => {
    const world = await open()
    const search = 'payments-lab'
    expect(await told(world, { search })).toEqual({})
    const lab = { ...dev, id: '444444444444', name: 'payments-lab' }
    world.aws.inventory = { ...inventory, revision: 'later', accounts: [...inventory.accounts, lab] }
    expect(await told(world, { search, show: 'requestable' })).toEqual({
      'ReadOnly on payments-lab': 'requestable: the role asks lets you ask for it',
    })
  })

  test('tells everything to whoever may list roles', async () => {
    const world = await open()
    await world.settle('lea', ['lists-roles'])
    const all = await told(world, {}, 'lea')
    expect(Object.keys(all)).toHaveLength(9)
    expect(all['Admin on vault']).toBe('no: no role of yours lets you ask for it')
    expect(await told(world, { show: 'requestable' }, 'lea')).toEqual({})
  })

  test('tells of an access list by its title, and of a denial that takes what the list gives', async () => {
    const world = await open()
    const facts = { awsUserId: undefined, joinedAt: 0, expiresAt: undefined, addedBy: 'x', reason: '' }
    await world.store.members.put([
      { list: 'till', kind: 'user', name: 'ann', ...facts },
      { list: 'till', kind: 'user', name: 'zoe', ...facts },
    ])
    expect((await told(world, {}, 'zoe'))['Billing on payments-prod']).toBe(
      'have: by the access list The till',
    )
    expect((await told(world))['Billing on payments-prod']).toBe('no: denied by the role asks')
  })

  test('tells until when a live request gives it, and nothing of one that ended', async () => {
    const world = await open()
    const live = (asked: Requestable, more: object) =>
      request([{ ...itemOf(asked), state: 'approved' }], { user: 'ann', state: 'approved', ...more })
    const now = world.clock.now()
    const until = now + 90 * minute
    const { accessRequests } = world.store
    await accessRequests.create(live(on(prod, admin), { id: 'r1', activatedAt: now, endsAt: until }))
    await accessRequests.create(
      live(on(prod, readOnly), { id: 'r2', user: 'zoe', activatedAt: now, endsAt: until }),
    )
    await accessRequests.create(live(on(prod, billing), { id: 'r3', activatedAt: now, endsAt: until }))
    await accessRequests.create(
      live(on(vault, admin), { id: 'r4', activatedAt: undefined, endsAt: undefined }),
    )
    expect(await told(world)).toMatchObject({
      'Admin on payments-prod': 'have: until 2026-03-02 10:30 UTC by a request',
      'ReadOnly on payments-prod': 'requestable: the role asks lets you ask for it',
      'Billing on payments-prod': 'no: denied by the role asks',
    })
    const given = (await pick(world, { show: 'have', search: 'admin' })).items[0]?.permissionSets[0]
    expect(given?.until).toBe(until)
    world.clock.advance(90 * minute)
    expect((await told(world))['Admin on payments-prod']).toBe(
      'requestable: the role asks lets you ask for it',
    )
  })

  test('counts of a role that was asked for what it gave and still gives', async () => {
    const world = await open()
    const now = world.clock.now()
    const gave = takeSnapshot('oncall', requestWorld(await world.deps.catalog.read()))
    if (gave === undefined || gave === 'too_many') throw new Error('no snapshot')
    const asked: Requestable = { kind: 'role', name: 'oncall' }
    const item = { ...itemOf(asked), state: 'approved', gave } as const
    const facts = { id: 'r1', user: 'ann', state: 'approved', activatedAt: now, endsAt: now + hour } as const
    await world.store.accessRequests.create(request([item], facts))
    expect((await told(world))['Admin on payments-dev']).toBe('have: until 2026-03-02 10:00 UTC by a request')
    await world.apply(role('oncall', gives(dev.id, billing)))
    expect((await told(world))['Admin on payments-dev']).toBe('no: no role of yours lets you ask for it')
  })

  test('tells of what waits for a decision already', async () => {
    const world = await open()
    await world.store.accessRequests.create(request([itemOf(on(prod, admin))], { user: 'ann' }))
    const all = await told(world)
    expect(all['Admin on payments-prod']).toBe('requestable: asked for already; it waits')
    expect(all['ReadOnly on payments-prod']).toBe('requestable: the role asks lets you ask for it')
  })

  test.each([
    ['prod admin', ['Admin on payments-prod']],
    ['111111111111 readonly', ['ReadOnly on payments-prod']],
    ['root/lab readonly', ['ReadOnly on payments-dev']],
    ['team=payments admin', ['Admin on payments-prod']],
    ['TILL admin', ['Admin on payments-prod']],
    ['admin-on-payments-p', ['Admin on payments-prod']],
    ['team=security', []],
    ['prod lab', []],
  ])('finds by words: %s', async (search, found) => {
    expect(Object.keys(await told(await open(), { search }))).toEqual(found)
  })

  test('goes on where the page before ended, and refuses a cursor that no page gave', async () => {
    const world = await open()
    const first = await pick(world, { limit: 1 })
    expect(first.items.map(({ account }) => account.name)).toEqual(['payments-dev'])
    const second = await pick(world, { limit: 1, cursor: first.next })
    expect(second.items.map(({ account }) => account.name)).toEqual(['payments-prod'])
    expect(second.next).toBeUndefined()
    expect(second.total).toEqual({ accounts: 2, pairs: 6 })
    await expect(pick(world, { cursor: '["x"]' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('opens what they have in the portal of its instance, and nothing else', async () => {
    const world = await open()
    const launch = 'https://acme.awsapps.com/start'
    const sp = spResource() as { spec: object }
    await world.apply({ ...sp, spec: { ...sp.spec, launch_urls: [launch] } })
    const example = (name: string) => testKinds().all.find((kind) => kind.name === name)?.example ?? ''
    await world.apply(example('integration'))
    const settings = '      saml_idp_service_provider_name: aws-identity-center\n'
    await world.apply(example('plugin').replace('      sync: paused\n', `      sync: paused\n${settings}`))
    const { items } = await pick(world)
    const urls = items.flatMap(({ permissionSets }) =>
      permissionSets.flatMap(({ portalUrl }) => portalUrl ?? []),
    )
    expect(urls).toEqual([`${launch}/#/console?account_id=222222222222&role_name=ReadOnly`])
  })
})

describe('what a person may ask for beside', () => {
  test('is told with the terms', async () => {
    const world = await open()
    expect(await listRequestCaps(world.deps, { name: 'ann' })).toMatchObject({
      roles: [{ name: 'oncall', description: 'what oncall is for', held: false }],
      apps: [{ app: { name: 'aws-identity-center' }, held: false }],
      assignments: true,
      maxDurationMs: 4 * hour,
      reasonRequired: true,
      prompts: ['Which ticket?'],
    })
    expect(await listRequestCaps(world.deps, { name: 'zoe' })).toEqual({
      roles: [],
      apps: [],
      assignments: false,
      maxDurationMs: 0,
      reasonRequired: false,
      prompts: [],
    })
    await expect(listRequestCaps(world.deps, { name: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('what a person lays aside', () => {
  const ann = { name: 'ann' }
  const item = (account: string, permissionSet: string) => ({
    kind: 'assignment' as const,
    account,
    permissionSet,
  })
  const content = (...items: ReturnType<typeof item>[]) => ({ items, reason: 'the usual' })

  test('is theirs alone, told with names of now, and gone once removed', async () => {
    const world = await open()
    const template = content(item('payments-prod', 'Admin'), item(dev.id, readOnly))
    await putOnShelf(world.deps, { kind: 'template', name: 'release', content: template }, ann)
    await putOnShelf(
      world.deps,
      { kind: 'favourite', name: 'mine', content: content(item(prod.id, 'Admin')) },
      ann,
    )
    const { items } = await readShelf(world.deps, ann)
    expect(
      items.map(({ kind, name, content: kept, shown }) => [
        kind,
        name,
        kept.reason,
        shown.map((one) => one.name),
      ]),
    ).toEqual([
      ['favourite', 'mine', 'the usual', ['Admin on payments-prod']],
      ['template', 'release', 'the usual', ['Admin on payments-prod', 'ReadOnly on payments-dev']],
    ])
    expect(items[0]?.shown[0]).toMatchObject({ id: itemIdOf(on(prod, admin)), account: { id: prod.id } })
    expect((await readShelf(world.deps, { name: 'zoe' })).items).toEqual([])
    const gone = { kind: 'favourite', name: 'mine' } as const
    await expect(removeFromShelf(world.deps, gone, { name: 'zoe' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await removeFromShelf(world.deps, gone, ann)
    await expect(removeFromShelf(world.deps, gone, ann)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('does not tell names or ids of what they neither have nor may ask for', async () => {
    const world = await open()
    await putOnShelf(
      world.deps,
      { kind: 'favourite', name: 'by-id', content: content(item(vault.id, 'Admin')) },
      ann,
    )
    await putOnShelf(
      world.deps,
      { kind: 'favourite', name: 'by-name', content: content(item('vault', admin)) },
      ann,
    )
    const { items } = await readShelf(world.deps, ann)
    const text = JSON.stringify(items)
    expect(items.map(({ shown }) => shown[0]?.name)).toEqual([`Admin on ${vault.id}`, `${admin} on vault`])
    expect(text.match(/vault/g)).toHaveLength(3)
    expect(items[1]?.shown[0]).toEqual({
      id: `assignment/vault/${admin}`,
      kind: 'assignment',
      name: `${admin} on vault`,
    })
  })

  test('is refused as a favourite of two items, with a duration that is none, or beyond the limit', async () => {
    const world = await open()
    const one = content(item(prod.id, 'Admin'))
    const refused = { code: 'INVALID_INPUT' }
    const two = content(item(prod.id, 'Admin'), item(dev.id, 'Admin'))
    await expect(
      putOnShelf(world.deps, { kind: 'favourite', name: 'a', content: two }, ann),
    ).rejects.toMatchObject(refused)
    const endless = { ...one, duration: 'for ever' }
    await expect(
      putOnShelf(world.deps, { kind: 'template', name: 'a', content: endless }, ann),
    ).rejects.toMatchObject(refused)
    for (let at = 0; at < shelfLimit; at++) {
      await putOnShelf(world.deps, { kind: 'favourite', name: `f${at}`, content: one }, ann)
    }
    const more = { kind: 'favourite', name: 'more', content: one } as const
    await expect(putOnShelf(world.deps, more, ann)).rejects.toMatchObject(refused)
    await putOnShelf(world.deps, { ...more, name: 'f1' }, ann)
    await putOnShelf(world.deps, { ...more, kind: 'template' }, ann)
  })

  test('has what they asked for last beside it, each item once', async () => {
    const world = await open()
    const ask = async (id: string, at: number, ...asked: Requestable[]) => {
      const facts = { id, user: 'ann', createdAt: world.clock.now() + at }
      await world.store.accessRequests.create(
        request(
          asked.map((one) => itemOf(one)),
          facts,
        ),
      )
    }
    await ask('r1', 1000, on(prod, admin), { kind: 'role', name: 'oncall' })
    await ask('r2', 2000, on(dev, readOnly), on(prod, admin))
    const { recents } = await readShelf(world.deps, ann)
    expect(recents.map(({ name }) => name)).toEqual([
      'ReadOnly on payments-dev',
      'Admin on payments-prod',
      'oncall',
    ])
    expect((await readShelf(world.deps, { name: 'zoe' })).recents).toEqual([])
  })
})
