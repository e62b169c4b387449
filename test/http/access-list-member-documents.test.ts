/** Members of access lists as documents: applied with their list, read back, changed and removed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  role,
  createPerson,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let reader: TestBrowser

beforeAll(async () => {
  const reads = role('reads', 'v8', {
    allow: { rules: [{ resources: ['access_list'], verbs: ['read', 'update'] }] },
  })
  gateway = await openTestGateway({ resources: [...testResources, reads] })
  admin = await signInAdmin(gateway)
  reader = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'rex@example.com', roles: ['reads'] }),
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const listText = (name: string, type = 'static') =>
  `kind: access_list\nversion: v1\nmetadata: {name: ${name}}\nspec: {title: ${name}, type: '${type}', owners: [admin]}\n`
const memberText = (list: string, name: string, more = '') =>
  `kind: access_list_member\nversion: v1\nmetadata: {name: ${list}/${name}}\nspec: {access_list: ${list}, name: ${name.split('/').at(-1) ?? ''}${more}}\n`
const apply = async (browser: TestBrowser, documents: readonly string[], query = 'mode=replace') =>
  await browser.send('post', `/v1/resources?${query}`, documents.join('---\n'), {
    'content-type': 'application/yaml',
  })
const one = (name: string) => `/v1/resources/access_list_member/${encodeURIComponent(name)}`

test('a list and its members stand in one file, in any order, and are kept together or not at all', async () => {
  const refused = await apply(admin, [
    memberText('code', 'rex@example.com'),
    listText('code'),
    memberText('code', 'a b'),
  ])
  expect(refused.status).toBe(400)
  expect((await admin.get('/v1/access-lists/code')).status).toBe(404)
  const applied = await apply(admin, [
    memberText('code', 'rex@example.com', ', expires: 2999-01-01T00:00:00Z, reason: on call'),
    listText('code'),
    listText('inner'),
    memberText('code', 'list/inner', ', membership_kind: list'),
  ])
  expect(applied.status, applied.text).toBe(200)
  const changes = (applied.body as { changes: { action: string; name: string }[] }).changes
  expect(changes.map(({ action, name }) => [action, name])).toEqual([
    ['create', 'code'],
    ['create', 'inner'],
    ['create', 'code/rex@example.com'],
    ['create', 'code/list/inner'],
  ])
  const members = await admin.get('/v1/access-lists/code/members')
  expect(members.body).toMatchObject({
    items: [
      { kind: 'list', name: 'inner' },
      { kind: 'user', name: 'rex@example.com', addedBy: 'admin', reason: 'on call' },
    ],
  })
})

test('one is read with its revision, applied again without effect, changed and removed', async () => {
  const read = await admin.get(one('code/rex@example.com'), { accept: 'application/yaml' })
  expect(read.status).toBe(200)
  expect(read.text).toContain('added_by: admin')
  const again = await apply(admin, [read.text])
  expect(again.body).toMatchObject({ changes: [{ action: 'none' }] })
  const changed = await apply(admin, [read.text.replace('on call', 'nights')])
  expect(changed.body).toMatchObject({ changes: [{ action: 'update' }] })
  // It carries the revision that was read.
  expect((await apply(admin, [read.text.replace('on call', 'days')])).status).toBe(412)
  const listed = await admin.get('/v1/resources/access_list_member?search=nights')
  expect((listed.body as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual([
    'code/rex@example.com',
  ])
  expect((await admin.delete(one('code/rex@example.com'))).status).toBe(200)
  expect((await admin.get(one('code/rex@example.com'))).status).toBe(404)
  expect((await admin.delete(one('code/rex@example.com'))).status).toBe(404)
  const history = await admin.get('/v1/access-lists/code/history?limit=3')
  expect((history.body as { items: { code: string }[] }).items.map(({ code }) => code)).toEqual([
    'TAL007I',
    'TAL006I',
    'TAL005I',
  ])
})

test('a dry run keeps nothing', async () => {
  expect((await apply(admin, [memberText('code', 'x')], 'mode=replace&dryRun=true')).status).toBe(200)
  expect((await admin.get(one('code/x'))).status).toBe(404)
})

test.each([
  ['without its list', memberText('nowhere', 'x'), 400, 'INVALID_RESOURCE'],
  ['in a list that it holds', memberText('inner', 'list/code', ', membership_kind: list'), 422, 'LIST_CYCLE'],
  ['that has ended', memberText('code', 'x', ', expires: 2001-01-01T00:00:00Z'), 400, 'INVALID_INPUT'],
  [
    'of another list than its name says',
    memberText('code', 'x').replace('code/', 'inner/'),
    400,
    'INVALID_RESOURCE',
  ],
])('a member %s is refused', async (_, text, status, code) => {
  const answer = await apply(admin, [text])
  expect([answer.status, answer.body.code]).toEqual([status, code])
})

test('the members of a list that a directory pushes are not changed by documents', async () => {
  await apply(admin, [listText('pushed', 'scim')])
  const answer = await apply(admin, [memberText('pushed', 'x')])
  expect([answer.status, answer.body.code]).toEqual([409, 'MANAGED_ELSEWHERE'])
})

test('rules on access_list_member decide, and no others', async () => {
  expect((await reader.get(one('code/list/inner'))).status).toBe(403)
  expect((await apply(reader, [memberText('code', 'y')])).status).toBe(403)
  expect((await reader.delete(one('code/list/inner'))).status).toBe(403)
})
