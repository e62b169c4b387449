/** Who is told what of an access request by mail, and who is not. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { day, hour } from '../../../src/core/time.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { keepTime } from '../../../src/service/access-requests/keep-time.js'
import type { OutboxMessage } from '../../../src/store/store.js'
import { MailServer } from '../../support/mail-server.js'
import { role } from '../../support/people.js'
import { SteppedTimers } from '../../support/stepped-timers.js'
import { mail, pair, powerStaging, readProduction, RequestWorld } from '../../http/access-requests-world.js'

const start = Date.parse('2026-11-02T10:00:00Z')

type Told = Pick<OutboxMessage, 'to' | 'subject' | 'text' | 'html' | 'notBefore'>

const read = { items: [pair('production', 'ReadOnly')], reason: 'incident 7' }

/** A gateway that writes mail; its worker waits for a server that says nothing, so that what it wrote can be read. */
async function open(more: Parameters<typeof RequestWorld.open>[0] = {}): Promise<{
  readonly world: RequestWorld
  readonly told: (within?: number) => Promise<Told[]>
}> {
  const clock = new ManualClock(start)
  const timers = new SteppedTimers(clock)
  const sockets: Socket[] = []
  let connected: () => void = () => undefined
  const isBusy = new Promise<void>((resolve) => (connected = resolve))
  const silent = createServer((socket) => {
    sockets.push(socket)
    connected()
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this form.
  const { port } = silent.address() as AddressInfo
  const world = await RequestWorld.open(more, {
    clock,
    timers,
    env: { GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${port}`, GATEHOUSE_MAIL_FROM: 'gatehouse@example.com' },
  })
  onTestFinished(async () => {
    silent.close()
    for (const socket of sockets) socket.destroy()
    await world[Symbol.asyncDispose]()
  })
  const { store } = world.gateway.gateway
  const first = { id: 'first', key: 'first', channel: 'mail', to: 'nobody@example.com' } as const
  const texts = { subject: 'first', text: '', html: '' }
  const times = { createdAt: start, notBefore: start, expiresAt: start + day }
  await store.transaction(async (tx) => {
    await tx.outbox.add([{ ...first, ...texts, ...times, attempts: 0, lastError: undefined }])
  })
  await isBusy
  const told = async (within = 0) => {
    const now = world.gateway.clock.now() + within
    const all = await store.outbox.claim({ now, until: now + 365 * day, limit: 100 })
    return all.filter(({ id }) => id !== first.id)
  }
  return { world, told }
}

/** As the gateway does whenever something is due. */
async function passTime({ gateway: { gateway, clock } }: RequestWorld): Promise<void> {
  await keepTime({
    store: gateway.store,
    catalog: gateway.catalog,
    clock,
    timers: new SteppedTimers(clock),
    random: systemRandom,
    logger: createLogger('silent'),
    clusterName: 'gate',
    publicUrl: 'https://gate.example.com',
    sendsMail: true,
    syncs: { wakeAll: () => undefined },
  })
}

const heads = (mails: readonly Told[]) => mails.map(({ to, subject }) => `${to}: ${subject}`)

describe('a new request', () => {
  test('is told to each who may decide, the suggested ones first, and to nobody else', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', { ...read, suggestedReviewers: [mail('rolf')] })
    const mails = await told()
    expect(heads(mails)).toEqual([
      `${mail('rolf')}: ${mail('ann')} asks for access`,
      `${mail('rita')}: ${mail('ann')} asks for access`,
    ])
    expect(mails[0]?.text).toContain('incident 7')
    expect(mails[0]?.text).toContain('  ReadOnly on production\n')
    expect(mails[0]?.text).toContain(`/requests/${id}\n`)
  })

  test('names no account to reviewers who may not see it, and is not told to who is locked', async () => {
    const { world, told } = await open()
    await world.lock('rolf')
    await world.ask('ann', { items: [pair('staging', 'PowerUser')] })
    const [only, ...others] = await told()
    expect([only?.to, others]).toEqual([mail('rita'), []])
    expect(only?.text).not.toContain('PowerUser on staging')
    expect(only?.text).toContain(powerStaging.split('/')[1])
  })

  test('for trying it is told to nobody', async () => {
    const { world, told } = await open()
    await world.as('ann').post('/v1/access-requests', { ...read, dryRun: true })
    expect(await told()).toEqual([])
  })

  test('has words of others escaped and on one line', async () => {
    const { world, told } = await open()
    await world.ask('ann', { ...read, reason: '<b>now</b>\r\nBcc: eve@example.com' })
    const [first] = await told()
    expect(first?.html).toContain('&lt;b&gt;now&lt;/b&gt;')
    expect(first?.html).not.toContain('<b>')
    expect(first?.text).not.toMatch(/^Bcc:/m)
  })
})

describe('a decision', () => {
  test('is told to the requester, and to the reviewers who are left with nothing to do', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', read)
    await told()
    await world.approve('rita', id)
    const mails = await told()
    expect(heads(mails).sort()).toEqual([
      `${mail('ann')}: Your access request was approved by ${mail('rita')}`,
      `${mail('rolf')}: Nothing left to do: the request of ${mail('ann')} was approved by ${mail('rita')}`,
    ])
    expect(mails.find(({ to }) => to === mail('ann'))?.text).toContain('ReadOnly on production: approved')
  })

  test('of a rule is told to the requester as one of a rule, with why; to reviewers, who had no question, not', async () => {
    const rule = {
      kind: 'access_review_rule',
      version: 'v1',
      metadata: { name: 'on-call-reads' },
      spec: {
        decision: 'approve',
        items: { accounts: ['production'], permission_sets: ['ReadOnly'] },
        reason: 'On call',
      },
    }
    const { world, told } = await open({ resources: [rule] })
    await world.ask('ann', read)
    const mails = await told()
    expect(heads(mails)).toEqual([
      `${mail('ann')}: Your access request was approved by the rule on-call-reads`,
    ])
    expect(mails[0]?.text).toContain('was approved by the rule on-call-reads.')
    expect(mails[0]?.text).toContain('\n\nOn call\n\n')
    expect(`${mails[0]?.text}${mails[0]?.html}`).not.toContain('rule/')
  })

  test('that is a part of one is told when it is whole, item by item', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', {
      items: [pair('production', 'ReadOnly'), pair('staging', 'PowerUser')],
    })
    await told()
    await world.review('rita', id, { approve: [readProduction] })
    expect(await told()).toEqual([])
    await world.review('rolf', id, { deny: [powerStaging], reason: 'read is enough' })
    const own = (await told()).find(({ to }) => to === mail('ann'))
    expect(own?.text).toContain('ReadOnly on production: approved')
    expect(own?.text).toContain('PowerUser on staging: denied')
    expect(own?.text).toContain('read is enough')
  })

  test('that never came is told to the requester alone', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', { ...read, pendingFor: '1h' })
    await told()
    world.gateway.clock.set(start + 2 * hour)
    await passTime(world)
    expect((await world.gateway.gateway.store.accessRequests.find(id))?.state).toBe('expired')
    expect(heads(await told())).toEqual([`${mail('ann')}: Your access request was not decided in time`])
  })

  test('to revoke is told to the requester; cancelling and giving back to nobody', async () => {
    const { world, told } = await open()
    const one = await world.ask('ann', read)
    const other = await world.ask('ann', read)
    await world.approve('rita', one.id)
    await told()
    await world.as('max').post(`/v1/access-requests/${one.id}/revoke`, { reason: 'over' })
    const revoked = await told()
    expect(heads(revoked)).toEqual([`${mail('ann')}: Your access request was revoked by ${mail('max')}`])
    expect(revoked[0]?.text).toContain('over')
    await world.as('ann').post(`/v1/access-requests/${other.id}/cancel`, {})
    expect(await told()).toEqual([])
  })

  test('is not told to a requester who is locked', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', read)
    await world.lock('ann')
    await told()
    await world.review('rita', id, { all: 'deny' })
    expect((await told()).map(({ to }) => to)).toEqual([mail('rolf')])
  })
})

describe('an end', () => {
  const ends = async (told: (within?: number) => Promise<Told[]>) =>
    (await told(30 * day)).filter(({ subject }) => subject.startsWith('Your access ends'))

  test('is told an hour before, of more than four hours', async () => {
    const { world, told } = await open()
    const { id } = await world.ask('ann', { ...read, duration: '5h' })
    const { endsAt = '' } = await world.approve('rita', id)
    const [notice, ...others] = await ends(told)
    expect([notice?.to, notice?.notBefore, others]).toEqual([mail('ann'), Date.parse(endsAt) - hour, []])
    const short = await world.ask('ann', { ...read, duration: '4h' })
    await world.approve('rita', short.id)
    expect(await ends(told)).toEqual([])
  })

  test('is not told of access that was given back or is extended; of the extension it is', async () => {
    const { world, told } = await open()
    const one = await world.ask('ann', { ...read, duration: '5h' })
    await world.approve('rita', one.id)
    await world.as('ann').post(`/v1/access-requests/${one.id}/release`, {})
    const two = await world.ask('ann', { ...read, duration: '5h' })
    await world.approve('rita', two.id)
    const asked = await world.as('ann').post(`/v1/access-requests/${two.id}/extend`, { duration: '2h' })
    const { id = '' } = (asked.body as { request: { id?: string } }).request
    const { endsAt = '' } = await world.approve('rita', id)
    expect((await ends(told)).map(({ notBefore }) => notBefore)).toEqual([Date.parse(endsAt) - hour])
  })
})

test('without a mail server nothing is written', async () => {
  await using world = await RequestWorld.open()
  await world.ask('ann', read)
  const now = world.gateway.clock.now()
  expect(await world.gateway.gateway.store.outbox.claim({ now, until: now + day, limit: 10 })).toEqual([])
})

test('of many who may decide no more than twenty are told', async () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, number) => [`r${number + 10}`, ['reviews']]))
  const { world, told } = await open({ people: many, resources: [role('other', 'v8', { allow: {} })] })
  await world.ask('ann', read)
  expect(await told()).toHaveLength(20)
})

test('a mail reaches a mail server', async () => {
  await using server = await MailServer.open()
  const clock = new ManualClock(start)
  const timers = new SteppedTimers(clock)
  const env = {
    GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    GATEHOUSE_MAIL_FROM: 'Gatehouse <gatehouse@example.com>',
  }
  await using world = await RequestWorld.open({}, { clock, timers, env })
  await world.ask('ann', read)
  // Time stands still: it leaves with the request.
  await server.until(2)
  expect(server.taken.map(({ headers }) => headers.get('subject'))).toEqual([
    `${mail('ann')} asks for access`,
    `${mail('ann')} asks for access`,
  ])
})
