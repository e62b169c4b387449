/** Many requests that end while thousands of other changes are under way, against the limits that AWS enforces. */
import { afterEach, expect, test } from 'vitest'
import { plugin } from '../bench/sync-world.js'
import { minute, second, type Instant } from '../../src/core/time.js'
import { openManyEnds, type ManyEndsWorld, type Sent } from './many-ends-world.js'

/** The share of AWS's 20 calls a second that the sync takes unless it is told otherwise. */
const callsPerSecond = 10
/** The longest way of a call to AWS and back: what was sent in this order may arrive in another one within it. */
const onItsWay = 100
/** News that come while others are being looked at are looked at together. */
const lookEvery = 500

let us: ManyEndsWorld
afterEach(async () => {
  await us[Symbol.asyncDispose]()
})

const countOf = (operation: string) => us.calls.get(`sso-admin:${operation}`) ?? 0
const creates = () => us.sent.filter(({ kind }) => kind === 'create')
const deletes = () => us.sent.filter(({ kind }) => kind === 'delete')

/** With the bulk work on its way: it is at this instant, with more than a thousand changes to come. */
async function bulkUntil(at: Instant): Promise<void> {
  await us.beginBulk()
  await us.pass(at - us.now())
  const { waiting, health } = await us.status()
  expect(waiting.actions).toBeGreaterThan(1000)
  expect(health).not.toBe('failing')
  expect(creates().filter((one) => one.at > us.now() - 10 * second).length).toBeGreaterThan(5)
}

test.each([
  ['half a second', 500],
  ['five seconds', 5000],
])(
  'each of those that end at five a second is sent within two seconds, where AWS takes %s for one',
  async (_, assignmentMs) => {
    us = await openManyEnds({
      count: 60,
      endsAt: (place, begin) => begin + 90 * second + place * 200,
      assignmentMs,
    })
    await bulkUntil(us.begin + 90 * second - 1)
    await us.pass(20 * second)
    const sentAt = new Map(us.sent.map(({ id, at }) => [id, at]))
    const late = us.ends.map(({ id, endsAt }) => (sentAt.get(id) ?? Infinity) - endsAt)
    expect(late.filter((ms) => ms < 0 || ms >= 2 * second)).toEqual([])
    expect(us.inAws()).toEqual([])
  },
  60_000,
)

test('a thousand that end within a second go first, in the order of their ends, as fast as the limits allow', async () => {
  // No order of names is the order of ends.
  us = await openManyEnds({
    count: 1000,
    endsAt: (place, begin) => begin + 90 * second + ((place * 7) % 1000),
  })
  const { store } = us.world
  const from = us.begin + 90 * second
  await bulkUntil(from - 1)

  await us.pass(30 * second)
  const during = await us.status()
  const left = us.inAws().length
  expect(during.waiting.ends).toEqual({
    count: expect.any(Number) as number,
    since: expect.any(String) as string,
  })
  // Those that AWS has taken and whose end was not asked for yet are told, too.
  expect(during.waiting.ends?.count).toBeGreaterThanOrEqual(left)
  expect(during.waiting.ends?.count).toBeLessThanOrEqual(left + 40)
  expect(left).toBeGreaterThan(700)
  expect(during.problems).toEqual([
    {
      code: 'ended_in_aws',
      weight: 'note',
      says: `${during.waiting.ends?.count} assignments whose access ended are still in AWS, the first since ${during.waiting.ends?.since}.`,
      remedy:
        'They go first, what ended first first, as fast as the limits of AWS allow. At 10 calls a second, 2 for each, that takes about 3 minutes.',
    },
  ])

  await us.pass(from + (1000 * 2 * second) / callsPerSecond + 5 * second - us.now())
  const ended = deletes()
  expect(ended).toHaveLength(1000)
  expect(us.inAws()).toEqual([])
  expect(outOfOrder(ended)).toEqual([])
  // One look for each was enough, and nothing else was made from the look that found them until the last was sent.
  expect(countOf('DescribeAccountAssignmentDeletionStatus')).toBeLessThan(1050)
  const lastAt = ended.at(-1)?.at ?? 0
  const meanwhile = creates().filter(({ at }) => at > from + lookEvery + onItsWay && at < lastAt - onItsWay)
  expect(meanwhile).toEqual([])

  await us.pass(10 * second)
  expect(creates().filter(({ at }) => at > lastAt).length).toBeGreaterThan(20)
  const after = await us.status()
  expect([after.waiting.ends, after.problems]).toEqual([undefined, []])
  const ledger = await store.ledger.list(plugin)
  expect(ledger.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'request'))).toEqual([])
  const requests = await store.accessRequests.list({ limit: 1000 })
  expect(new Set(requests.map(({ state }) => state))).toEqual(new Set(['expired']))
  expect(await store.accessRequests.listDue(us.now() + minute, 1)).toEqual([])
}, 120_000)

/** Whatever was sent so much later than another one though it ended before it. */
function outOfOrder(sent: readonly Sent[]): string[] {
  const endOf = new Map(us.ends.map(({ id, endsAt }) => [id, endsAt]))
  let latest = { end: -Infinity, from: 0 }
  const passed: { readonly at: Instant; readonly end: Instant }[] = []
  return sent.flatMap(({ id = '', at }) => {
    const end = endOf.get(id) ?? Infinity
    passed.push({ at, end })
    for (
      let one = passed[latest.from];
      one !== undefined && one.at < at - onItsWay;
      one = passed[latest.from]
    ) {
      latest = { end: Math.max(latest.end, one.end), from: latest.from + 1 }
    }
    return end < latest.end ? [id] : []
  })
}
