/** A person reaches AWS through an upstream identity provider on another site, and an administrator sets one up. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { writeIdpMetadata } from '../../support/saml-signer.js'
import {
  makeUpstreamIdp,
  readLoginRequest,
  signUpstream,
  type UpstreamSamlIdp,
} from '../../support/upstream-saml-idp.js'
import { onPage, openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
let server: Server
let idp: UpstreamSamlIdp
let upstream: string

/** On 127.0.0.1, which is another site than localhost: no cookie of ours goes with what it posts. */
async function startUpstream(): Promise<void> {
  server = createServer((req, res) => {
    if (req.url?.startsWith('/sso') !== true) {
      res.end(writeIdpMetadata(idp))
      return
    }
    const request = readLoginRequest(`${upstream}${req.url}`)
    const answer = { nameId: 'dev@example.com', attributes: { groups: ['platform'] } }
    void signUpstream(idp.write(request, answer), 'Assertion', idp).then((xml) => {
      const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${value}">`
      const fields = `${field('SAMLResponse', Buffer.from(xml).toString('base64'))}${field('RelayState', request.relayState)}`
      const form = `<form method="post" action="${request.acsUrl}">${fields}<button>Go on</button></form>`
      res.setHeader('content-type', 'text/html').end(`<!doctype html><title>Corporate</title>${form}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  await startUpstream()
  let now = () => Date.now()
  const made = await makeUpstreamIdp('https://idp.corp.example', () => now())
  idp = { ...made, ssoUrl: `${upstream}/sso` }
  const spec = {
    entity_descriptor_url: `${upstream}/metadata`,
    attributes_to_roles: [{ name: 'groups', value: 'platform', roles: ['aws-sign-in'] }],
  }
  const corp = { kind: 'saml', version: 'v2', metadata: { name: 'corp' }, spec }
  world = await openWorld([], 0, { resources: [corp] })
  now = () => world.gateway.clock.now()
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  server?.close()
})

test('a sign-in that began at AWS survives the way through an identity provider on another site', async () => {
  const { page } = await browser.open()
  await page.goto(world.portal)
  await onPage(page, 'Sign in to continue to AWS')
  await page.getByRole('link', { name: 'Sign in with corp' }).click()
  await page.waitForURL((url) => url.origin === upstream)
  expect(new URL(page.url()).origin).toBe(upstream)
  await page.getByRole('button', { name: 'Go on' }).click()
  await onPage(page, 'AWS accounts (4)')
  expect(new URL(page.url()).origin).toBe(new URL(world.portal).origin)
})

test('an administrator copies our addresses, gives metadata, and the connector is there', async () => {
  const { context, page } = await browser.open()
  await world.enter(context, 'admin')
  await page.goto(`${world.origin}/connectors/new/saml`)
  await page.getByLabel('Name', { exact: true }).fill('entra')
  await page.getByText(`${world.origin}/saml/sp/entra/metadata`).waitFor()
  await page.getByText(`${world.origin}/v1/connectors/callback/saml/entra`).waitFor()
  await expectSoundPage(page)
  await page.getByLabel('Address of the metadata').fill('https://login.example.com/metadata?app=1')
  await page.getByLabel('Attribute that never changes').fill('objectid')
  await page.getByLabel('Attribute', { exact: true }).fill('groups')
  await page.getByRole('textbox', { name: 'Value' }).fill('team-*')
  await page.getByRole('textbox', { name: 'Roles' }).fill('aws-sign-in, team-$1')
  await page.getByRole('button', { name: 'Create connector entra' }).click()
  await page.getByText('Connector entra is there').waitFor()
  const stored = await page.request.get(`${world.origin}/v1/resources/saml/entra`)
  expect(await stored.json()).toMatchObject({
    document: {
      spec: {
        entity_descriptor_url: 'https://login.example.com/metadata?app=1',
        subject_attribute: 'objectid',
        attributes_to_roles: [{ name: 'groups', value: 'team-*', roles: ['aws-sign-in', 'team-$1'] }],
      },
    },
  })
})
