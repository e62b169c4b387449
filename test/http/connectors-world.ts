/** @module A gateway with upstreams, and browsers that go back and forth between them. */
import { role, signInAdmin, type TestBrowser, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { ManualClock } from '../../src/lib/clock.js'
import { awsLabels, spResource } from '../support/sp.js'
import { TravellingBrowser, type Arrival } from '../support/travelling-browser.js'

export const mapping = { claims_to_roles: [{ claim: 'groups', value: 'platform', roles: ['aws'] }] }
/** As it reaches the provider. */
export const clientSecret = 'a secret: that %needs encoding'

export interface ConnectorWorld extends AsyncDisposable {
  readonly gateway: TestGateway
  readonly admin: TestBrowser
  /** Writes a connector, or anything else. */
  put(document: object): Promise<void>
  browser(): TravellingBrowser
  /** Through the connector; stops at the page of ours where it ends. */
  signIn(name: string, browser?: TravellingBrowser, query?: string): Promise<Arrival>
  /** Who is signed in in this browser. */
  who(browser: TravellingBrowser): Promise<string | undefined>
  lastLogin(): Promise<Record<string, unknown> | undefined>
}

export async function openConnectorWorld(): Promise<ConnectorWorld> {
  // Upstreams of other makers look at the clock of the machine.
  const clock = new ManualClock(Date.now())
  const gateway = await openTestGateway({
    clock,
    resources: [...testResources, role('extra', 'v8', { allow: { app_labels: awsLabels } }), spResource({})],
  })
  const admin = await signInAdmin(gateway)
  const { publicUrl, url } = gateway
  const world: ConnectorWorld = {
    gateway,
    admin,
    put: async (document) => {
      const answer = await admin.post('/v1/resources?mode=replace', document)
      if (answer.status >= 300) throw new Error(answer.text)
    },
    browser: () => new TravellingBrowser(new Map([[publicUrl, url]])),
    signIn: async (name, browser = world.browser(), query = '') =>
      await browser.open(`${publicUrl}/v1/sign-in/connectors/${name}${query}`, (at) => {
        return at.origin === publicUrl && !at.pathname.startsWith('/v1/')
      }),
    who: async (browser) => {
      const response = await fetch(`${url}/v1/session`, { headers: { cookie: browser.cookiesOf(publicUrl) } })
      const session = (await response.json()) as { user?: { name: string } }
      return session.user?.name
    },
    lastLogin: async () => {
      await gateway.gateway.sequencer.flush()
      const events = await gateway.gateway.store.audit.list({
        limit: 50,
        order: 'desc',
        types: ['user.login'],
      })
      return events.map(({ json }) => JSON.parse(json) as Record<string, unknown>)[0]
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
  return world
}

export function oidcDocument(name: string, issuer: string, spec: Record<string, unknown> = mapping): object {
  return {
    kind: 'oidc',
    version: 'v3',
    metadata: { name },
    spec: { issuer_url: issuer, client_id: 'gatehouse', client_secret: clientSecret, ...spec },
  }
}
