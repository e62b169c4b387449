import { onTestFinished, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../../src/lib/clock.js'
import { createLogger } from '../../../../src/lib/logger.js'
import { systemRandom } from '../../../../src/lib/random.js'
import { remindOwners } from '../../../../src/service/access-lists/reviews/remind.js'
import type { OutboxMessage } from '../../../../src/store/store.js'
import { MailServer } from '../../../support/mail-server.js'
import { signIn, signInAdmin, testResources, type TestBrowser } from '../../../support/people.js'
import { SteppedTimers } from '../../../support/stepped-timers.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from '../../../support/test-gateway.js'

const at = (text: string) => Date.parse(text)
const start = at('2026-11-01T09:30:00Z')

function list(name: string, spec: object = {}): object {
  return {
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: {
      title: `The ${name} list`,
      owners: ['olga@example.com'],
      audit: { next_audit_date: '2026-12-01' },
      ...spec,
    },
  }
}

function user(name: string, traits: object = {}): object {
  return { kind: 'user', version: 'v2', metadata: { name }, spec: { roles: [], traits } }
}

const people = [user('olga@example.com'), user('otto', { email: ['otto@example.com'] }), user('nina')]

class World {
  readonly gateway: TestGateway
  readonly clock: ManualClock
  admin: TestBrowser
  constructor(gateway: TestGateway, clock: ManualClock, admin: TestBrowser) {
    this.gateway = gateway
    this.clock = clock
    this.admin = admin
  }

  async add(listName: string, name: string, rest: object = {}): Promise<void> {
    const answer = await this.admin.post(`/v1/access-lists/${listName}/members`, {
      kind: 'user',
      name,
      ...rest,
    })
    expect([answer.status, answer.body.code]).toEqual([200, undefined])
  }

  /** Anew, since sessions end as time goes on. */
  async signIn(): Promise<void> {
    this.admin = await signIn(this.gateway, { name: 'admin', seed: undefined })
  }

  /** Puts these into the document's spec. */
  async change(kind: string, name: string, spec: object): Promise<void> {
    const { store } = this.gateway.gateway
    const stored = await store.resources.find(kind, name)
    const before = stored?.document as { spec: object }
    const document = { ...before, spec: { ...before.spec, ...spec } }
    const expectedRevision = stored?.revision ?? ''
    await store.resources.update({ kind, name, expectedRevision, document, now: this.clock.now() })
  }

  /** Asks as the job does; answers when it asks again. */
  async remind(when: string, canMail = true): Promise<string | undefined> {
    this.clock.set(at(when))
    const { store, catalog } = this.gateway.gateway
    const nextAt = await remindOwners({
      store,
      catalog,
      clock: this.clock,
      random: systemRandom,
      logger: createLogger('silent'),
      clusterName: 'gate',
      publicUrl: 'https://gate.example.com',
      outgoing: canMail ? { wake: () => undefined } : undefined,
    })
    return nextAt === undefined ? undefined : new Date(nextAt).toISOString()
  }

  /** Mail that was written since the last time. */
  async mails(): Promise<Pick<OutboxMessage, 'to' | 'subject' | 'text'>[]> {
    const now = this.clock.now()
    const { outbox } = this.gateway.gateway.store
    const found = await outbox.claim({ now, until: now + 1e12, limit: 100 })
    return found.map(({ to, subject, text }) => ({ to, subject, text }))
  }

  async events(name: string): Promise<Record<string, unknown>[]> {
    await this.gateway.gateway.sequencer.flush()
    const found = await this.gateway.gateway.store.audit.list({ limit: 100, order: 'asc', types: [name] })
    return found.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
  }
}

async function open(resources: readonly object[], options: TestGatewayOptions = {}): Promise<World> {
  const clock = options.clock ?? new ManualClock(start)
  const gateway = await openTestGateway({
    clock,
    resources: [...testResources, ...people, ...resources],
    ...options,
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  return new World(gateway, clock, await signInAdmin(gateway))
}

describe('owners of a list whose review is near', () => {
  test('are told two weeks before, each week, on the day, and each week after it, once each', async () => {
    const world = await open([list('team')])
    await world.add('team', 'mia')
    expect(await world.remind('2026-11-16T23:59:59Z')).toBe('2026-11-17T00:00:00.000Z')
    expect(await world.mails()).toEqual([])
    const told: string[] = []
    for (let when: string | undefined = '2026-11-17T00:00:00Z'; when !== undefined && when < '2026-12-16';) {
      const next: string | undefined = await world.remind(when)
      const [mail, ...others] = await world.mails()
      expect(others).toEqual([])
      told.push(`${when.slice(0, 10)}: ${mail?.subject ?? 'nothing'}`)
      // Asked again, also on the same day, there is nothing new.
      await world.remind(new Date(at(when) + 3_600_000).toISOString())
      expect(await world.mails()).toEqual([])
      when = next
    }
    expect(told).toEqual([
      '2026-11-17: Review access list "The team list" by 2026-12-01',
      '2026-11-24: Review access list "The team list" by 2026-12-01',
      '2026-12-01: Review access list "The team list" by 2026-12-01',
      '2026-12-08: Review access list "The team list", was due on 2026-12-01',
      '2026-12-15: Review access list "The team list", was due on 2026-12-01',
    ])
    expect(await world.events('access_list.review.remind')).toMatchObject(
      Array.from({ length: 5 }, () => ({
        name: 'team',
        due: '2026-12-01T00:00:00.000Z',
        reminded: 1,
        owners: ['olga@example.com'],
        people: 1,
        success: true,
      })),
    )
  })

  test('read what is due, how many people it is about, and where to review it', async () => {
    const world = await open([list('on call & co', { title: 'On call <b>' })])
    await world.add('on%20call%20%26%20co', 'mia')
    await world.add('on%20call%20%26%20co', 'ned')
    await world.remind('2026-11-20T08:00:00Z')
    const [mail] = await world.mails()
    expect(mail?.to).toBe('olga@example.com')
    expect(mail?.text).toContain('The review is due on 2026-12-01.\n  2 people are in it.\n')
    expect(mail?.text).toContain('\n  https://gate.example.com/access-lists/on%20call%20%26%20co/review\n')
  })

  test('are all who own it, by lists too, who count, are not locked and have an address', async () => {
    const world = await open([
      list('team', {
        owners: ['olga@example.com', 'nina', 'gone@example.com', { name: 'leads', membership_kind: 'list' }],
        ownership_requires: { roles: [], traits: { email: ['otto@example.com'] } },
      }),
      list('leads', { audit: undefined }),
      list('own', { owners: ['nina', 'lea@example.com'] }),
      user('lea@example.com'),
      {
        kind: 'lock',
        version: 'v2',
        metadata: { name: 'l' },
        spec: { target: { user: 'lea@example.com' }, message: 'away' },
      },
    ])
    await world.add('team', 'mia')
    await world.add('leads', 'otto')
    await world.add('own', 'mia')
    await world.remind('2026-12-01T00:00:00Z')
    expect((await world.mails()).map(({ to }) => to)).toEqual(['otto@example.com'])
    expect(await world.events('access_list.review.remind')).toMatchObject([
      { name: 'own', success: false, code: 'TAL100W', reminded: 0, owners: [] },
      {
        name: 'team',
        access_list_name: 'team',
        access_list_title: 'The team list',
        success: true,
        code: 'TAL100I',
        owners: ['otto'],
      },
    ])
  })

  test('get one mail for all lists that are due on one day', async () => {
    const world = await open([
      list('a', { owners: ['olga@example.com', 'otto'] }),
      list('b'),
      list('later', { audit: { next_audit_date: '2026-12-15' } }),
    ])
    for (const name of ['a', 'b', 'later']) await world.add(name, 'mia')
    await world.remind('2026-11-17T00:00:00Z')
    const mails = await world.mails()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['olga@example.com', 'Review 2 access lists'],
      ['otto@example.com', 'Review access list "The a list" by 2026-12-01'],
    ])
    expect(mails[0]?.text).toContain('/access-lists/a/review')
    expect(mails[0]?.text).toContain('/access-lists/b/review')
    expect(mails[0]?.text).not.toContain('later')
  })

  test('are told nothing of a list without members, with ended ones only, or after its review', async () => {
    const world = await open([list('empty'), list('ended'), list('done')])
    await world.add('ended', 'mia', { expiresAt: '2026-11-10T00:00:00Z' })
    await world.add('done', 'mia')
    await world.remind('2026-11-17T00:00:00Z')
    expect((await world.mails()).map(({ subject }) => subject)).toEqual([
      'Review access list "The done list" by 2026-12-01',
    ])
    await world.change('access_list', 'done', { audit: { next_audit_date: '2027-06-01' } })
    await world.remind('2026-12-01T00:00:00Z')
    expect(await world.mails()).toEqual([])
  })

  test('are told once a mail server is configured, and the log says nothing before', async () => {
    const world = await open([list('team')])
    await world.add('team', 'mia')
    expect(await world.remind('2026-12-03T00:00:00Z', false)).toBeUndefined()
    expect(await world.gateway.gateway.store.outbox.count(0)).toMatchObject({ waiting: 0 })
    expect(await world.events('access_list.review.remind')).toEqual([])
    await world.remind('2026-12-03T00:10:00Z')
    expect(await world.mails()).toHaveLength(1)
  })

  test('get one mail, whichever of several replicas writes it', async () => {
    const world = await open([list('team')])
    await world.add('team', 'mia')
    await Promise.all(Array.from({ length: 4 }, () => world.remind('2026-12-01T00:00:00Z')))
    expect(await world.mails()).toHaveLength(1)
    expect(await world.events('access_list.review.remind')).toHaveLength(1)
  })
})

describe('what comes of a review that nobody makes', () => {
  const freeze = (after: string) => ({
    audit: { next_audit_date: '2026-12-01', when_overdue: { then: 'freeze', after } },
  })

  test('is in every mail before, told when it comes, and recorded at its instant', async () => {
    const world = await open([list('team', freeze('84h'))])
    await world.add('team', 'mia')
    await world.remind('2026-11-17T00:00:00Z')
    expect((await world.mails())[0]?.text).toContain(
      'If nobody reviews it, nobody can be added from 2026-12-04 on.',
    )
    expect(await world.remind('2026-12-01T00:00:00Z')).toBe('2026-12-04T00:00:00.000Z')
    expect((await world.mails())[0]?.text).toContain('nobody can be added from 2026-12-04 on.')
    // Mail of the day, then the instant.
    expect(await world.remind('2026-12-04T00:00:00Z')).toBe('2026-12-04T12:00:00.000Z')
    expect(await world.mails()).toHaveLength(1)
    expect(await world.events('access_list.review.overdue')).toEqual([])
    expect(await world.remind('2026-12-04T12:00:00Z')).toBe('2026-12-08T00:00:00.000Z')
    expect(await world.mails()).toEqual([])
    await world.remind('2026-12-04T12:10:00Z')
    expect(await world.events('access_list.review.overdue')).toMatchObject([
      {
        name: 'team',
        access_list_name: 'team',
        access_list_title: 'The team list',
        effect: 'freeze',
        code: 'TAL101I',
        time: '2026-12-04T12:00:00.000Z',
        user: 'system',
      },
    ])
    await world.signIn()
    const refused = await world.admin.post('/v1/access-lists/team/members', { kind: 'user', name: 'ned' })
    expect([refused.status, refused.body.code]).toEqual([409, 'REVIEW_OVERDUE'])
    await world.remind('2026-12-08T00:00:00Z')
    expect((await world.mails())[0]?.text).toContain('Nobody can be added until it is reviewed.')
  })

  test('never comes before owners have been told for a week', async () => {
    const world = await open([
      list('team', {
        audit: {
          next_audit_date: '2026-12-01',
          notifications: { start: '24h' },
          when_overdue: { then: 'remove_grants' },
        },
      }),
    ])
    await world.add('team', 'mia')
    await world.remind('2026-11-30T00:00:00Z')
    expect((await world.mails())[0]?.text).toContain(
      'If nobody reviews it, members and owners hold nothing by it from 2026-12-07 on.',
    )
    await world.remind('2026-12-06T23:59:59Z')
    expect(await world.events('access_list.review.overdue')).toEqual([])
    await world.remind('2026-12-07T00:00:00Z')
    expect(await world.events('access_list.review.overdue')).toMatchObject([{ effect: 'remove_grants' }])
  })

  test('is what the preference says where the list says nothing, told at once of what is long overdue', async () => {
    const world = await open([list('team')])
    await world.add('team', 'mia')
    await world.remind('2027-01-10T00:00:00Z')
    expect((await world.mails())[0]?.text).not.toContain('nobody can be added')
    const overdue = { when_overdue: { then: 'freeze', after: '24h' } }
    await world.change('cluster_auth_preference', 'cluster-auth-preference', { access_list_reviews: overdue })
    await world.remind('2027-01-10T00:10:00Z')
    expect((await world.mails())[0]?.text).toContain('Nobody can be added until it is reviewed.')
    expect(await world.events('access_list.review.overdue')).toMatchObject([
      { name: 'team', effect: 'freeze' },
    ])
    await world.signIn()
    const refused = await world.admin.post('/v1/access-lists/team/members', { kind: 'user', name: 'ned' })
    expect([refused.status, refused.body.code]).toEqual([409, 'REVIEW_OVERDUE'])
  })

  test('is told to whoever stores a preference that hits lists at once', async () => {
    const world = await open([
      list('team', { audit: { next_audit_date: '2026-10-01' } }),
      list('empty', { audit: { next_audit_date: '2026-10-01' } }),
      list('later'),
    ])
    await world.add('team', 'mia')
    await world.add('later', 'mia')
    const preference = (policy: object) => ({
      kind: 'cluster_auth_preference',
      version: 'v2',
      metadata: { name: 'cluster-auth-preference' },
      spec: { second_factor: 'optional', access_list_reviews: { when_overdue: policy } },
    })
    const store = async (policy: object) => {
      const answer = await world.admin.post('/v1/resources?mode=replace', preference(policy))
      expect([answer.status, answer.body.code]).toEqual([200, undefined])
      return JSON.stringify(answer.body)
    }
    expect(await store({ then: 'freeze', after: '2400h' })).not.toContain('until its review')
    expect(await store({ then: 'freeze', after: '24h' })).toContain(
      'Nobody can be added to 1 access list that is overdue until its review is finished. It counts as frozen from ' +
        '2026-10-02 on: whoever came into lists within it since then does not count in it.',
    )
    expect(await store({ then: 'remove_grants', after: '48h' })).toContain(
      'Nobody holds anything by 1 access list that is overdue until its review is finished, here and in AWS.',
    )
    expect(await store({ then: 'remove_grants', after: '72h' })).not.toContain('until its review')
  })

  test('is recorded without a mail server as well', async () => {
    const world = await open([list('team', freeze('24h'))])
    await world.add('team', 'mia')
    await world.remind('2026-12-02T00:00:00Z', false)
    await world.remind('2026-12-02T00:10:00Z', false)
    expect(await world.events('access_list.review.overdue')).toHaveLength(1)
  })
})

test('a review that is due gives a mail in a mail server, with a link to the page of that list', async () => {
  await using server = await MailServer.open()
  const clock = new ManualClock(start)
  const timers = new SteppedTimers(clock)
  const world = await open([list('team')], {
    clock,
    timers,
    env: {
      GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      GATEHOUSE_MAIL_FROM: 'Gatehouse <gatehouse@example.com>',
    },
  })
  await world.add('team', 'mia')
  timers.moveTo(at('2026-12-01T00:00:00Z'))
  await server.until(1)
  const [mail] = server.taken
  expect(mail?.to).toEqual(['olga@example.com'])
  expect(mail?.headers.get('from')).toBe('Gatehouse <gatehouse@example.com>')
  expect(mail?.headers.get('subject')).toBe('Review access list "The team list" by 2026-12-01')
  expect(mail?.text).toContain('http://localhost:3080/access-lists/team/review')
})
