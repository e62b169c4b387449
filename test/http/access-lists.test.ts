/** Access lists over HTTP: what each part that somebody can have in a list lets them see and do, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import {
  candidatesAnswer,
  changeMembersAnswer,
  listCardsAnswer,
  listDetail,
  listHistoryAnswer,
  listPeopleAnswer,
  putRequirementsAnswer,
} from '../../src/api/contract.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const list = (name: string, spec: object) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: `The ${name}`, owners: ['admin'], ...spec },
})
const owner = (name: string) => `${name}@example.com`
const at = (path: string) => `/v1/access-lists/${path}`

let gateway: TestGateway
const who = {} as Record<string, TestBrowser>
let machine: string

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('granted', 'v8', { allow: {} }),
      role('senior', 'v8', { allow: {} }),
      role('asks', 'v8', { allow: { request: { roles: ['gran*'] } } }),
      role('reads', 'v8', { allow: { rules: [{ resources: ['access_list'], verbs: ['list', 'read'] }] } }),
      role('connects', 'v8', { allow: { rules: [{ resources: ['plugin'], verbs: ['read'] }] } }),
      role('denied', 'v8', { deny: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } }),
      list('stewards', {}),
      list('team', {
        owners: [
          owner('direct'),
          owner('junior'),
          owner('denied'),
          { name: 'stewards', membership_kind: 'list' },
        ],
        grants: { roles: ['granted'] },
        ownership_requires: { roles: ['senior'] },
      }),
      list('inner', {}),
      list('coded', { type: 'static', owners: [owner('direct')] }),
      list('pushed', { type: 'scim', owners: [owner('direct')] }),
    ],
  })
  const admin = await signInAdmin(gateway)
  who['admin'] = admin
  const roles: Readonly<Record<string, string[]>> = {
    direct: ['senior', 'no-labels'],
    inherited: ['senior'],
    junior: ['no-labels'],
    denied: ['senior', 'denied'],
    member: ['no-labels'],
    nested: ['no-labels'],
    asker: ['asks'],
    outsider: ['no-labels'],
    reader: ['reads'],
    mechanic: ['connects'],
    both: ['reads', 'connects'],
  }
  for (const [name, given] of Object.entries(roles)) {
    who[name] = await signIn(gateway, await createPerson(gateway, admin, { name: owner(name), roles: given }))
  }
  const put = async (to: string, body: object) => {
    expect((await admin.post(at(`${to}/members`), body)).status).toBe(200)
  }
  await put('stewards', { name: owner('inherited') })
  await put('team', { name: owner('member'), expiresAt: '2026-04-01T00:00:00Z' })
  await put('team', { kind: 'list', name: 'inner' })
  await put('inner', { name: owner('nested') })
  const token = {
    kind: 'token',
    version: 'v1',
    metadata: { name: 'weak' },
    spec: { roles: ['reads'], ttl: '24h' },
  }
  const made = await admin.post('/v1/resources', token)
  machine = (made.body as { changes: { secret: string }[] }).changes[0]?.secret ?? ''
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

type Part =
  | 'admin'
  | 'direct'
  | 'inherited'
  | 'junior'
  | 'denied'
  | 'member'
  | 'nested'
  | 'asker'
  | 'outsider'
  | 'reader'
  | 'mechanic'
  | 'both'

function browser(part: string): TestBrowser {
  const found = who[part]
  if (found === undefined) throw new Error(`${part} is nobody`)
  return found
}

describe('a list that is put into another', () => {
  const nest = (name: string) => browser('member').post(at('own/members'), { kind: 'list', name })

  test('is one whose members the owner sees: in the other list its people are shown', async () => {
    const own = list('own', { owners: [owner('member')] })
    expect((await browser('admin').post('/v1/resources', own)).status).toBeLessThan(300)
    const seenInPart = await nest('team')
    expect(seenInPart.status).toBe(400)
    expect((seenInPart.body as { detail: string }).detail).toContain('only who sees the members of "team"')
    const hidden = await nest('coded')
    expect((hidden.body as { detail: string }).detail).toContain('there is no access list named "coded"')
    const people = await browser('member').get(at('own/people'))
    expect(JSON.stringify(people.body)).not.toContain(owner('direct'))
    expect((await browser('admin').post(at('own/members'), { kind: 'list', name: 'team' })).status).toBe(200)
    const removed = await browser('admin').send('delete', '/v1/resources/access_list/own')
    expect(removed.status).toBeLessThan(300)
  })
})

describe('what each part in a list opens', () => {
  // Status of: the list, its members, its history, a member added, what is asked of members changed, what it is in AWS.
  test.each<[Part, string, readonly number[]]>([
    ['admin', 'an administrator, all of it', [200, 200, 200, 200, 200, 200]],
    ['direct', 'an owner by name, all of it', [200, 200, 200, 200, 200, 200]],
    ['inherited', 'an owner by a list, all of it', [200, 200, 200, 200, 200, 200]],
    ['junior', 'an owner without what is asked of owners, nothing', [404, 404, 404, 404, 404, 404]],
    ['denied', 'an owner to whom a role denies changes, what it says', [200, 200, 200, 403, 403, 200]],
    ['member', 'a member, the list alone', [200, 403, 403, 403, 403, 403]],
    ['nested', 'a member through a list, the list alone', [200, 403, 403, 403, 403, 403]],
    ['asker', 'somebody who could ask to join, the list alone', [200, 403, 403, 403, 403, 403]],
    ['outsider', 'anybody else, nothing', [404, 404, 404, 404, 404, 404]],
    [
      'mechanic',
      'whose role reads plugins, nothing of a list that they do not see',
      [404, 404, 404, 404, 404, 404],
    ],
    ['both', 'whose roles read lists and plugins, all and no change', [200, 200, 200, 403, 403, 200]],
    ['reader', 'whose role reads lists, all and no change', [200, 200, 200, 403, 403, 403]],
  ])('%s: %s', async (part, _, expected) => {
    const one = browser(part)
    const answers = [
      await one.get(at('team')),
      await one.get(at('team/members')),
      await one.get(at('team/history')),
      await one.post(at('team/members'), { name: owner('member'), expiresAt: '2026-04-01T00:00:00Z' }),
      await one.send('put', at('team/requirements'), {}),
      await one.get(at('team/aws')),
    ]
    expect(answers.map(({ status }) => status)).toEqual(expected)
    if (expected[0] === 200) expect(listDetail.parse(answers[0]?.body).may.aws).toBe(expected.at(-1) === 200)
    const people = await one.get(at('team/people'))
    const table = await one.get(at('team/members.csv'))
    expect([people.status, table.status]).toEqual([expected[1], expected[1]])
    const remove = { remove: [{ kind: 'user', name: 'nobody' }], dryRun: true }
    expect((await one.post(at('team/change-members'), remove)).status).toBe(expected[3])
  })

  test('owners change members and not the document; members see their own membership and no others', async () => {
    const owned = listDetail.parse((await browser('direct').get(at('team'))).body)
    expect(owned.may).toEqual({ members: true, edit: false, delete: false, review: true, aws: true })
    expect([owned.userCount, owned.listCount, owned.peopleCount]).toEqual([1, 1, 2])
    expect(owned.allOwners.find(({ name }) => name === owner('junior'))?.problem).toBe(
      'lacks the role senior',
    )
    const seen = listDetail.parse((await browser('member').get(at('team'))).body)
    expect(seen.mine).toEqual({ owner: 'none', member: 'explicit', expiresAt: '2026-04-01T00:00:00.000Z' })
    expect([seen.userCount, seen.peopleCount, seen.may.members]).toEqual([undefined, undefined, false])
    const through = listDetail.parse((await browser('nested').get(at('team'))).body)
    expect(through.mine.member).toBe('inherited')
    const asked = listDetail.parse((await browser('asker').get(at('team'))).body)
    expect([asked.couldAsk, asked.mine.member, asked.userCount]).toEqual([true, 'none', undefined])
    const document = await browser('direct').get('/v1/resources/access_list/team')
    expect(document.status).toBe(403)
  })

  test('a machine user has its rules alone', async () => {
    const ask = (path: string) => supertest(gateway.url).get(path).set('authorization', `Bearer ${machine}`)
    expect((await ask(at('team/members'))).status).toBe(200)
    expect((await ask(at('nowhere'))).status).toBe(404)
    const added = await supertest(gateway.url)
      .post(at('team/members'))
      .set('authorization', `Bearer ${machine}`)
      .send({ name: 'x' })
    expect([added.status, added.body.code]).toEqual([403, 'FORBIDDEN'])
  })
})

describe('cards', () => {
  const cards = async (part: string, query = '') => {
    const answer = await browser(part).get(`/v1/access-lists${query}`)
    expect(answer.status, answer.text).toBe(200)
    return listCardsAnswer.parse(answer.body)
  }
  const names = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name)

  test('show whom a list concerns, and to an administrator all', async () => {
    expect(names(await cards('admin'))).toEqual(['coded', 'inner', 'pushed', 'stewards', 'team'])
    expect(names(await cards('outsider'))).toEqual([])
    expect(names(await cards('nested'))).toEqual(['inner', 'team'])
    expect(names(await cards('asker'))).toEqual(['team'])
    const owned = await cards('direct')
    expect(names(owned)).toEqual(['coded', 'pushed', 'team'])
    expect(owned.counts).toEqual({ all: 3, mine: 3, member: 0, due: 0, aws: 0, joinable: 0 })
    expect([owned.mayCreate, (await cards('admin')).mayCreate]).toEqual([false, true])
  })

  test('are filtered, searched over owners, and paged', async () => {
    expect(names(await cards('inherited', '?filter=mine'))).toEqual(['team'])
    expect(names(await cards('asker', '?filter=joinable'))).toEqual(['team'])
    expect(names(await cards('admin', '?search=DIRECT%40example.com'))).toEqual(['coded', 'pushed', 'team'])
    const first = await cards('admin', '?limit=2')
    expect([first.total, names(first)]).toEqual([5, ['coded', 'inner']])
    const rest = await cards('admin', `?limit=10&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)
    expect(names(rest)).toEqual(['pushed', 'stewards', 'team'])
    expect((await browser('admin').get('/v1/access-lists?cursor=x')).status).toBe(400)
    expect((await browser('admin').get('/v1/access-lists?filter=no')).status).toBe(400)
  })
})

describe('candidates', () => {
  const ask = (part: Part, search: string) =>
    browser(part).get(at(`team/candidates?search=${encodeURIComponent(search)}`))

  test('are user names that begin with or hold what was typed, names alone, for who may change members', async () => {
    const found = await ask('direct', 'IN')
    expect(candidatesAnswer.parse(found.body).items.map(({ name }) => name)).toEqual([
      owner('inherited'),
      'admin',
    ])
    expect(Object.keys((found.body as { items: object[] }).items[0] ?? {})).toEqual(['name'])
    const all = candidatesAnswer.parse((await ask('direct', '@example')).body)
    expect(all.items.length).toBeLessThanOrEqual(10)
    expect(candidatesAnswer.parse((await ask('admin', 'outs')).body).items).toEqual([
      { name: owner('outsider') },
    ])
  })

  test.each<[Part, string, number]>([
    ['direct', 'o', 400],
    ['member', 'out', 403],
    ['reader', 'out', 403],
    ['denied', 'out', 403],
    ['outsider', 'out', 404],
  ])('asked by %s for %j answer %i', async (part, search, status) => {
    expect((await ask(part, search)).status).toBe(status)
  })

  test('are asked so many times in a while', async () => {
    let status = 200
    for (let asked = 0; asked <= 240 && status === 200; asked += 1)
      status = (await ask('inherited', 'zz')).status
    expect(status).toBe(429)
    expect((await ask('direct', 'out')).status).toBe(200)
  })
})

describe('many members at once', () => {
  const change = async (body: object, part = 'direct') =>
    await browser(part).post(at('team/change-members'), body)

  test('pasted names are added, unknown ones told with who may be meant, and a dry run keeps nothing', async () => {
    const names = `Out <${owner('outsider').toUpperCase()}>\n${owner('readr')}; ${owner('member')}`
    const tried = changeMembersAnswer.parse((await change({ names, dryRun: true })).body)
    expect(tried).toMatchObject({
      added: [{ kind: 'user', name: owner('outsider') }],
      alreadyIn: [{ kind: 'user', name: owner('member') }],
      updated: [],
      unknown: [{ line: 2, name: owner('readr'), suggestions: [owner('reader')] }],
      dryRun: true,
    })
    const before = await browser('direct').get(at('team/members'))
    expect(before.body).toMatchObject({ total: 2 })
    const table = `name,reason\r\n${owner('outsider')},"on call, nights"\r\n${owner('nested')},\r\n,none`
    const done = changeMembersAnswer.parse((await change({ csv: table })).body)
    expect(done.added.map(({ name }) => name)).toEqual([owner('outsider'), owner('nested')])
    expect(done.refused).toMatchObject([{ line: 4 }])
    const history = listHistoryAnswer.parse((await browser('direct').get(at('team/history'))).body)
    expect(history.items[0]).toMatchObject({
      code: 'TAL005I',
      by: owner('direct'),
      says: `2 members were added to access list "team" by ${owner('direct')}.`,
    })
    const csv = await browser('direct').get(at('team/members.csv'))
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.text).toContain(`user,${owner('outsider')},,"on call, nights"`)
    const remove = [owner('outsider'), owner('nested'), 'nobody'].map((name) => ({ kind: 'user', name }))
    const gone = changeMembersAnswer.parse((await change({ remove })).body)
    expect([gone.removed.length, gone.refused.length]).toEqual([2, 1])
  })

  test('members are copied from a list that one may read, and from no other', async () => {
    expect((await change({ copyFrom: 'inner' })).status).toBe(404)
    const copied = changeMembersAnswer.parse(
      (await change({ copyFrom: 'inner', dryRun: true }, 'admin')).body,
    )
    expect(copied.added).toEqual([{ kind: 'user', name: owner('nested') }])
    expect((await change({ names: 'x', copyFrom: 'inner' }, 'admin')).status).toBe(400)
    expect((await change({}, 'admin')).status).toBe(400)
  })

  test('lists managed elsewhere say where', async () => {
    for (const [name, words] of [
      ['coded', 'managed as code'],
      ['pushed', 'pushed by a directory'],
    ] as const) {
      for (const part of ['direct', 'admin']) {
        for (const answer of [
          await browser(part).post(at(`${name}/members`), { name: owner('member') }),
          await browser(part).delete(at(`${name}/members/user/x`)),
          await browser(part).post(at(`${name}/change-members`), { names: owner('member') }),
        ]) {
          expect([answer.status, answer.body.code]).toEqual([409, 'MANAGED_ELSEWHERE'])
          expect(answer.body.detail).toContain(words)
        }
      }
      const detail = listDetail.parse((await browser('direct').get(at(name))).body)
      expect(detail.may.members).toBe(false)
      expect(detail.may.membersSay).toContain(words)
    }
  })
})

describe('what a list is to ask of its members', () => {
  const wanted = at('team/requirements')
  const traits = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, ['x']]))

  test('is refused where it is too much, and with a review too', async () => {
    const much = { roles: [], traits: traits(51) }
    const many = { roles: [], traits: { a: Array.from({ length: 201 }, (_, n) => `v${n}`) } }
    const roles = { roles: Array.from({ length: 101 }, (_, n) => `r${n}`), traits: {} }
    for (const membershipRequires of [much, many, roles]) {
      const put = await browser('direct').send('put', wanted, { ...membershipRequires, dryRun: true })
      expect([put.status, put.body.code]).toEqual([400, 'INVALID_INPUT'])
      const body = { membershipRequires, keepRest: true, dryRun: true }
      expect((await browser('direct').post(at('team/review/submit'), body)).status).toBe(400)
    }
    const most = { roles: [], traits: traits(50), dryRun: true }
    expect((await browser('direct').send('put', wanted, most)).status).toBe(200)
  })

  test('names no trait that no schema would see: what was asked stays', async () => {
    const json = { 'content-type': 'application/json' }
    for (const body of [
      '{"traits":{"__proto__":["x"]},"dryRun":true}',
      '{"traits":{"\\u005f_proto__":["x"]}}',
    ]) {
      const answer = await browser('direct').send('put', wanted, body, json)
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT'])
      expect(answer.body.detail).toContain('__proto__')
    }
    const fine = await browser('direct').send('put', wanted, '{"traits":{"proto":["x"]},"dryRun":true}', json)
    expect(fine.status).toBe(200)
  })
})

describe('nesting', () => {
  test('a circle over an owner is refused with its path, and so is an unknown list', async () => {
    // stewards own team, so team may not come into stewards.
    const circle = await browser('admin').post(at('stewards/members'), { kind: 'list', name: 'team' })
    expect([circle.status, circle.body.code]).toEqual([422, 'LIST_CYCLE'])
    expect(circle.body.detail).toContain('stewards -> team -> stewards')
    const hidden = await browser('direct').post(at('team/members'), { kind: 'list', name: 'stewards' })
    expect([hidden.status, hidden.body.detail]).toEqual([
      400,
      expect.stringContaining('there is no access list'),
    ])
  })
})

describe('requirements', () => {
  test('tell who would not count, and then who does not', async () => {
    const put = (body: object) => browser('direct').send('put', at('team/requirements'), body)
    const { revision } = listDetail.parse((await browser('direct').get(at('team'))).body)
    const tried = putRequirementsAnswer.parse((await put({ roles: ['senior'], dryRun: true })).body)
    expect(tried.lose).toEqual([owner('member'), owner('nested')])
    const done = putRequirementsAnswer.parse((await put({ roles: ['senior'], revision })).body)
    expect(done.revision).not.toBe(revision)
    expect((await put({ roles: [], revision })).status).toBe(412)
    const people = listPeopleAnswer.parse((await browser('direct').get(at('team/people'))).body)
    expect(
      people.items.map(({ name, ineligible, path }) => [name, ineligible, path.map((one) => one.name)]),
    ).toEqual([
      [owner('member'), 'lacks the role senior', ['team']],
      [owner('nested'), 'lacks the role senior', ['team', 'inner']],
    ])
    expect((await browser('member').get(at('team'))).status).toBe(404)
    expect((await put({})).status).toBe(200)
    expect((await browser('member').get(at('team'))).status).toBe(200)
  })
})

describe('at the same time', () => {
  test('two owners who remove or add the same member do it once', async () => {
    const add = (part: string) => browser(part).post(at('team/members'), { name: owner('outsider') })
    const added = await Promise.all([add('direct'), add('inherited')])
    expect(added.map(({ body }) => (body as { action: string }).action).sort()).toEqual(['create', 'none'])
    const take = (part: string) =>
      browser(part).delete(at(`team/members/user/${encodeURIComponent(owner('outsider'))}`))
    const taken = await Promise.all([take('direct'), take('inherited')])
    expect(taken.map(({ status }) => status).sort()).toEqual([204, 404])
  })

  test('a list that is deleted while it is nested leaves no membership behind', async () => {
    const admin = browser('admin')
    await admin.post('/v1/resources', list('brief', {}))
    const [nested, deleted] = await Promise.all([
      admin.post(at('inner/members'), { kind: 'list', name: 'brief' }),
      admin.delete('/v1/resources/access_list/brief'),
    ])
    const members = await admin.get(at('inner/members?search=brief'))
    if (deleted.status === 200) expect([nested.status, members.body.total]).toEqual([400, 0])
    else expect([deleted.body.code, nested.status, members.body.total]).toEqual(['STILL_IN_USE', 200, 1])
  })

  test('a membership that ends while it is edited is gone, or has the end that was given', async () => {
    const admin = browser('admin')
    const put = (expiresAt: number) =>
      admin.post(at('inner/members'), {
        name: owner('outsider'),
        expiresAt: new Date(expiresAt).toISOString(),
      })
    const now = gateway.clock.now()
    await put(now + 60_000)
    expect((await browser('outsider').get(at('inner'))).status).toBe(200)
    gateway.clock.advance(60_000)
    expect((await browser('outsider').get(at('inner'))).status).toBe(404)
    // The end that it has is now: nothing is changed by it, and nobody is let in.
    expect((await put(now + 60_000)).body).toMatchObject({ action: 'none' })
    expect((await browser('outsider').get(at('inner'))).status).toBe(404)
    expect((await put(now + 120_000)).body).toMatchObject({ action: 'update' })
    expect((await browser('outsider').get(at('inner'))).status).toBe(200)
  })
})
