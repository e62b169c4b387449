/** SCIM tokens: tried before they are kept, sealed, bound to a host, in two slots. */
import { describe, expect, test } from 'vitest'
import { day } from '../../../src/core/time.js'
import { findPlugin } from '../../../src/service/identity-center/find-plugin.js'
import {
  deleteScimToken,
  putScimToken,
  readScim,
  testStoredScim,
  type PutScimTokenInput,
} from '../../../src/service/identity-center/put-scim-token.js'
import { describeScim } from '../../../src/service/identity-center/scim-tokens.js'
import { tokensInOrder } from '../../../src/core/identity-center/scim-token-order.js'
import type { ScimToken } from '../../../src/store/store.js'
import { desk, refused } from '../resources/world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from './world.js'

const other = { provisioning_spec: { allow_other_host: true } }

async function put(us: IcWorld, input: Partial<PutScimTokenInput> & { readonly token: string }) {
  return await putScimToken(us.deps, pluginName, { skipTest: false, ...input }, 'ada@example.com', desk)
}

describe('a SCIM token', () => {
  test('is kept with its URL after a test that writes, reads and removes a user', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint, token } = await us.scim()
    const answer = await put(us, { baseUrl: endpoint, token })
    expect(answer.saved).toBe(true)
    expect(answer.test?.steps.map(({ name, ok }) => `${name} ${String(ok)}`)).toEqual([
      'reach true',
      'read true',
      'create true',
      'read_back true',
      'change true',
      'clean_up true',
    ])
    expect(answer.scim).toMatchObject({
      tokens: [{ slot: 1, inUse: true, daysLeft: 365, state: 'ok' }],
      warnings: [],
    })
    const { settings } = await findPlugin(us.deps, pluginName)
    expect(settings.scimBaseUrl).toContain('/scim/v2/')
    expect(us.sync.woken).toBe(1)
    expect(await testStoredScim(us.deps, pluginName)).toMatchObject({ ok: true })
  })

  test('of another instance is not kept, and nothing is written there', async () => {
    const us = await openIcWorld({ settings: other })
    await us.sync.scan()
    const { endpoint, token } = await us.scim()
    const plan = us.sync.plan.bind(us.sync)
    us.sync.plan = async () => {
      const current = await plan()
      // The same names, as two instances of one company have them, are other users there.
      const users = [...(current.observation.users?.values() ?? [])].map((user, at) => {
        const id = `00000000-0000-4000-8000-00000000000${at}`
        return [id, { ...user, id }] as const
      })
      return { ...current, observation: { ...current.observation, users: new Map(users) } }
    }
    const answer = await put(us, { baseUrl: endpoint, token })
    expect(answer).toMatchObject({ saved: false, scim: { tokens: [] } })
    expect(answer.test?.steps.map(({ name, ok }) => `${name} ${String(ok)}`)).toEqual([
      'reach true',
      'read false',
    ])
    expect(answer.test?.steps[1]?.says).toContain('those of another one')
    // To skip the test is no way round this.
    expect(await put(us, { baseUrl: endpoint, token, skipTest: true })).toMatchObject({
      saved: false,
      scim: { tokens: [] },
      test: { ok: false },
    })
  })

  test('whose instance cannot be seen is not kept without a test either', async () => {
    const us = await openIcWorld({ settings: other })
    await us.sync.scan()
    const { endpoint, token } = await us.scim()
    const answer = await put(us, { baseUrl: endpoint, token: 'wrong-token', skipTest: true })
    expect(answer).toMatchObject({ saved: false, scim: { tokens: [] }, test: { ok: false } })
    const kept = await put(us, { baseUrl: endpoint, token, skipTest: true })
    expect(kept.saved).toBe(true)
    expect(kept.test).toBeUndefined()
  })

  test('of the instance that was read is kept', async () => {
    const us = await openIcWorld({ settings: other })
    await us.sync.scan()
    const { endpoint, token } = await us.scim()
    expect(await put(us, { baseUrl: endpoint, token })).toMatchObject({ saved: true, test: { ok: true } })
  })

  test('is in no answer, no event and no row as it is', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint, token } = await us.scim()
    const answer = await put(us, { baseUrl: endpoint, token })
    const rows = await us.world.store.scimTokens.list(pluginName)
    const events = await us.world.events()
    expect(JSON.stringify([answer, rows, events])).not.toContain(token)
    expect(events.at(-1)).toMatchObject({ event: 'aws_identity_center.scim_token.update', slot: 1 })
    expect(rows[0]?.host).toBe(new URL(endpoint).host)
  })

  test('that AWS does not take is not kept, and the step says it', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint } = await us.scim()
    const answer = await put(us, { baseUrl: endpoint, token: 'wrong-token' })
    expect(answer).toMatchObject({ saved: false, test: { ok: false } })
    expect(answer.test?.steps.at(-1)).toMatchObject({ name: 'read', ok: false })
    expect(await us.world.store.scimTokens.list(pluginName)).toEqual([])
    const { settings } = await findPlugin(us.deps, pluginName)
    expect(settings.scimBaseUrl).toBeUndefined()
  })

  test('goes to no host that is not AWS’s unless a person allowed it (T15)', async () => {
    const us = await openIcWorld()
    const { endpoint, token } = await us.scim()
    const error = await refused(put(us, { baseUrl: endpoint, token }))
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(await us.world.store.scimTokens.list(pluginName)).toEqual([])
  })

  test('for a host of AWS ends what was allowed for another, which is asked anew', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint, token } = await us.scim()
    await put(us, { baseUrl: endpoint, token })
    expect((await findPlugin(us.deps, pluginName)).settings.allowOtherScimHost).toBe(true)
    const baseUrl = 'https://scim.eu-central-1.amazonaws.com/t1/scim/v2'
    await put(us, { baseUrl, token: 'new', skipTest: true })
    expect((await findPlugin(us.deps, pluginName)).settings.allowOtherScimHost).toBe(false)
    expect((await refused(put(us, { baseUrl: endpoint, token }))).code).toBe('INVALID_RESOURCE')
  })

  test('for another host takes the place of those for the old one', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint, token } = await us.scim()
    await put(us, {
      baseUrl: 'https://scim.eu-central-1.amazonaws.com/t1/scim/v2',
      token: 'old',
      skipTest: true,
    })
    const stored = { base_url: 'https://scim.eu-central-1.amazonaws.com/t1/scim/v2' }
    await us.world.apply(plugin({ provisioning_spec: { ...stored, ...other.provisioning_spec } }))
    await put(us, { baseUrl: endpoint, token })
    const rows = await us.world.store.scimTokens.list(pluginName)
    expect(rows.map(({ host }) => host)).toEqual([new URL(endpoint).host])
  })

  test('takes a free slot, then the one that is not in use', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint } = await us.scim()
    const slots: (number | undefined)[] = []
    for (const token of ['one', 'two', 'three']) {
      us.world.clock.advance(1000)
      const { scim } = await put(us, { baseUrl: endpoint, token, skipTest: true })
      slots.push(scim.tokens.find(({ inUse }) => inUse)?.slot)
    }
    expect(slots).toEqual([1, 2, 1])
  })

  test('is not in both slots: given again it stays where it is, and the other slot refuses it', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint } = await us.scim()
    const give = async (token: string, slot?: 1 | 2) =>
      (await put(us, { baseUrl: endpoint, token, skipTest: true, slot })).scim.tokens.map((one) => one.slot)
    expect(await give('one')).toEqual([1])
    expect(await give('one')).toEqual([1])
    const error = await refused(give('one', 2))
    expect([error.code, error.message]).toEqual([
      'INVALID_INPUT',
      expect.stringContaining('this very token is in slot 1 already'),
    ])
    expect(error.message).not.toContain('"one"')
    expect(await give('two', 2)).toEqual([1, 2])
    expect((await refused(give('two', 1))).message).toContain('slot 2')
  })

  test.each([
    ['', 'characters'],
    ['two words', 'characters'],
    ['line\nbreak', 'characters'],
  ])('written as %j is refused', async (token, words) => {
    const us = await openIcWorld({ settings: other })
    const error = await refused(
      put(us, { baseUrl: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2', token }),
    )
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.message).toContain(words)
  })

  test('cannot have ended already, nor live longer than AWS makes them, nor be without a URL', async () => {
    const us = await openIcWorld({ settings: other })
    const baseUrl = 'https://scim.eu-central-1.amazonaws.com/t/scim/v2'
    for (const expiresAt of ['2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z', 'next year']) {
      expect((await refused(put(us, { baseUrl, token: 'x', expiresAt, skipTest: true }))).code).toBe(
        'INVALID_INPUT',
      )
    }
    expect((await refused(put(us, { token: 'x', skipTest: true }))).message).toContain('no SCIM URL')
  })

  test('is forgotten on demand, with an event; an empty slot is not found', async () => {
    const us = await openIcWorld({ settings: other })
    const { endpoint, token } = await us.scim()
    await put(us, { baseUrl: endpoint, token, slot: 2 })
    const scim = await deleteScimToken(us.deps, pluginName, 2, 'ada@example.com', desk)
    expect(scim.tokens).toEqual([])
    expect(scim.warnings[0]).toContain('No SCIM token')
    expect((await refused(deleteScimToken(us.deps, pluginName, 2, 'ada@example.com', desk))).code).toBe(
      'NOT_FOUND',
    )
    expect(await readScim(us.deps, await findPlugin(us.deps, pluginName))).toMatchObject({ tokens: [] })
  })
})

describe('warnings about a token', () => {
  const now = Date.parse('2026-06-01T00:00:00Z')
  const tokenThat = (facts: Partial<ScimToken>): ScimToken => ({
    slot: 1,
    sealedToken: 'sealed',
    host: 'scim.eu-central-1.amazonaws.com',
    addedAt: now - day,
    addedBy: 'ada@example.com',
    expiresAt: now + 365 * day,
    refusedAt: undefined,
    ...facts,
  })
  const warningsOf = (...tokens: ScimToken[]) =>
    describeScim({ scimBaseUrl: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/' }, tokens, now).warnings

  test.each([
    [91, undefined],
    [90, 'ends in 12 weeks'],
    [30, 'ends in 4 weeks'],
    [13, 'ends in 13 days'],
    [1, 'ends in 1 day'],
    [0.5, 'ends in less than a day'],
    [0, 'has ended'],
  ])('that ends in %d days: %s', (days, words) => {
    const [warning] = warningsOf(tokenThat({ expiresAt: now + days * day }))
    if (words === undefined) expect(warning).toBeUndefined()
    else expect(warning).toContain(words)
  })

  test('that AWS refused', () => {
    expect(warningsOf(tokenThat({ refusedAt: now }))[0]).toContain('refused')
  })

  test('are about the one in use: an old one that ends beside a newer one is none', () => {
    const old = tokenThat({ slot: 2, addedAt: now - 300 * day, expiresAt: now + 60 * day })
    expect(warningsOf(tokenThat({}), old)).toEqual([])
  })

  test('the newest that works is tried first, and doubtful ones last', () => {
    const refusedOne = tokenThat({ slot: 1, addedAt: now, refusedAt: now })
    const works = tokenThat({ slot: 2, addedAt: now - 100 })
    expect(tokensInOrder([refusedOne, works], now).map(({ slot }) => slot)).toEqual([2, 1])
  })
})
