/** What answers tell browsers to refuse: the policy of each kind of answer, and that of each page anew. */
import { readdirSync } from 'node:fs'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const get = async (path: string, accept = 'text/html') =>
  await supertest(gateway.url).get(path).set('accept', accept)
const directives = (policy: string | undefined): Map<string, string> =>
  new Map(
    (policy ?? '').split('; ').map((one) => [one.split(' ')[0] ?? '', one.split(' ').slice(1).join(' ')]),
  )

test.each(['/', '/sign-in', '/users/alice@example.com'])(
  'the page at %s allows nothing inline',
  async (path) => {
    const page = await get(path)
    const policy = directives(page.headers['content-security-policy'])
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': expect.stringMatching(/^'self' 'nonce-[\w+/]{24}'$/) as string,
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    })
    expect(page.text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i)
  },
)

test('each page has a nonce of its own, told to nobody but the page', async () => {
  const nonces = new Set<string>()
  for (let count = 0; count < 5; count++) {
    const { headers, text } = await get('/')
    const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? ''
    expect(text.split(`nonce="${nonce}"`)).toHaveLength(2)
    expect(headers['cache-control']).toBe('no-store')
    nonces.add(nonce)
  }
  expect(nonces.size).toBe(5)
})

test('data and files are no pages, and no answer lets others in', async () => {
  const [asset] = readdirSync(new URL('../../dist/web/assets', import.meta.url))
  for (const path of ['/healthz', '/v1/session', '/v1/nothing', `/assets/${asset}`, '/saml/idp/metadata']) {
    const { headers } = await get(path, '*/*')
    expect(headers['content-security-policy'], path).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  }
  for (const path of ['/', '/healthz', `/assets/${asset}`]) {
    const { headers } = await get(path)
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['permissions-policy']).toMatch(/camera=\(\).*publickey-credentials-get=\(self\)/)
  }
})
