/**
 * A look inside the emulator, in a real browser: who has what where, what is under way, calls against limits.
 */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoAxeViolations, phone, useBrowser } from '../../support/browser.js'
import { AwsWorld, demo } from '../aws-world.js'

const browser = useBrowser()
let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { limits: true, assignmentMs: 60_000 } })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openPage(path: string, options: Parameters<typeof browser.open>[0] = {}): Promise<Page> {
  const { page } = await browser.open(options)
  await page.goto(world.url + path)
  return page
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function assign(accountId: string): Promise<void> {
  await world.clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'USER',
      PrincipalId: demo.devId,
    }),
  )
}

describe('the overview', () => {
  test('shows a request and the limit it used as they come, without being loaded again', async () => {
    const page = await openPage('/')
    await page.getByText('Nobody has asked to create or delete an assignment').waitFor()
    await page.getByText('No call has used a limit yet.').waitFor()
    await page.getByRole('status').getByText('live').waitFor()
    await assign(demo.sandbox)
    const requests = region(page, 'Assignment requests').first()
    await requests.getByRole('cell', { name: 'IN_PROGRESS' }).waitFor()
    await requests.getByRole('link', { name: 'sandbox' }).waitFor()
    await region(page, 'Calls against limits').getByText('19 of 20').waitFor()
    await region(page, 'Calls')
      .first()
      .getByRole('cell', { name: 'sso-admin:CreateAccountAssignment' })
      .waitFor()
    await expectNoAxeViolations(page)

    await world.advance(60_000)
    await requests.getByRole('cell', { name: 'SUCCEEDED' }).waitFor()
  })

  test('does not take the field from a person who types while things happen', async () => {
    const page = await openPage('/')
    await page.getByRole('status').getByText('live').waitFor()
    const field = page.getByRole('searchbox', { name: 'Find an account, person, group or permission set' })
    await field.fill('prod')
    await assign(demo.production)
    await region(page, 'Assignment requests').getByRole('link', { name: 'production' }).waitFor()
    expect(await field.inputValue()).toBe('prod')
    expect(await field.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true)
  })

  test('shows faults, changed settings and the moved clock, and keeps the focus where it was', async () => {
    const page = await openPage('/')
    const trouble = region(page, 'Faults and changed settings')
    await page.getByRole('status').getByText('live').waitFor()
    await page.getByRole('link', { name: 'sandbox' }).last().focus()
    await world.control('POST', 'faults', { operation: 'scim:*', fault: { kind: 'throttle' } })
    await world.control('PUT', 'settings', { readLagMs: 1500 })
    await trouble.getByRole('cell', { name: 'fault: throttle' }).waitFor()
    await trouble.getByRole('cell', { name: 'readLagMs' }).waitFor()
    await trouble.getByText('1500 usually 0').waitFor()
    const before = world.clock.now()
    await world.advance(3_600_000)
    await page.getByText(new Date(before + 3_600_000).toISOString()).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('sandbox')
    await world.control('PUT', 'settings', { limits: false })
    await page.getByText('The limits are off: no call is refused for its rate.').waitFor()
    await expectNoAxeViolations(page)
    await world.control('POST', 'reset')
    await trouble.getByRole('cell', { name: 'fault: throttle' }).waitFor({ state: 'detached' })
  })

  test('fits a phone in the dark without scrolling sideways', async () => {
    const page = await openPage('/', { viewport: phone, colorScheme: 'dark' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await expectNoAxeViolations(page)
  })
})

describe('who has what where', () => {
  test('is told of an account, and leads to the people and their ways', async () => {
    const page = await openPage('/')
    await page.getByRole('searchbox').fill('staging')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'staging' }).click()
    await page.getByRole('heading', { level: 1, name: 'staging' }).waitFor()
    await region(page, 'Roles that Identity Center made')
      .getByText(/^AWSReservedSSO_PowerUserAccess_[0-9a-f]{16}$/)
      .waitFor()
    await expectNoAxeViolations(page)

    await page.getByRole('link', { name: 'developers' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'developers' }).waitFor()
    await page.getByRole('link', { name: 'dev@example.com' }).click()
    await page.getByRole('heading', { level: 1, name: 'dev@example.com' }).waitFor()
    const rows = region(page, 'Who has what where').getByRole('row')
    await rows
      .filter({ hasText: 'staging' })
      .filter({ hasText: 'PowerUserAccess' })
      .getByText('through')
      .waitFor()
    await rows.filter({ hasText: 'shared-services' }).getByText('directly').waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'developers' }).waitFor()
  })

  test('a search without a match and an address of nothing say so and lead back', async () => {
    const page = await openPage('/?q=%3Cscript%3Ealert(1)%3C/script%3E')
    await page.getByText('Nothing has “<script>alert(1)</script>” in its name or id.').waitFor()
    await page.getByRole('link', { name: 'Show everything' }).click()
    await page.getByRole('heading', { name: 'Organisation' }).waitFor()
    const answer = await fetch(`${world.url}/?account=999999999999`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('<h1>Not there</h1>')
  })
})
