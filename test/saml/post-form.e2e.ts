/**
 * @module The posting page in Chromium: what arrives at the ACS, and where its policy lets the browser go on.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPostForm, type PostForm } from '../../src/saml/post-form.js'

let browser: Browser
const servers: Server[] = []
let posted: URLSearchParams | undefined
let page: { html: string; contentSecurityPolicy: string }
let idp: string
let sp: string
let portal: string

/** Listens on a free port of the loopback; `answer` gets the body that was sent. */
async function listen(
  answer: (path: string, body: string) => { html: string; headers?: Record<string, string>; status?: number },
) {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const { html, headers, status } = answer(req.url ?? '', Buffer.concat(chunks).toString())
      res.writeHead(status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  portal = await listen(() => ({ html: '<h1>the portal</h1>' }))
  sp = await listen((path, body) => {
    if (path === '/home') return { html: '<h1>the home page</h1>' }
    posted = new URLSearchParams(body)
    const location = path === '/acs/portal' ? `${portal}/start` : '/home'
    return { html: '', status: 302, headers: { location } }
  })
  idp = await listen((path) => ({
    html: path === '/' ? page.html : '',
    headers: { 'content-security-policy': page.contentSecurityPolicy },
  }))
  browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    // Not the arguments that the package suggests: they switch web security off.
    args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
  })
})

afterAll(async () => {
  await browser.close()
  for (const server of servers) server.close()
})

async function open(form: Partial<PostForm>, javaScriptEnabled = true): Promise<Page> {
  posted = undefined
  page = buildPostForm({
    acsUrl: `${sp}/acs/home`,
    samlResponseXml: '<a/>',
    relayState: undefined,
    applicationName: 'Ledger',
    ...form,
  })
  const context = await browser.newContext({ javaScriptEnabled })
  const tab = await context.newPage()
  await tab.goto(`${idp}/`, { waitUntil: 'commit' })
  return tab
}

describe('in a browser the page', () => {
  test('brings Response and RelayState to the ACS as they are, and the person home', async () => {
    const relayState = `a<b>"c"'&amp;\r\n\t é😀\u0085\u2028 %41+`
    const tab = await open({ relayState, samlResponseXml: '<a>é</a>' })
    await tab.getByText('the home page').waitFor()
    expect(posted?.get('RelayState')).toBe(relayState)
    expect(Buffer.from(posted?.get('SAMLResponse') ?? '', 'base64').toString()).toBe('<a>é</a>')
    await tab.context().close()
  })

  test('works by its button where scripts are off', async () => {
    const tab = await open({}, false)
    await tab.getByRole('button', { name: 'Continue to Ledger' }).click()
    await tab.getByText('the home page').waitFor()
    await tab.context().close()
  })

  test('is stopped on the way to a host that the policy does not name', async () => {
    const tab = await open({ acsUrl: `${sp}/acs/portal` }, false)
    const refusal = tab.waitForEvent('requestfailed')
    await tab.getByRole('button').click()
    await refusal
    expect(tab.url()).toBe(`${idp}/`)
    await tab.context().close()
  })

  test('goes on to another host that the policy names', async () => {
    const tab = await open({ acsUrl: `${sp}/acs/portal`, additionalFormActions: [portal] })
    await tab.getByText('the portal').waitFor()
    await tab.context().close()
  })
})
