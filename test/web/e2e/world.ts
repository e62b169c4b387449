/**
 * @module The world of the browser tests: a gateway at the very origin that it believes to have, and an emulated
 * Identity Center, connected as in the demo. Both share one clock that moves only when told: a new code of a
 * second factor needs no waiting.
 */
import { fileURLToPath } from 'node:url'
import { createLogger } from '../../../src/lib/logger.js'
import { ManualClock, systemClock } from '../../../src/lib/clock.js'
import type { DurationMs } from '../../../src/core/time.js'
import { freePort } from '../../../src/demo/ports.js'
import { demoResources } from '../../../src/demo/people.js'
import { startEmulator } from '../../../src/emulator/main.js'
import type { BrowserContext, Page } from 'playwright-core'
import { codeAt, createPerson, password, signIn, signInAdmin, type TestPerson } from '../../support/people.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js'

export { password } from '../../support/people.js'

const organisation = fileURLToPath(new URL('../../../fixtures/orgs/demo.yaml', import.meta.url))

/** The people of the stories, all known to the sample organisation; `gone` is inactive there. */
const cast = {
  dev: { name: 'dev@example.com', roles: ['aws-sign-in'], traits: { cost_center: ['4711'] } },
  nolabels: { name: 'nolabels@example.com', roles: ['engineer'] },
  v7off: { name: 'v7off@example.com', roles: ['legacy-no-idp'] },
  mfa: { name: 'mfa@example.com', roles: ['aws-sign-in-mfa'], totp: true as const },
  nofactor: { name: 'auditor@example.com', roles: ['aws-sign-in-mfa'] },
  gone: { name: 'gone@example.com', roles: ['aws-sign-in'] },
  auditor: { name: 'viewer@example.com', roles: ['auditor'] },
  roleReader: { name: 'reader@example.com', roles: ['role-reader'] },
} satisfies Record<string, Parameters<typeof createPerson>[2]>
export type Who = keyof typeof cast

export interface BrowserWorld extends AsyncDisposable {
  readonly gateway: TestGateway
  /** Origin of the gateway in the browser. */
  readonly origin: string
  /** The start page of the emulated access portal. */
  readonly portal: string
  person(who: Who | 'admin'): TestPerson
  /** A code that was never shown before, for a person with a second factor or for a seed. */
  code(of: TestPerson | string): string
  /** Signs a person in without the page, where the sign-in itself is not the story. */
  enter(context: BrowserContext, who: Who | 'admin'): Promise<void>
}

/**
 * Starts both sides and invites the people that the stories of a file need. The clock starts `agoMs` before the
 * present; browsers drop cookies that are over by their own clock, so it must be less than any cookie's time.
 */
export async function openWorld(
  needed: readonly Who[],
  agoMs: DurationMs = 0,
  more: Pick<TestGatewayOptions, 'inventory' | 'resources' | 'env'> = {},
): Promise<BrowserWorld> {
  const clock = new ManualClock(systemClock.now() - agoMs)
  const emulator = await startEmulator({
    listen: '127.0.0.1:0',
    orgFile: organisation,
    clock,
    logger: createLogger('silent'),
  })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const gateway = await openTestGateway({
    clock,
    port,
    env: { ...more.env, GATEHOUSE_PUBLIC_URL: origin, GATEHOUSE_CLUSTER_NAME: 'gatehouse.example.com' },
    resources: [
      ...demoResources(await portalMetadata(emulator.url)).filter((one) => !isUser(one)),
      ...(more.resources ?? []),
    ],
    ...(more.inventory ? { inventory: more.inventory } : {}),
  })
  const uploaded = await fetch(`${emulator.url}/_emulator/saml/idp-metadata`, {
    method: 'PUT',
    headers: { 'content-type': 'application/xml' },
    body: await read(`${gateway.url}/saml/idp/metadata`),
  })
  if (!uploaded.ok) throw new Error(`the emulator refused our metadata: ${await uploaded.text()}`)

  const admin = await signInAdmin(gateway)
  const people = new Map<string, TestPerson>([['admin', { name: 'admin', seed: undefined }]])
  for (const who of needed) {
    people.set(who, await createPerson(gateway, admin, cast[who]))
  }
  const person = (who: Who | 'admin'): TestPerson => {
    const found = people.get(who)
    if (found === undefined) throw new Error(`${who} is not in this world: name them to openWorld`)
    return found
  }
  const code = (of: TestPerson | string): string => {
    const seed = typeof of === 'string' ? of : of.seed
    if (seed === undefined) throw new Error('this person has no second factor')
    clock.advance(30_000)
    return codeAt(seed, clock.now())
  }
  return {
    gateway,
    origin,
    portal: `${emulator.url}/start`,
    person,
    code,
    enter: async (context, who) => {
      clock.advance(30_000)
      const { cookie = '' } = await signIn(gateway, person(who))
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([
        { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      ])
    },
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await emulator.close()
    },
  }
}

/** The demo's administrator; the people of a story come by invitation. */
function isUser(resource: unknown): boolean {
  return typeof resource === 'object' && resource !== null && 'kind' in resource && resource.kind === 'user'
}

async function portalMetadata(emulatorUrl: string): Promise<string> {
  const id = /"identityStoreId":"(d-[0-9a-f]{10})"/.exec(await read(`${emulatorUrl}/_emulator/state`))?.[1]
  return await read(`${emulatorUrl}/platform/saml/metadata/${id}`)
}

async function read(url: string): Promise<string> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`)
  return text
}

/** Waits for the page of this title. */
export async function onPage(page: Page, title: string | RegExp): Promise<void> {
  await page
    .getByRole('heading', { level: 1, name: title, ...(typeof title === 'string' && { exact: true }) })
    .waitFor()
}

/** Fills the first step of the sign-in page and sends it. */
export async function fillSignIn(
  page: Page,
  { name }: Pick<TestPerson, 'name'>,
  secret = password,
): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Reads the key of a second factor from the page that shows it, as a person who types it would. */
export async function readSeed(page: Page): Promise<string> {
  const shown = await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/).textContent()
  return (shown ?? '').replaceAll(' ', '')
}
