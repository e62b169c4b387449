import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listenOnLoopback } from '../../src/cli/loopback.js'
import { GatewayError, isCode } from '../../src/core/error.js'

const state = 's'.repeat(43)

async function open(timeoutMs = 20_000) {
  const listener = await listenOnLoopback(state, { timeoutMs })
  onTestFinished(() => listener[Symbol.asyncDispose]())
  return listener
}

interface Answer {
  readonly status: number | undefined
  readonly text: string
  readonly headers: NodeJS.Dict<string | string[]>
}

async function knock(
  port: number,
  path: string,
  { host = `127.0.0.1:${port}`, method = 'GET' } = {},
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('waiting for the browser', () => {
  test('the code of the page that we opened is redeemed, and the browser is told', async () => {
    const { port, redeemCode } = await open()
    const codes: string[] = []
    const redeemed = redeemCode((code) => {
      codes.push(code)
      return Promise.resolve({ user: 'ada<b>@example.com' })
    })
    const page = await knock(port, `/callback?code=abc&state=${state}`)
    expect(await redeemed).toEqual({ user: 'ada<b>@example.com' })
    expect(codes).toEqual(['abc'])
    expect(page).toMatchObject({
      status: 200,
      text: expect.stringContaining('As ada&lt;b&gt;@example.com. You can close this page'),
    })
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    // Once is enough: what comes after it is turned away.
    expect((await knock(port, `/callback?code=abc&state=${state}`)).status).toBe(404)
    expect(codes).toEqual(['abc'])
  })

  test.each<[string, string, { host?: string; method?: string }]>([
    ['another state', `/callback?code=evil&state=${'x'.repeat(43)}`, {}],
    ['no state', '/callback?code=evil', {}],
    ['two states', `/callback?code=evil&state=${state}&state=${state}`, {}],
    ['another path', `/?code=evil&state=${state}`, {}],
    ['another name for this address', `/callback?code=evil&state=${state}`, { host: 'rebound.example' }],
    ['another method', `/callback?code=evil&state=${state}`, { method: 'POST' }],
    ['neither code nor refusal', `/callback?state=${state}`, {}],
  ])('%s is turned away and ends nothing', async (_, path, how) => {
    const { port, redeemCode } = await open()
    const codes: string[] = []
    const redeemed = redeemCode((code) => {
      codes.push(code)
      return Promise.resolve({ user: 'ada' })
    })
    expect((await knock(port, path, how)).status).toBe(404)
    expect((await knock(port, `/callback?code=good&state=${state}`)).status).toBe(200)
    await redeemed
    expect(codes).toEqual(['good'])
  })

  test('a person who refuses ends the wait', async () => {
    const { port, redeemCode } = await open()
    const redeemed = redeemCode(() => Promise.resolve({ user: 'ada' })).catch((error: unknown) => error)
    const page = await knock(port, `/callback?error=access_denied&state=${state}`)
    const error = await redeemed
    expect(isCode(error, 'SIGN_IN_FAILED') && error.message).toBe(
      'the sign-in was refused in the browser; nothing was signed in',
    )
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('is not signed in') })
  })

  test('a code that the gateway refuses is told on both sides', async () => {
    const { port, redeemCode } = await open()
    const refused = new GatewayError('SIGN_IN_FAILED', 'not valid <b>any more</b>')
    const redeemed = redeemCode(() => Promise.reject(refused)).catch((error: unknown) => error)
    const page = await knock(port, `/callback?code=abc&state=${state}`)
    expect(await redeemed).toBe(refused)
    expect(page.status).toBe(400)
    expect(page.text).not.toContain('any more')
  })

  test('nobody comes', async () => {
    const { redeemCode } = await open(1)
    const error: unknown = await redeemCode(() => Promise.resolve({ user: 'ada' })).catch(
      (reason: unknown) => reason,
    )
    expect(isCode(error, 'SIGN_IN_FAILED') && error.message).toMatch(
      /^nobody signed in within \d+ minutes; run/,
    )
  })

  test('it is reached from this machine alone', async () => {
    const { port } = await open()
    const elsewhere = new Promise((resolve, reject) => {
      request({ host: '::1', port, path: '/' }, resolve).on('error', reject).end()
    })
    await expect(elsewhere).rejects.toThrow()
  })
})
