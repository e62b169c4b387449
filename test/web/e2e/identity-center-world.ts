/**
 * @module The world of the stories about Identity Center: an emulated organisation with people, groups and assignments,
 * and a gateway that knows nothing of it yet. Both believe the same clock. AWS is reached by the variables of the SDK,
 * as on a machine with credentials of its own.
 */
import type { BrowserContext } from 'playwright-core'
import { freePort } from '../../../src/demo/ports.js'
import { startEmulator, type Emulator } from '../../../src/emulator/main.js'
import { ManualClock, systemClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { adminKey } from '../../emulator/aws-world.js'
import { demoFile } from '../../emulator/portal.js'
import { createPerson, signIn, signInAdmin, type TestPerson } from '../../support/people.js'
import { SteppedTimers } from '../../support/stepped-timers.js'
import { openTestGateway, type TestGateway } from '../../support/test-gateway.js'

/** Second factors have stories of their own. */
const passwordsOnly = {
  kind: 'cluster_auth_preference',
  version: 'v2',
  metadata: { name: 'cluster-auth-preference' },
  spec: { second_factor: 'optional' },
}

const tickMs = 50

export interface IdentityCenterWorld extends AsyncDisposable {
  readonly gateway: TestGateway
  readonly emulator: Emulator
  /** Origin of the gateway in the browser. */
  readonly origin: string
  readonly admin: TestPerson
  /** Has neither rights nor a place in AWS. */
  readonly visitor: TestPerson
  enter(context: BrowserContext, who: TestPerson): Promise<void>
  /** What AWS shows under Settings: its metadata, and a SCIM endpoint with a new token. */
  metadata(): Promise<string>
  /** What we tell of ourselves, which lies beside it in the folder of downloads. */
  ourMetadata(): Promise<string>
  scim(): Promise<{ readonly endpoint: string; readonly token: string }>
  /** What an administrator of AWS does with our metadata. */
  takeOurMetadata(): Promise<void>
  /** Who is assigned to what, as AWS tells it: one sorted line for each. */
  assignments(): Promise<string[]>
  /** Moves the clock on to this instant; whoever waits for less is woken, where the time of the world is stepped. */
  moveTo(instant: number): void
}

export interface IdentityCenterWorldOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Background work of the gateway waits by the clock of the world, too, so that days can be left out. */
  readonly isStepped?: boolean
}

export async function openIdentityCenterWorld({
  env,
  isStepped = false,
}: IdentityCenterWorldOptions = {}): Promise<IdentityCenterWorld> {
  const clock = new ManualClock(systemClock.now())
  const emulator = await startEmulator({
    listen: '127.0.0.1:0',
    orgFile: demoFile,
    clock,
    logger: createLogger('silent'),
    settings: { limits: false },
  })
  // The pace of calls is kept by this clock, so it has to run; the page waits in real time for what comes of it.
  const timers = isStepped ? new SteppedTimers(clock) : undefined
  const moveTo = (instant: number) => (timers === undefined ? clock.set(instant) : timers.moveTo(instant))
  const running = setInterval(() => moveTo(clock.now() + tickMs), tickMs)
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ACCESS_KEY_ID: adminKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: adminKey.secretAccessKey,
  })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const gateway = await openTestGateway({
    clock,
    port,
    env: { GATEHOUSE_PUBLIC_URL: origin, GATEHOUSE_CLUSTER_NAME: 'gatehouse.example.com', ...env },
    resources: [passwordsOnly],
    ...(timers && { timers }),
  })
  const browser = await signInAdmin(gateway)
  // AWS wants a mail address as the name of whoever signs in, and knows this one.
  const admin = await createPerson(gateway, browser, {
    name: 'ada@example.com',
    roles: ['editor', 'auditor', 'access'],
  })
  const visitor = await createPerson(gateway, browser, { name: 'visitor@example.com', roles: [] })
  return {
    gateway,
    emulator,
    origin,
    admin,
    visitor,
    enter: async (context, who) => {
      const { cookie = '' } = await signIn(gateway, who)
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([
        { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      ])
    },
    metadata: async () => {
      // The emulator's own answer.
      const state = JSON.parse(await read(`${emulator.url}/_emulator/state?only=`)) as {
        serviceProvider: { metadataUrl: string }
      }
      return await read(state.serviceProvider.metadataUrl)
    },
    ourMetadata: () => read(`${gateway.url}/saml/idp/metadata`),
    scim: async () => {
      const made = await read(`${emulator.url}/_emulator/scim/tokens`, { method: 'POST' })
      // The emulator's own answer.
      return JSON.parse(made) as { endpoint: string; token: string }
    },
    takeOurMetadata: async () => {
      await read(`${emulator.url}/_emulator/saml/idp-metadata`, {
        method: 'PUT',
        headers: { 'content-type': 'application/xml' },
        body: await read(`${gateway.url}/saml/idp/metadata`),
      })
    },
    assignments: async () => {
      const state = JSON.parse(await read(`${emulator.url}/_emulator/state?only=assignments`)) as {
        assignments?: readonly unknown[]
      }
      return (state.assignments ?? []).map((one) => JSON.stringify(one)).sort()
    },
    moveTo,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await emulator.close()
      clearInterval(running)
      restore()
    },
  }
}

/** Sets variables of this process; what is answered puts back those of before. Pictures are taken outside of tests, too. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  return () => {
    for (const name of Object.keys(variables)) {
      const value = before[name]
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}

async function read(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`)
  return text
}
