import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cliAuthorizationRequest, cliSignInQuery } from '../../src/api/contract.js'
import { readCliSignIn, refusalUrl } from '../../src/web/ui/cli-sign-in.js'

const good = { challenge: 'a'.repeat(43), port: '51234', state: 'b'.repeat(43), host: 'laptop' }

test('a query that a command line makes is read', () => {
  expect(readCliSignIn(new URLSearchParams(good))).toEqual({ ...good, port: 51_234 })
})

test('a machine without a name is called so', () => {
  const { host: _, ...rest } = good
  expect(readCliSignIn(new URLSearchParams(rest))?.host).toBe('a command line')
})

test.each([
  ['port', '80'],
  ['port', '65536'],
  ['port', '5e4'],
  ['port', '51234@evil.example'],
  ['port', ''],
  ['challenge', 'a'.repeat(42)],
  ['challenge', `${'a'.repeat(42)}+`],
  ['state', 'short'],
  ['host', 'h'.repeat(101)],
])('a query whose %s is "%s" is refused', (name, value) => {
  expect(readCliSignIn(new URLSearchParams({ ...good, [name]: value }))).toBeUndefined()
})

test('a query that says something twice is refused', () => {
  expect(readCliSignIn(new URLSearchParams([...Object.entries(good), ['port', '51235']]))).toBeUndefined()
})

test('whatever the page reads, the server takes, and the contract of the page too', () => {
  const text = (length: number) =>
    fc.string({ minLength: length, maxLength: length + 1, unit: fc.constantFrom('a', '-', '_', '9', '+') })
  const query = fc.record({
    challenge: text(42),
    port: fc.oneof(fc.integer({ min: 0, max: 70_000 }).map(String), fc.string()),
    state: text(21),
    host: fc.string({ maxLength: 101 }),
  })
  fc.assert(
    fc.property(query, (written) => {
      const read = readCliSignIn(new URLSearchParams(written))
      const accepted = cliSignInQuery.safeParse(written).success
      if (read === undefined) return
      expect(accepted).toBe(true)
      expect(cliAuthorizationRequest.parse(read)).toEqual(read)
    }),
  )
})

test('a refusal goes to this machine by its address, with the state and nothing else', () => {
  expect(refusalUrl({ port: 51_234, state: 'x&code=1' })).toBe(
    'http://127.0.0.1:51234/callback?error=access_denied&state=x%26code%3D1',
  )
})
