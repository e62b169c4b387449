import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenOnLoopback } from '../../../src/cli/loopback.js'
import { cliTokenAnswer } from '../../../src/api/contract.js'
import { systemRandom } from '../../../src/lib/random.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { auditEvents } from '../../support/people.js'
import { fillSignIn, onPage, openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'mfa'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** The command line's own side: it listens, and makes the address that it would print. */
async function startCommandLine(host = 'build-machine') {
  const verifier = systemRandom.secret()
  const state = systemRandom.secret()
  const listener = await listenOnLoopback(state)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const query = new URLSearchParams({ challenge, port: String(listener.port), state, host })
  const redeemed = listener
    .redeemCode(async (code) => {
      const response = await fetch(`${world.gateway.url}/v1/cli/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, verifier, port: listener.port }),
      })
      const answer: unknown = await response.json()
      if (!response.ok) throw new Error(JSON.stringify(answer))
      return cliTokenAnswer.parse(answer)
    })
    .catch((error: unknown) => error)
  return {
    address: `${world.origin}/cli-sign-in?${query.toString()}`,
    port: listener.port,
    redeemed,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

describe('the page that signs in a command line', () => {
  test('asks first, with who and where, and then signs in the command line that waits', async () => {
    await using line = await startCommandLine()
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(line.address)
    await onPage(page, 'Sign in a command line')
    await page.getByText(world.person('dev').name).waitFor()
    await page.getByText('build-machine').waitFor()
    await page.getByText(`this machine, port ${line.port}`).waitFor()
    await expectSoundPage(page)
    expect(await auditEvents(world.gateway, { type: 'cli.login' })).toEqual([])
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await onPage(page, 'The command line is signed in')
    await page.getByText(`As ${world.person('dev').name}. You can close this page`).waitFor()
    expect(await line.redeemed).toMatchObject({ user: world.person('dev').name })
    const [event] = await auditEvents(world.gateway, { type: 'cli.login' })
    expect(event).toMatchObject({ success: true, label: 'build-machine' })
  })

  test('keeps the question through password and second factor', async () => {
    await using line = await startCommandLine()
    const { page } = await browser.open()
    await page.goto(line.address)
    await onPage(page, 'Sign in')
    await fillSignIn(page, world.person('mfa'))
    await page.getByLabel('Code').fill(world.code(world.person('mfa')))
    await page.getByRole('button', { name: 'Confirm code' }).click()
    await onPage(page, 'Sign in a command line')
    await page.getByText(world.person('mfa').name).waitFor()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await onPage(page, 'The command line is signed in')
    expect(await line.redeemed).toMatchObject({ user: world.person('mfa').name })
  })

  test('tells the command line of a refusal, and signs nothing in', async () => {
    await using line = await startCommandLine()
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(line.address)
    await page.getByRole('button', { name: 'Refuse' }).click()
    await onPage(page, 'The command line is not signed in')
    expect(await line.redeemed).toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: 'the sign-in was refused in the browser; nothing was signed in',
    })
  })

  test('lets somebody else sign in first', async () => {
    await using line = await startCommandLine()
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(line.address)
    await page.getByRole('button', { name: 'Sign in as someone else' }).click()
    await onPage(page, 'Sign in')
    await fillSignIn(page, { name: 'admin' })
    await onPage(page, 'Sign in a command line')
    await page.getByText('admin', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Refuse' }).click()
    await onPage(page, 'The command line is not signed in')
    await line.redeemed
  })

  test.each([
    ['nothing at all', () => ''],
    ['a challenge that is cut short', (query: string) => query.replace(/challenge=[\w-]{8}/, 'challenge=')],
    ['a port of the system', (query: string) => query.replace(/port=\d+/, 'port=80')],
    ['two ports', (query: string) => `${query}&port=8080`],
    ['another machine for a port', (query: string) => query.replace(/port=\d+/, 'port=8080@evil.example')],
    ['no state', (query: string) => query.replace(/state=[\w-]+/, '')],
  ])('refuses an address with %s, without a button to agree', async (_, spoil) => {
    await using line = await startCommandLine()
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    const url = new URL(line.address)
    await page.goto(`${url.origin}${url.pathname}?${spoil(url.search.slice(1))}`)
    await onPage(page, 'This address does not sign anything in')
    expect(await page.getByRole('button').count()).toBe(0)
    await expectSoundPage(page)
  })

  test('says so when it cannot agree any more, and goes nowhere', async () => {
    await using line = await startCommandLine()
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(line.address)
    await onPage(page, 'Sign in a command line')
    await context.clearCookies()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await onPage(page, 'Sign in')
    expect(new URL(page.url()).searchParams.get('next')).toContain('/cli-sign-in?')
  })
})
