/** What a webhook is told, bounded; what it wants; when it is tried again. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeRequestPayload, type ToldItem } from '../../../src/core/webhook/payload.js'
import { retryDelayMs, webhookWorthMs } from '../../../src/core/webhook/retry.js'
import { wantsEvent, webhookEvents, type Webhook } from '../../../src/core/webhook/webhook.js'
import { adminOnProd, item, request } from '../access-request/build.js'

const webhook: Webhook = {
  name: 'chat',
  url: 'https://hooks.example.com/',
  events: ['access_request.created'],
  items: undefined,
  allowsPrivateNetwork: false,
  isDisabled: false,
}

describe('a webhook', () => {
  test('wants what it names, everything where it names nothing, and nothing while it is disabled', () => {
    expect(webhookEvents.filter((event) => wantsEvent(webhook, event))).toEqual(['access_request.created'])
    expect(webhookEvents.every((event) => wantsEvent({ ...webhook, events: undefined }, event))).toBe(true)
    expect(webhookEvents.some((event) => wantsEvent({ ...webhook, isDisabled: true }, event))).toBe(false)
  })

  test('is tried ten times more, at growing distances, and all of them while its message is worth it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
        const delays = Array.from({ length: 12 }, (_, place) => retryDelayMs(place + 1, chance))
        const given = delays.flatMap((delay) => delay ?? [])
        expect(given).toHaveLength(10)
        expect([...given].sort((a, b) => a - b)).toEqual(given)
        expect(given.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(webhookWorthMs)
      }),
    )
  })

  test('is told of a request in a few kilobytes, however much is asked for', () => {
    const asked = Array.from({ length: 200 }, () => item(adminOnProd))
    const items = asked.map(({ id }): ToldItem => ({ id, kind: 'assignment', name: 'Admin on prod' }))
    const entry = { at: 0, by: 'ann', what: 'created', says: '' } as const
    const reviewers = Array.from({ length: 100 }, (_, place) => `reviewer-${place}@example.com`)
    const publicUrl = 'https://gate.example.com'
    const tell = (more: Parameters<typeof request>[1]) => {
      const told = { entry, request: request(asked, more), items, reviewers, publicUrl }
      return JSON.parse(writeRequestPayload(told)) as { type: string; data: Record<string, unknown[]> }
    }
    const { type, data } = tell({})
    expect(type).toBe('access_request.created')
    expect([data['items']?.length, data['itemCount']]).toEqual([50, 200])
    expect([data['reviewers']?.length, data['reviewerCount']]).toEqual([50, 100])
    expect(JSON.stringify(data).length).toBeLessThan(20_000)
    // Nobody is asked any more.
    expect(tell({ state: 'denied' }).data).not.toHaveProperty('reviewers')
  })
})
