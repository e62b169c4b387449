/**
 * A device vouches for a sign-in to AWS, in the browser and with the command line of the device: the rows of role
 * versions that ask for one, from the access portal and back to it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../../src/cli/cli.js'
import { describeFailure } from '../../../src/cli/exit.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { commandLineOf } from '../../support/device.js'
import { auditEvents, role, signIn } from '../../support/people.js'
import { awsLabels } from '../../support/sp.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
let home: string
beforeAll(async () => {
  world = await openWorld(['dev', 'mfa', 'nolabels'])
  home = await mkdtemp(join(tmpdir(), 'gatehouse-devices-'))
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

/** What a role says of devices from now on. */
async function setRole(name: string, version: string, options: object): Promise<void> {
  const admin = await adminPage()
  const allow = version === 'v8' ? { app_labels: awsLabels } : {}
  const body = role(name, version, { allow, options }) as object
  const now = await admin.get(`/v1/resources/role/${name}`)
  const put = await admin.send('put', `/v1/resources/role/${name}`, body, {
    'if-match': String(now.headers['etag']),
  })
  expect(put.status, put.text).toBe(200)
}
const adminPage = async () => await signIn(world.gateway, world.person('admin'))

/** The command line of somebody's device: its lines as they come, and how it ends. */
class Terminal {
  readonly #env: Promise<NodeJS.ProcessEnv>
  constructor(who: Who) {
    this.#env = (async () => {
      world.gateway.clock.advance(30_000)
      const token = await commandLineOf(world.gateway, await signIn(world.gateway, world.person(who)))
      return { XDG_CONFIG_HOME: join(home, who), GATEHOUSE_URL: world.origin, GATEHOUSE_TOKEN: token }
    })()
  }

  /** Answers every question with `says`; `onLine` sees what is printed. */
  async run(
    args: readonly string[],
    says = 'y',
    onLine: (line: string) => void = () => undefined,
  ): Promise<string> {
    const lines: string[] = []
    const program = createProgram(
      {
        env: await this.#env,
        out: (line) => {
          lines.push(line)
          onLine(line)
        },
        err: () => undefined,
        outIsTerminal: true,
        ask: () => Promise.resolve(says),
        setExitCode: () => undefined,
        readInput: () => Promise.resolve(''),
      },
      'test',
    )
    try {
      await program.parseAsync(['node', 'gatehouse', ...args])
    } catch (error) {
      lines.push(describeFailure(error).text)
    }
    return lines.join('\n')
  }

  /** Waits for a browser on a port of its own; the answer tells which, and how it went. */
  async wait(says = 'y'): Promise<{ readonly port: string; readonly told: Promise<string> }> {
    let told: Promise<string> | undefined
    const port = await new Promise<string>((resolve, reject) => {
      told = this.run(['device', 'confirm', '--port', '0'], says, (line) => {
        const found = /on port (\d+)/.exec(line)?.[1]
        if (found !== undefined) resolve(found)
      })
      void told.then((text) => reject(new Error(text)))
    })
    return { port, told: told ?? Promise.resolve('') }
  }
}

/** Adds a device on the page as an administrator and enrols it on the device; answers its terminal. */
async function enrol(who: Who, assetTag: string): Promise<Terminal> {
  const { context, page } = await browser.open()
  await world.enter(context, 'admin')
  await page.goto(`${world.origin}/devices`)
  await onPage(page, 'Devices')
  await page.getByRole('button', { name: 'New device' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New device' })
  await dialog.getByLabel('Operating system').selectOption('linux')
  await dialog.getByLabel('Asset tag').fill(assetTag)
  await dialog.getByRole('button', { name: 'Add device and make its token' }).click()
  const shown = page.getByRole('dialog', { name: `Enrol ${assetTag}` })
  const command = await shown.getByText(/gatehouse device enroll --token/).textContent()
  const token = /ghd_[\w-]+/.exec(command ?? '')?.[0] ?? ''
  const terminal = new Terminal(who)
  const told = await terminal.run(['device', 'enroll', '--token', token, '--key-store', 'file'])
  expect(told).toContain(`as device ${assetTag}, for ${world.person(who).name}`)
  await page.close()
  return terminal
}

async function goOn(page: Page, port: string): Promise<void> {
  await page.getByText('It listens on another port').click()
  await page.getByLabel('Port').fill(port)
  await page.getByRole('button', { name: 'Go on with this device' }).click()
}

const portalOf = async (page: Page) => await onPage(page, /^AWS accounts/)

describe('a role of version 8 that requires a device', () => {
  test('leads to the device on this machine and on to AWS; a no at the device goes nowhere', async () => {
    const terminal = await enrol('dev', 'LAPTOP-1')
    await setRole('aws-sign-in', 'v8', { device_trust_mode: 'required' })
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(`${world.portal}?binding=post`)
    await onPage(page, /^Confirm your device for/)
    await page.getByText('LAPTOP-1').waitFor()
    await expectSoundPage(page)
    expect(await page.getByRole('button', { name: 'Confirm with a short code' }).count()).toBe(0)

    const no = await terminal.wait('n')
    await goOn(page, no.port)
    await page.getByRole('alert').getByText('The sign-in was refused at the device.').waitFor()
    expect(await no.told).toContain('Refused.')

    const yes = await terminal.wait()
    await goOn(page, yes.port)
    await portalOf(page)
    const told = await yes.told
    expect(told).toContain(world.person('dev').name)
    expect(told).toContain('where this device is too')
    const [event] = await auditEvents(world.gateway, { type: 'saml.idp.auth' })
    expect(event).toMatchObject({
      success: true,
      trusted_device: { asset_tag: 'LAPTOP-1', proof: 'loopback' },
    })
  })

  test('asks for the second factor as well, where the role does', async () => {
    const terminal = await enrol('mfa', 'LAPTOP-2')
    await setRole('aws-sign-in-mfa', 'v8', {
      device_trust_mode: 'required-for-humans',
      require_session_mfa: true,
    })
    const { context, page } = await browser.open()
    await world.enter(context, 'mfa')
    await page.goto(world.portal)
    await onPage(page, /^Confirm your device for/)
    const { port } = await terminal.wait()
    await goOn(page, port)
    await onPage(page, /^Confirm your sign-in to/)
    await page.getByLabel('Code').fill(world.code(world.person('mfa')))
    await page.getByRole('button', { name: /^Continue to/ }).click()
    await portalOf(page)
  })
})

test('a role of version 7 asks for no device, and one of version 8 where it is optional takes a code or none', async () => {
  await setRole('aws-sign-in', 'v7', { device_trust_mode: 'required' })
  const { context, page } = await browser.open()
  await world.enter(context, 'dev')
  await page.goto(world.portal)
  await portalOf(page)

  await setRole('aws-sign-in', 'v8', { device_trust_mode: 'optional' })
  await page.context().clearCookies({ domain: new URL(world.portal).hostname })
  await page.goto(world.portal)
  await onPage(page, /^Confirm your device for/)
  await page.getByRole('button', { name: 'Confirm with a short code' }).click()
  const command = (await page.getByText(/gatehouse device confirm [A-Z]{4}-/).textContent()) ?? ''
  const code = /[A-Z]{4}-[A-Z]{4}/.exec(command)?.[0] ?? ''
  const again = new Terminal('dev')
  expect(await again.run(['device', 'confirm', code])).toContain('Device LAPTOP-1 vouched')
  await portalOf(page)
})

test('who has no device is told what to do, and the pages list what there is', async () => {
  await setRole('engineer', 'v8', { device_trust_mode: 'required' })
  const { context, page } = await browser.open()
  await world.enter(context, 'nolabels')
  await page.goto(world.portal)
  await onPage(page, /needs a trusted device$/)
  await page.getByText(/gatehouse device enroll/).waitFor()

  const boss = await browser.open()
  await world.enter(boss.context, 'admin')
  await boss.page.goto(`${world.origin}/devices`)
  await boss.page.getByRole('list', { name: 'Devices' }).getByText('LAPTOP-1').waitFor()
  await expectSoundPage(boss.page)
  await boss.page.getByRole('button', { name: 'Lock LAPTOP-2' }).click()
  await boss.page.getByText(/It vouches for nobody from now on/).waitFor()
  await boss.page.keyboard.press('Escape')

  const mine = await browser.open()
  await world.enter(mine.context, 'dev')
  await mine.page.goto(`${world.origin}/settings`)
  await mine.page.getByRole('region', { name: 'Devices' }).getByText('LAPTOP-1').waitFor()
})
