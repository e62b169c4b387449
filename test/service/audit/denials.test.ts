import { onTestFinished, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { minute } from '../../../src/core/time.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import { DenialLog, type RefusedUse } from '../../../src/service/audit/denials.js'
import { fullyRecorded } from '../../../src/service/audit/refusal-counts.js'
import { openStore } from '../../../src/store/sql/open.js'

const forbidden = new GatewayError('FORBIDDEN', 'no', { resource: 'user', verb: 'update', name: 'bob' })

async function openLog() {
  const clock = new ManualClock(Date.parse('2026-03-02T09:00:00Z'))
  const store = await openStore({ url: 'sqlite::memory:', clock })
  onTestFinished(() => store[Symbol.asyncDispose]())
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => void lines.push(line) })
  const log = new DenialLog({ store, clock, random: systemRandom, logger, clusterName: 'gatehouse.test' })
  const refuse = async (
    user: string | undefined,
    error: unknown = forbidden,
    more: Partial<RefusedUse> = {},
  ) => {
    const origin = { address: '192.0.2.7', userAgent: 'Firefox', requestId: 'r-1' }
    const path = '/v1/resources/user/:name'
    await log.record({ user, error, method: 'PUT', path, right: undefined, origin, ...more })
  }
  const events = async () => {
    await store.audit.chain(10_000, () => 'unlinked')
    const chained = await store.audit.list({ limit: 10_000, order: 'asc' })
    return chained.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
  }
  return { clock, store, lines, refuse, events }
}

describe('the event of a refusal', () => {
  test('says who wanted what, and where from', async () => {
    const { refuse, events } = await openLog()
    await refuse('alice')
    expect(await events()).toEqual([
      expect.objectContaining({
        event: 'access.denied',
        code: 'TGH012W',
        success: false,
        user: 'alice',
        user_kind: 1,
        error_code: 'FORBIDDEN',
        right: 'user:update',
        name: 'bob',
        method: 'PUT',
        path: '/v1/resources/user/:name',
        'addr.remote': '192.0.2.7',
        request_id: 'r-1',
      }),
    ])
  })

  test('is written of one document among several that are wrong for other reasons', async () => {
    const { refuse, events } = await openLog()
    const denied = { resource: 'role', verb: 'create', name: 'r' }
    await refuse('alice', new GatewayError('INVALID_RESOURCE', 'two problems', { denied }))
    expect(await events()).toMatchObject([{ right: 'role:create', name: 'r', error_code: 'FORBIDDEN' }])
  })

  test('names the locks on a token or link that was used', async () => {
    const { refuse, events } = await openLog()
    await refuse(undefined, new GatewayError('LOCKED', 'locked', { user: 'token/ci', locks: ['l'] }))
    expect(await events()).toMatchObject([
      { user: 'token/ci', user_kind: 2, error_code: 'LOCKED', locks: ['l'] },
    ])
  })

  test.each([
    ['nobody known', undefined, forbidden],
    ['what is no refusal', 'alice', new GatewayError('NOT_FOUND', 'there is none')],
    ['what has an event already', 'alice', new GatewayError('FORBIDDEN', 'no', { auditReference: 'uid' })],
    ['a locked sign-in, which has one, too', 'alice', new GatewayError('LOCKED', 'locked', { locks: ['l'] })],
    ['what broke', 'alice', new Error('broken')],
  ])('is not written of %s', async (_, user, error) => {
    const { refuse, events } = await openLog()
    await refuse(user, error)
    expect(await events()).toEqual([])
  })
})

describe('a flood of refusals', () => {
  test('leaves the first of a minute, then one whenever their number has doubled, with what was left out', async () => {
    const { refuse, events, clock } = await openLog()
    for (let at = 0; at < 1000; at++) await refuse('alice')
    const first = (await events()).slice(fullyRecorded).map(({ left_out: leftOut }) => leftOut)
    // The 60th, 120th, 240th, 480th and 960th.
    expect(first).toEqual([29, 59, 119, 239, 479])
    expect(await events()).toHaveLength(fullyRecorded + 5)
    await refuse('bob')
    expect((await events()).at(-1)).not.toHaveProperty('left_out')
    clock.advance(minute - 1)
    await refuse('alice')
    expect(await events()).toHaveLength(fullyRecorded + 6)
    clock.advance(1)
    await refuse('alice')
    expect((await events()).at(-1)).toMatchObject({ user: 'alice', left_out: 41 })
    await refuse('alice')
    expect((await events()).at(-1)).not.toHaveProperty('left_out')
  })
})

describe('a store that does not answer', () => {
  test('fails nobody: the log has it', async () => {
    const { refuse, store, lines } = await openLog()
    await store[Symbol.asyncDispose]()
    await refuse('alice')
    expect(lines.join('')).toContain('the audit event of a refusal could not be written')
  })
})
