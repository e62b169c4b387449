/**
 * @module `npm run demo -- --self-check`: the whole story without a window, one line a step. It grows with each
 * capability, and it is the first thing to run when one doubts an installation.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../lib/clock.js'
import { HeadlessBrowser, readText } from './browser.js'
import { currentCode, followToPortal, freshCode, populate } from './journeys.js'
import { demoPeople } from './people.js'
import { freePort } from './ports.js'
import { runCommand } from './run-command.js'
import { resourceSteps } from './resource-steps.js'
import { auditEvents, expect, landsInPortal, portalStart, type Stage, type Step } from './stage.js'
import { syncSteps } from './sync-steps.js'
import { startWorld } from './world.js'

const roleError = 'access to saml_idp_service_provider denied. User does not have permissions. '

const steps: readonly Step[] = [
  ['SP-initiated sign-in', async (stage) => landsInPortal(stage, portalStart(stage), 'dev@example.com')],
  ['IdP-initiated sign-in', async (stage) => landsInPortal(stage, tile(stage), 'dev@example.com')],
  [
    'one success event for each',
    async (stage) => {
      const events = await auditEvents(stage, 'saml.idp.auth', 'dev@example.com')
      const good = events.filter(({ success, code }) => success === true && code === 'TSI000I')
      expect(good.length === 2, `expected 2 successful saml.idp.auth events, found ${good.length}`)
      return `${good.length} events, code TSI000I`
    },
  ],
  ['v8 roles without labels are refused', async (stage) => refused(stage, 'nolabels@example.com', roleError)],
  [
    'a v7 role with the IdP off is refused',
    async (stage) =>
      refused(
        stage,
        'v7off@example.com',
        'user has been denied access to the SAML IdP by role legacy-no-idp',
      ),
  ],
  ['session MFA asks, refuses a wrong code, accepts a right one', stepUp],
  [
    'an inactive AWS user gets the message of AWS',
    async (stage) => {
      const outcome = await followToPortal(
        stage.world,
        new HeadlessBrowser(),
        portalStart(stage),
        'gone@example.com',
        stage.seeds,
      )
      expect(outcome.ended === 'refused_by_aws', `ended ${outcome.ended}`)
      const words = /Looks like this code isn.{1,6}t right|Something went wrong|unexpected error/.exec(
        outcome.ended === 'refused_by_aws' ? outcome.page.text : '',
      )
      expect(words !== null, 'the page does not carry a message of AWS')
      return words?.[0] ?? ''
    },
  ],
  ['roles and account assignment roles together give accounts, less what is denied', reach],
  ['a request that was answered is not answered again', replay],
  ...resourceSteps,
  ...syncSteps,
  ['the audit chain and its signed head verify', verifyChain],
]

/** Runs every step; answers the exit status. */
export async function selfCheck(print: (line: string) => void): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-demo-'))
  let failed = 0
  try {
    await using world = await startWorld(dataDir, {
      gateway: await freePort(),
      emulator: await freePort(),
      mail: await freePort(),
    })
    print(`ok    start: gateway ${world.gatewayUrl}, emulated Identity Center ${world.emulatorUrl}`)
    const { admin, seeds } = await populate(world)
    print(`ok    people: first administrator by printed link, ${demoPeople.length} by invitation`)
    for (const [name, run] of steps) {
      try {
        print(`ok    ${name}: ${await run({ world, admin, seeds })}`)
      } catch (error) {
        failed++
        print(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    print(`${steps.length + 2 - failed} passed, ${failed} failed`)
  } catch (error) {
    print(`FAIL  start: ${error instanceof Error ? error.message : String(error)}`)
    failed++
    print(`0 passed, ${failed} failed`)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
  return failed === 0 ? 0 : 1
}

const tile = ({ world }: Stage): string => `${world.gatewayUrl}/saml/idp/login/aws-identity-center`

async function refused(stage: Stage, person: string, error: string): Promise<string> {
  const outcome = await followToPortal(
    stage.world,
    new HeadlessBrowser(),
    portalStart(stage),
    person,
    stage.seeds,
  )
  if (outcome.ended !== 'refused_here') throw new Error(`${person} ended at ${outcome.ended}`)
  expect(outcome.page.status === 403, `the refusal page has status ${outcome.page.status}`)
  const reference = readText(outcome.data, 'reference')
  const [event] = await auditEvents(stage, 'saml.idp.auth', undefined, reference)
  expect(event?.error === error, `the event says ${JSON.stringify(event?.error)}`)
  expect(event?.success === false && event.user === person, 'the event is not about this refusal')
  return `“${readText(outcome.data, 'title')}”, event ${reference}`
}

async function stepUp(stage: Stage): Promise<string> {
  const { world, seeds } = stage
  const person = 'mfa@example.com'
  const browser = new HeadlessBrowser()
  const outcome = await followToPortal(world, browser, portalStart(stage), person, seeds)
  if (outcome.ended !== 'step_up') throw new Error(`${person} ended at ${outcome.ended}`)
  const { handle } = outcome
  const seed = seeds.get(person) ?? ''
  const wrong = currentCode(seed, systemClock.now() + 86_400_000)
  const attempt = browser.api(world.gatewayUrl, 'POST', '/v1/step-up', { handle, code: wrong })
  const refusedCode = await attempt.then(
    () => false,
    () => true,
  )
  expect(refusedCode, 'a wrong code was accepted')
  const answer = await browser.api(world.gatewayUrl, 'POST', '/v1/step-up', {
    handle,
    code: await freshCode(seeds, person),
  })
  const next = new URL(readText(answer, 'next'), world.gatewayUrl).href
  const end = await followToPortal(world, browser, next, person, seeds)
  expect(end.ended === 'portal', `after the code: ${end.ended}`)
  return `${person} gave a fresh code and is in the portal`
}

async function replay(stage: Stage): Promise<string> {
  const { world, seeds } = stage
  const browser = new HeadlessBrowser()
  const start = await browser.open(portalStart(stage))
  const next = new URL(start.url).searchParams.get('next') ?? ''
  const target = new URL(next, world.gatewayUrl).href
  const first = await followToPortal(world, browser, start.url, 'dev@example.com', seeds)
  expect(first.ended === 'portal', `the first answer ended at ${first.ended}`)
  const again = await browser.open(target)
  expect(again.status === 409, `the second time answered ${again.status}`)
  return 'the second time is refused with 409'
}

const headPatienceMs = 15_000

/** The gateway signs its first head some seconds after its first event; without one, nothing vouches for the chain. */
async function headIsSigned({ world, admin }: Stage): Promise<void> {
  const deadline = AbortSignal.timeout(headPatienceMs)
  for (;;) {
    const answer = await admin.api(world.gatewayUrl, 'GET', '/v1/audit/heads')
    const heads =
      typeof answer === 'object' && answer !== null && 'heads' in answer ? answer.heads : undefined
    if (Array.isArray(heads) && heads.length > 0) return
    expect(!deadline.aborted, `no head of the chain was signed within ${headPatienceMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function verifyChain(stage: Stage): Promise<string> {
  await headIsSigned(stage)
  const dataDir = join(stage.world.dataDir, 'gateway')
  const { exitCode, output } = await runCommand(['audit', 'verify', '--data-dir', dataDir])
  expect(exitCode === 0, output)
  const [summary = ''] = output.split('\n')
  expect(/\b[1-9]\d* signed heads? checked/.test(summary), `no signed head was checked: ${summary}`)
  return summary
}

async function reach({ world, admin }: Stage): Promise<string> {
  const path = `/v1/users/${encodeURIComponent('dev@example.com')}/access`
  const text = JSON.stringify(await admin.api(world.gatewayUrl, 'GET', path))
  expect(text.includes('"total":{"accounts":3,"pairs":10}'), `dev@example.com reaches ${text.slice(0, 300)}`)
  return 'dev@example.com has 10 permission sets in 3 accounts'
}
