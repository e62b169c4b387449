/** @module The calls of `openapi.test.ts` that are about second factors: each answers what it is told to be judged by. */
import type supertest from 'supertest'
import { TestAuthenticator } from '../support/authenticator.js'
import { codeAt, password, signIn, TestBrowser, type TestPerson } from '../support/people.js'
import type { TestGateway } from '../support/test-gateway.js'

type PasskeyOptions = Parameters<TestAuthenticator['make']>[0] & Parameters<TestAuthenticator['use']>[0]

interface Steps {
  join(role: string): Promise<TestPerson>
  firstStep(name: string): Promise<{ browser: TestBrowser }>
  stepUp(): Promise<{ browser: TestBrowser; person: TestPerson; handle: string }>
  invite(): Promise<{ token: string }>
}

/** By the name of the route. */
export function factorCalls(
  gateway: () => TestGateway,
  { join, firstStep, stepUp, invite }: Steps,
): Record<string, () => Promise<supertest.Response>> {
  const startPasskey = async () => {
    const person = await join('aws')
    const browser = await signIn(gateway(), person)
    return { browser, person, started: await browser.post('/v1/me/passkeys/start', { password }) }
  }
  const addPasskey = async () => {
    const { browser, person, started } = await startPasskey()
    const key = new TestAuthenticator(gateway().publicUrl)
    const passkey = key.make(started.body as PasskeyOptions)
    return { browser, person, key, added: await browser.post('/v1/me/passkeys', { label: 'key', passkey }) }
  }
  const startFactor = async () => {
    const browser = await signIn(gateway(), await join('aws'))
    return { browser, started: await browser.post('/v1/me/factors/start', { password }) }
  }
  return {
    'POST /v1/me/factors/start': async () => (await startFactor()).started,
    'POST /v1/me/factors': async () => {
      const { browser, started } = await startFactor()
      const { ticket, secret } = started.body as { ticket: string; secret: string }
      const code = codeAt(secret, gateway().clock.now())
      return await browser.post('/v1/me/factors', { ticket, label: 'phone', code })
    },
    'POST /v1/me/passkeys/start': async () => (await startPasskey()).started,
    'POST /v1/me/passkeys': async () => (await addPasskey()).added,
    'POST /v1/me/passkeys/ask': async () =>
      await (await addPasskey()).browser.post('/v1/me/passkeys/ask', {}),
    'PUT /v1/me/factors/:id': async () => {
      const { browser, added } = await addPasskey()
      return await browser.send('put', `/v1/me/factors/${(added.body as { id: string }).id}`, {
        label: 'ring',
      })
    },
    'POST /v1/sign-in/passkey/start': async () =>
      await new TestBrowser(gateway()).post('/v1/sign-in/passkey/start', {}),
    'POST /v1/sign-in/passkey': async () => {
      const { key } = await addPasskey()
      const browser = new TestBrowser(gateway())
      const passkey = key.use((await browser.post('/v1/sign-in/passkey/start', {})).body as PasskeyOptions)
      return await browser.post('/v1/sign-in/passkey', { passkey })
    },
    'POST /v1/sign-in/second-factor/start': async () => {
      const { browser } = await firstStep((await addPasskey()).person.name)
      return await browser.post('/v1/sign-in/second-factor/start', {})
    },
    'POST /v1/sign-in/second-factor': async () => {
      const { key, person } = await addPasskey()
      const { browser } = await firstStep(person.name)
      const { body } = await browser.post('/v1/sign-in/second-factor/start', {})
      return await browser.post('/v1/sign-in/second-factor', { passkey: key.use(body as PasskeyOptions) })
    },
    'POST /v1/step-up/start': async () => {
      const { browser, person, handle } = await stepUp()
      gateway().clock.advance(30_000)
      const code = codeAt(person.seed ?? '', gateway().clock.now())
      const { body } = await browser.post('/v1/me/passkeys/start', { code })
      const passkey = new TestAuthenticator(gateway().publicUrl).make(body as PasskeyOptions)
      await browser.post('/v1/me/passkeys', { label: 'key', passkey })
      return await browser.post('/v1/step-up/start', { handle })
    },
    'POST /v1/mfa/proofs/start': async () => {
      const about = { purpose: 'review_requests', subjects: ['any'] }
      return await (await addPasskey()).browser.post('/v1/mfa/proofs/start', about)
    },
    'POST /v1/me/recovery-codes': async () => {
      const { browser, key } = await addPasskey()
      const asked = (await browser.post('/v1/me/passkeys/ask', {})).body as PasskeyOptions
      return await browser.post('/v1/me/recovery-codes', { passkey: key.use(asked) })
    },
    'POST /v1/sign-in/recovery': async () => {
      const { browser, key, person } = await addPasskey()
      const asked = (await browser.post('/v1/me/passkeys/ask', {})).body as PasskeyOptions
      const { body } = await browser.post('/v1/me/recovery-codes', { passkey: key.use(asked) })
      const [code] = (body as { codes: string[] }).codes
      const half = await firstStep(person.name)
      return await half.browser.post('/v1/sign-in/recovery', { code })
    },
    'POST /v1/links/passkey': async () =>
      await new TestBrowser(gateway()).post('/v1/links/passkey', { token: (await invite()).token }),
  }
}
