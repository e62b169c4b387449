/**
 * What people reported of TEAM and sso-elevator that concerns finding, asking for and hearing of access, over HTTP.
 * `docs/identity-center-pains.md` has the list.
 */
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pickerAnswer, type PickerAnswer } from '../../src/api/contract.js'
import { buildInventory } from '../support/inventory.js'
import { auditEvents, role, type TestBrowser } from '../support/people.js'
import { WebhookReceiver } from '../support/webhook-receiver.js'
import {
  mail,
  pair,
  production,
  refusalOf,
  RequestWorld,
  requests,
  sets,
  staging,
} from './access-requests-world.js'

async function open(...args: Parameters<typeof RequestWorld.open>): Promise<RequestWorld> {
  const world = await RequestWorld.open(...args)
  onTestFinished(() => world[Symbol.asyncDispose]())
  return world
}

interface Page {
  readonly answer: PickerAnswer
  readonly bytes: number
}

async function pick(by: TestBrowser, query: string): Promise<Page> {
  const { status, body, text } = await by.get(`/v1/me/request-picker${query}`)
  expect([status, body.detail]).toEqual([200, undefined])
  return { answer: pickerAnswer.parse(body), bytes: Buffer.byteLength(text) }
}

/** Whoever has the role may ask for every permission set on every account. */
const asksForAll = role('asks-for-all', 'v8', { allow: { request: { roles: ['*'] } } })

describe('the picker', () => {
  test('TEAM #443, #347, #288, #217, #162: 277 accounts in many units come page by page, and are found by unit, name and id', async () => {
    const inventory = buildInventory({ accounts: 277, permissionSets: 8 })
    const world = await open({ resources: [asksForAll], people: { ann: ['asks-for-all'] } }, { inventory })
    const ann = world.as('ann')
    const seen = new Set<string>()
    let cursor: string | undefined
    do {
      const { answer } = await pick(ann, cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`)
      expect(answer.total).toEqual({ accounts: 277, pairs: 277 * 8 })
      for (const { account } of answer.items) seen.add(account.id)
      cursor = answer.nextCursor
    } while (cursor !== undefined)
    expect([...seen].sort()).toEqual(inventory.accounts.map(({ id }) => id).sort())

    const unit = 'Root/Production/payments'
    const within = inventory.accounts.filter(({ ouPath }) => ouPath === unit)
    const byUnit = await pick(ann, `?search=${encodeURIComponent(unit)}&limit=100`)
    expect(within.length).toBeGreaterThan(1)
    expect(byUnit.answer.items.map(({ account }) => account.id).sort()).toEqual(
      within.map(({ id }) => id).sort(),
    )
    const last = inventory.accounts.at(-1)
    for (const words of [last?.name ?? '', last?.id ?? '']) {
      const { answer } = await pick(ann, `?search=${encodeURIComponent(words)}`)
      expect(answer.items.map(({ account }) => account.id)).toEqual([last?.id])
    }
  })

  test('TEAM #58: units are read to the last one, so that each is found', async () => {
    const inventory = buildInventory({ accounts: 120, permissionSets: 1 })
    const accounts = inventory.accounts.map((one, place) => ({ ...one, ouPath: `Root/Unit-${100 + place}` }))
    const world = await open(
      { resources: [asksForAll], people: { ann: ['asks-for-all'] } },
      { inventory: { ...inventory, accounts } },
    )
    for (const { id, ouPath } of [accounts[0], accounts[49], accounts[119]].flatMap((one) => one ?? [])) {
      const { answer } = await pick(world.as('ann'), `?search=${encodeURIComponent(ouPath)}`)
      expect(answer.items.map(({ account }) => account.id)).toEqual([id])
    }
  })

  test('TEAM #261: of 1,000 accounts and 750 sets, named by one pattern of a role, a page is a small answer', async () => {
    const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
    const world = await open({ resources: [asksForAll], people: { ann: ['asks-for-all'] } }, { inventory })
    const { answer, bytes } = await pick(world.as('ann'), '?search=payments+ReadOnly')
    expect(answer.total.pairs).toBeGreaterThan(10_000)
    expect(answer.nextCursor).toBeDefined()
    const all = await pick(world.as('ann'), '')
    expect(all.answer.total).toEqual({ accounts: 1000, pairs: 750_000 })
    // TEAM #566: an answer of over 6 MB was a blank page.
    expect(Math.max(bytes, all.bytes)).toBeLessThan(2_000_000)
  })
})

describe('what may be asked for', () => {
  test('TEAM #11, sso-elevator PR 70: a policy of one’s own is none of it, and whoever asks hears so', async () => {
    const world = await open()
    const policy = {
      kind: 'assignment',
      account: production.id,
      permissionSet: 'arn:aws:iam::aws:policy/PowerUserAccess',
    }
    const asked = await world.as('ann').post(requests, { items: [policy], reason: 'INC-1' })
    expect(refusalOf(asked)).toEqual([
      403,
      'REQUEST_NOT_ALLOWED',
      expect.stringContaining(`the permission set ${policy.permissionSet}`),
    ])
    const inline = { ...policy, permissionSet: sets.readOnly.arn, inlinePolicy: '{}' }
    const second = await world.as('ann').post(requests, { items: [inline], reason: 'INC-1' })
    expect([second.status, JSON.stringify(second.body.fields)]).toEqual([
      400,
      expect.stringContaining('inlinePolicy'),
    ])
    expect((await world.as('ann').get(requests)).body.items).toEqual([])
  })
})

describe('channels', () => {
  const hook = (name: string, spec: object) => ({ kind: 'webhook', version: 'v1', metadata: { name }, spec })
  const at = async () => {
    const receiver = await WebhookReceiver.open()
    onTestFinished(() => receiver[Symbol.asyncDispose]())
    return receiver
  }

  test('TEAM #14, #86, #191, #351, #352, TEAM docs: each hears of the accounts of its unit and those within, once', async () => {
    const inventory = {
      revision: 'units',
      accounts: [
        { ...production, ouPath: 'Root/Production' },
        { ...staging, ouPath: 'Root/Staging/EU' },
      ],
      permissionSets: Object.values(sets),
    }
    const world = await open({}, { inventory })
    const [all, unit, account, other] = [await at(), await at(), await at(), await at()]
    const events = ['access_request.created']
    const staged = { organizational_units: ['Root/Staging'], permission_sets: ['*'] }
    await world.put(
      hook('all', { url: all.url, events }),
      hook('unit', { url: unit.url, events, items: staged }),
      hook('account', {
        url: account.url,
        events,
        items: { accounts: ['prod*'], permission_sets: ['ReadOnly'] },
      }),
      hook('other', {
        url: other.url,
        events,
        items: { organizational_units: ['Root/Stag'], permission_sets: ['*'] },
      }),
    )
    const production_ = await world.ask('ann', { items: [pair('production', 'ReadOnly')], reason: 'a' })
    const staging_ = await world.ask('ann', { items: [pair(staging.name, 'PowerUser')], reason: 'b' })
    const both = await world.ask('ann', {
      items: [pair('production', 'ReadOnly'), pair(staging.name, 'ReadOnly')],
      reason: 'c',
    })
    await all.until(3)
    await unit.until(2)
    await account.until(2)
    const idsOf = (receiver: WebhookReceiver) =>
      receiver.received.map(({ payload }) => payload.data['id']).sort()
    expect(idsOf(all)).toEqual([production_.id, staging_.id, both.id].sort())
    expect(idsOf(unit)).toEqual([staging_.id, both.id].sort())
    expect(idsOf(account)).toEqual([production_.id, both.id].sort())
    expect(other.received).toEqual([])
    const created = await auditEvents(world.gateway, { limit: '200' })
    expect(created.find(({ event, name }) => event === 'webhook.create' && name === 'unit')).toMatchObject({
      items: '* in Root/Staging',
    })
  })

  test('TEAM #516: a message leads to the request and decides nothing; deciding wants a session', async () => {
    const world = await open()
    const chat = await at()
    await world.put(hook('chat', { url: chat.url, events: ['access_request.created'] }))
    const { id } = await world.ask('ann', { items: [pair('production', 'ReadOnly')], reason: 'INC-1' })
    const [message] = await chat.until(1)
    const link = new URL(String(message?.payload.data['url']))
    expect([link.pathname, link.search, link.hash]).toEqual([`/requests/${id}`, '', ''])
    for (const method of ['get', 'post'] as const) {
      await supertest(world.gateway.url)
        [method](link.pathname)
        .send({ all: 'approve' })
        .ok(() => true)
    }
    const without = await supertest(world.gateway.url)
      .post(`${requests}/${id}/reviews`)
      .send({ all: 'approve' })
      .ok(() => true)
    expect([without.status, (await world.see('ann', id)).state]).toEqual([401, 'pending'])
    expect((await world.approve('rita', id)).state).toBe('approved')
  })

  test('TEAM PR 579, PR 580: who is on call is approved by a rule, by the list that a program keeps', async () => {
    const world = await open({
      resources: [
        role('pager', 'v8', { allow: { rules: [{ resources: ['on_call'], verbs: ['update'] }] } }),
        {
          kind: 'access_review_rule',
          version: 'v1',
          metadata: { name: 'on-call-reads' },
          spec: {
            decision: 'approve',
            on_call: 'primary',
            items: { organizational_units: ['Root/Staging'], permission_sets: ['ReadOnly'] },
            max_duration: '4h',
          },
        },
      ],
    })
    const secret = await world.token('pagerduty', ['pager'])
    const put = await world.machine(secret, 'put', '/v1/on-call/primary', { users: [mail('ann')] })
    expect([put.status, put.body.detail]).toEqual([200, undefined])
    const asks = { items: [pair(staging.name, 'ReadOnly')], reason: 'paged', duration: '1h' }
    expect((await world.ask('ann', asks)).request.state).toBe('approved')
    expect((await world.ask('bob', asks)).request.state).toBe('pending')
    const elsewhere = { ...asks, items: [pair('production', 'ReadOnly')] }
    expect((await world.ask('ann', elsewhere)).request.state).toBe('pending')
  })
})
