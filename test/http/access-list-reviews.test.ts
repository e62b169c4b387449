/** Reviews of access lists over HTTP: who may look at them, decide and finish them, and what is answered. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  decideAnswer,
  listCardsAnswer,
  listDetail,
  listHistoryAnswer,
  reviewAnswer,
  reviewsAnswer,
  submitReviewAnswer,
} from '../../src/api/contract.js'
import { writeYaml } from '../../src/api/resource/yaml.js'
import { memberDocument } from '../../src/core/access-list/member-document.js'
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
const mail = (name: string) => `${name}@example.com`
const at = (path: string) => `/v1/access-lists/${path}`

let gateway: TestGateway
const who = {} as Record<string, TestBrowser>

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('reads', 'v8', { allow: { rules: [{ resources: ['access_list'], verbs: ['list', 'read'] }] } }),
      role('denied', 'v8', { deny: { rules: [{ resources: ['access_list'], verbs: ['update'] }] } }),
      ...['team', 'other'].map((name) => list(name, { owners: [mail('owner'), mail('denied')] })),
      list('coded', { type: 'static', owners: [mail('owner')] }),
      list('pushed', { type: 'scim', owners: [mail('owner')] }),
    ],
  })
  const admin = await signInAdmin(gateway)
  who['admin'] = admin
  const roles: Readonly<Record<string, string[]>> = {
    owner: ['no-labels'],
    denied: ['denied'],
    member: ['no-labels'],
    outsider: ['no-labels'],
    reader: ['reads'],
  }
  for (const [name, given] of Object.entries(roles)) {
    who[name] = await signIn(gateway, await createPerson(gateway, admin, { name: mail(name), roles: given }))
  }
  for (const to of ['team', 'other']) {
    for (const name of ['member', 'leaver']) {
      expect((await admin.post(at(`${to}/members`), { name: mail(name) })).status).toBe(200)
    }
  }
  const coded = documentsOf('coded').map(writeYaml).join('---\n')
  const applied = await admin.send('post', '/v1/resources', coded, { 'content-type': 'application/yaml' })
  expect(applied.status, applied.text).toBe(200)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

function documentsOf(to: string) {
  const member = (name: string) => ({
    list: to,
    kind: 'user' as const,
    name,
    expiresAt: undefined,
    reason: '',
  })
  return [member(mail('member')), { ...member("o'hara;x"), reason: 'on call: nights' }].map(memberDocument)
}

function browser(part: string): TestBrowser {
  const found = who[part]
  if (found === undefined) throw new Error(`${part} is nobody`)
  return found
}

const remove = (name: string) => ({ kind: 'user', name, decision: 'remove' })

describe('what each part in a list opens', () => {
  // Status of: the review, the finished ones, a decision, the end of a review (a dry run).
  test.each([
    ['admin', 'an administrator, all of it', [200, 200, 200, 200]],
    ['owner', 'an owner, all of it', [200, 200, 200, 200]],
    ['denied', 'an owner to whom a role denies changes, to look at it', [200, 200, 403, 403]],
    ['reader', 'whose role reads lists, to look at it', [200, 200, 403, 403]],
    ['member', 'a member, nothing', [403, 403, 403, 403]],
    ['outsider', 'anybody else, not that it is there', [404, 404, 404, 404]],
  ])('%s: %s', async (part, _, expected) => {
    const one = browser(part)
    const answers = [
      await one.get(at('other/review')),
      await one.get(at('other/reviews')),
      await one.post(at('other/review/decisions'), { decisions: [remove(mail('leaver'))] }),
      await one.post(at('other/review/submit'), { keepRest: true, dryRun: true }),
    ]
    expect(answers.map(({ status }) => status)).toEqual(expected)
    const detail = await one.get(at('other'))
    if (detail.status === 200) expect(listDetail.parse(detail.body).may.review).toBe(expected[2] === 200)
  })

  test('a list that is not there has no review, for an administrator too', async () => {
    const answers = [
      await browser('admin').get(at('none/review')),
      await browser('admin').get(at('none/reviews')),
      await browser('admin').post(at('none/review/decisions'), {}),
      await browser('admin').post(at('none/review/submit'), { digest: 'x' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })
})

const digestOf = async (part: string, list: string) =>
  reviewAnswer.parse((await browser(part).get(at(`${list}/review`))).body).digest

describe('whoever agrees to all of a review', () => {
  const decisions = at('team/review/decisions')
  const submit = at('team/review/submit')

  test('agrees to what they saw: other decisions and other members are refused, to keep the rest and to end it', async () => {
    const owner = browser('owner')
    const seen = await digestOf('owner', 'team')
    const tried = submitReviewAnswer.parse((await owner.post(submit, { keepRest: true, dryRun: true })).body)
    expect(tried.digest).toBe(seen)
    const changes: (() => Promise<unknown>)[] = [
      async () => await browser('admin').post(decisions, { decisions: [remove(mail('member'))] }),
      async () => await browser('admin').post(at('team/members'), { name: mail('outsider') }),
    ]
    for (const change of changes) {
      const before = await digestOf('owner', 'team')
      await change()
      for (const answer of [
        await owner.post(decisions, { keepRest: true, digest: before }),
        await owner.post(submit, { keepRest: true, digest: before }),
        await owner.post(submit, { keepRest: true, digest: before, dryRun: true }),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([409, 'REVIEW_CHANGED'])
      }
    }
    await browser('admin').delete(at(`team/members/user/${encodeURIComponent(mail('outsider'))}`))
    await browser('admin').post(decisions, { startOver: true })
    expect(await digestOf('owner', 'team')).toBe(seen)
    expect((await owner.post(submit, { keepRest: true, digest: seen, dryRun: true })).status).toBe(200)
  })

  test('has seen what they decide themselves, and not what others decided before that', async () => {
    const owner = browser('owner')
    const decide = async (digest: string, name: string) =>
      decideAnswer.parse((await owner.post(decisions, { decisions: [remove(mail(name))], digest })).body)
        .digest
    const first = await decide(await digestOf('owner', 'team'), 'member')
    expect(first).toBe(await digestOf('owner', 'team'))
    await browser('admin').post(decisions, { decisions: [remove(mail('leaver'))] })
    expect(await decide(first ?? '', 'member')).toBeUndefined()
    await browser('admin').post(decisions, { startOver: true })
  })
})

describe('a review', () => {
  test('is gone through, left, gone on with by another owner, and finished', async () => {
    const owner = browser('owner')
    const begun = reviewAnswer.parse((await owner.get(at('team/review'))).body)
    expect(begun).toMatchObject({ total: 2, kept: 0, removed: 0, review: { decided: 0, toDecide: 2 } })
    expect(begun.items.map(({ name, hasUser }) => [name, hasUser])).toEqual([
      [mail('leaver'), false],
      [mail('member'), true],
    ])
    const decided = await owner.post(at('team/review/decisions'), {
      decisions: [{ ...remove(mail('leaver')), note: 'left in March' }],
    })
    expect(decideAnswer.parse(decided.body)).toEqual({ kept: 0, removed: 1, open: 1 })
    const cards = listCardsAnswer.parse((await owner.get('/v1/access-lists?search=team')).body)
    expect(cards.items[0]?.review).toMatchObject({ decided: 1, toDecide: 2 })

    const digest = await digestOf('admin', 'team')
    const early = await browser('admin').post(at('team/review/submit'), { digest })
    expect([early.status, early.body.code]).toEqual([409, 'REVIEW_INCOMPLETE'])
    expect(early.body.detail).toContain(`"${mail('member')}" of access list "team" is not decided on`)

    const whole = { keepRest: true, notes: 'Done.' }
    expect((await browser('admin').post(at('team/review/submit'), whole)).status).toBe(400)
    const ended = await browser('admin').post(at('team/review/submit'), { ...whole, digest })
    const answer = submitReviewAnswer.parse(ended.body)
    expect(answer).toMatchObject({ kept: 1, removed: [{ name: mail('leaver') }], inAws: [], dryRun: false })
    expect(answer.patch).toBeUndefined()
    const members = await owner.get(at('team/members'))
    expect(members.body).toMatchObject({ total: 1 })
    const { items } = reviewsAnswer.parse((await owner.get(at('team/reviews'))).body)
    expect(items).toMatchObject([
      {
        id: answer.id,
        reviewers: ['admin', mail('owner')],
        notes: 'Done.',
        kept: 1,
        removed: [{ name: mail('leaver'), note: 'left in March' }],
        nextDueAt: answer.nextDueAt,
      },
    ])
    const history = listHistoryAnswer.parse((await owner.get(at('team/history'))).body)
    expect(history.items[0]).toMatchObject({
      code: 'TAL004I',
      says: 'access list "team" was reviewed by admin: 1 removed.',
    })
  })

  test('is not decided by what is no decision', async () => {
    const owner = browser('owner')
    const wrong = [
      { decisions: [{ kind: 'user', name: mail('member'), decision: 'perhaps' }] },
      { decisions: [{ kind: 'group', name: mail('member'), decision: 'keep' }] },
      { decisions: [{ ...remove(mail('member')), note: 'x'.repeat(1001) }] },
      { keepAll: true },
    ]
    for (const body of wrong) {
      expect((await owner.post(at('team/review/decisions'), body)).status).toBe(400)
    }
    expect((await owner.post(at('team/review/submit'), { everyMonths: 2 })).status).toBe(400)
    expect((await owner.get(at('team/review?show=some'))).status).toBe(400)
    expect((await owner.get(at('team/reviews?cursor=1'))).status).toBe(400)
    expect((await owner.get(at('team/review?cursor=1'))).status).toBe(400)
  })
})

describe('a list that is managed elsewhere', () => {
  test('in code: the patch removes the documents where each has a file, and the members stay', async () => {
    const ended = await browser('owner').post(at('coded/review/submit'), {
      remove: [{ kind: 'user', name: "o'hara;x" }],
      keepRest: true,
      digest: await digestOf('owner', 'coded'),
    })
    const answer = submitReviewAnswer.parse(ended.body)
    expect(answer.removed).toEqual([{ kind: 'user', name: "o'hara;x" }])
    expect(answer.changes.join()).toContain('stays until their documents are removed')
    expect(answer.patch).toContain(String.raw`#   gatehouse rm 'access_list_member/coded/o'\''hara;x'`)
    const members = await browser('owner').get(at('coded/members'))
    expect(members.body).toMatchObject({ total: 2 })

    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-patch-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const files = [`coded/${mail('member')}.yaml`, 'coded/o%27hara%3bx.yaml']
    for (const [index, document] of documentsOf('coded').entries()) {
      const path = join(folder, 'access_list_member', files[index] ?? '')
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, writeYaml(document))
    }
    execFileSync('git', ['apply'], { cwd: folder, input: answer.patch })
    expect(readdirSync(join(folder, 'access_list_member', 'coded'))).toEqual([`${mail('member')}.yaml`])
  })

  test('what it asks of members and how often it is reviewed is changed there alone', async () => {
    const bodies = [{ membershipRequires: { roles: ['aws'], traits: {} } }, { everyMonths: 1 }]
    const digest = await digestOf('owner', 'coded')
    for (const body of bodies) {
      const answer = await browser('owner').post(at('coded/review/submit'), {
        keepRest: true,
        digest,
        ...body,
      })
      expect([answer.status, answer.body.code]).toEqual([409, 'MANAGED_ELSEWHERE'])
    }
  })
})
