import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/core/time.js'
import { beginPending, keepAnswer, takePending } from '../../../src/service/connectors/pending.js'
import { openHouse, refusal } from '../people/house.js'

const connector = { kind: 'oidc', name: 'okta' } as const
const secrets = { nonce: 'n-1', verifier: 'v-1' }

describe('a sign-in that waits for an upstream', () => {
  test('comes back once, with its secrets, to the browser that began it', async () => {
    await using house = await openHouse()
    const next = '/saml/idp/continue?handle=h-1'
    const { state, browser } = await beginPending(house.deps, { connector, secrets, next })
    expect(await takePending(house.deps, { connector, state, browser })).toMatchObject({ secrets, next })
    await refusal(takePending(house.deps, { connector, state, browser }), 'CONNECTOR_SIGN_IN_GONE')
  })

  test('is of no use to another browser, which does not spend it either', async () => {
    await using house = await openHouse()
    const { state, browser } = await beginPending(house.deps, { connector, secrets })
    const other = await beginPending(house.deps, { connector, secrets })
    for (const stranger of [undefined, other.browser, browser.slice(1)]) {
      const take = takePending(house.deps, { connector, state, browser: stranger })
      await refusal(take, 'CONNECTOR_SIGN_IN_GONE')
    }
    expect((await takePending(house.deps, { connector, state, browser })).secrets).toEqual(secrets)
  })

  test('is of no use at the callback of another connector, nor after ten minutes', async () => {
    await using house = await openHouse()
    const { state, browser } = await beginPending(house.deps, { connector, secrets })
    for (const other of [
      { kind: 'oidc', name: 'azure' },
      { kind: 'github', name: 'okta' },
    ] as const) {
      await refusal(takePending(house.deps, { connector: other, state, browser }), 'CONNECTOR_SIGN_IN_GONE')
    }
    house.clock.advance(10 * minute)
    await refusal(takePending(house.deps, { connector, state, browser }), 'CONNECTOR_SIGN_IN_GONE')
  })

  test('one browser may have several at once, and each keeps its own', async () => {
    await using house = await openHouse()
    const one = await beginPending(house.deps, { connector, secrets: { nonce: 'one' } })
    const { browser } = one
    const two = await beginPending(house.deps, { connector, secrets: { nonce: 'two' }, browser })
    expect(two.browser).toBe(browser)
    expect((await takePending(house.deps, { connector, state: two.state, browser })).secrets['nonce']).toBe(
      'two',
    )
    expect((await takePending(house.deps, { connector, state: one.state, browser })).secrets['nonce']).toBe(
      'one',
    )
  })

  test('an answer that came without the cookie waits, sealed, for the browser; a second one is refused', async () => {
    await using house = await openHouse()
    const { state, browser } = await beginPending(house.deps, { connector, secrets })
    await keepAnswer(house.deps, { connector, state, answer: '<Response/>' })
    await refusal(keepAnswer(house.deps, { connector, state, answer: '<Other/>' }), 'CONNECTOR_SIGN_IN_GONE')
    expect((await takePending(house.deps, { connector, state, browser })).answer).toBe('<Response/>')
  })

  test('nothing of it stands in the store as it went out', async () => {
    await using house = await openHouse()
    const { state, browser } = await beginPending(house.deps, { connector, secrets })
    const spied: unknown[] = []
    const take = house.store.connectors.takeSignIn.bind(house.store.connectors)
    house.store.connectors.takeSignIn = async (hash) => {
      const row = await take(hash)
      spied.push(row)
      return row
    }
    await takePending(house.deps, { connector, state, browser })
    for (const secret of [state, browser, 'n-1', 'v-1']) expect(JSON.stringify(spied)).not.toContain(secret)
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil', 'settings'])(
    'it goes on at a place of ours, never at %j',
    async (next) => {
      await using house = await openHouse()
      const { state, browser } = await beginPending(house.deps, { connector, secrets, next })
      expect((await takePending(house.deps, { connector, state, browser })).next).toBeUndefined()
    },
  )
})
