import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../../support/inventory.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const account = buildAccount(12)
const permissionSet = buildPermissionSet(3)
const computedRole = `${permissionSet.name}-on-${account.name}-${account.id}`
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'gone', 'nolabels', 'v7off', 'auditor'], 0, {
    inventory: buildInventory({ accounts: 40, permissionSets: 20 }),
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const pathOf = (who: Who): string => `/users/${world.person(who).name}`
const check = (page: Page) => page.getByRole('region', { name: 'Check' })

describe('the roles of a person', () => {
  test('are found by account, told before they are saved, and give access with its way and reason', async () => {
    const page = await openAs('admin', '/users')
    await page.getByRole('link', { name: world.person('dev').name }).click()
    await onPage(page, world.person('dev').name)
    await expectSoundPage(page)
    await page.getByRole('combobox', { name: 'Add a role' }).fill(`${permissionSet.name} ${account.name}`)
    await page.getByRole('option', { name: computedRole }).click()
    await check(page)
      .getByText(/Looks right: updates user/)
      .waitFor()
    await check(page).getByText(computedRole).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved. It is in force now.').waitFor()

    await page.getByRole('tab', { name: 'Access' }).click()
    await page.getByText('1 account assignment in 1 account').waitFor()
    await page
      .getByRole('button', { name: `How ${permissionSet.name} in ${account.name} is reached` })
      .click()
    const way = page.getByRole('region', { name: `How ${world.person('dev').name} reaches ${account.name}` })
    expect(await way.getByRole('listitem').allTextContents()).toEqual([
      `Person${world.person('dev').name}`,
      `Role${computedRole}`,
      `Permission set in account${permissionSet.name}${account.name} ${account.id}`,
    ])
    await expectSoundPage(page)
    await way.getByRole('button', { name: 'Why?' }).click()
    const why = page.getByRole('dialog', { name: 'Why?' })
    await why.getByText('Allowed').waitFor()
    await why.getByRole('link', { name: computedRole }).first().waitFor()
    await expectNoAxeViolations(page)
  })

  test('that are missing are the reason of a refusal, with what would change it', async () => {
    const page = await openAs('admin', `${pathOf('nolabels')}?tab=access`)
    await page.getByRole('button', { name: 'Why: aws-identity-center' }).click()
    const why = page.getByRole('dialog', { name: 'Why?' })
    await why.getByText('Refused').waitFor()
    await why.getByText('Each of these would allow it').waitFor()
    const changes = why.getByRole('region', { name: 'Changes' }).getByRole('listitem')
    expect(await changes.count()).toBeGreaterThan(0)
    await expectNoAxeViolations(page)
    const grant = changes.filter({ hasText: /role "?aws-sign-in"?(?![-\w])/ })
    await grant.getByRole('link', { name: 'Add it to their roles' }).click()
    await page.getByRole('list', { name: 'Roles held' }).getByRole('link', { name: 'aws-sign-in' }).waitFor()
    await check(page)
      .getByText(/updates user/)
      .waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page
      .getByRole('list', { name: 'Roles held' })
      .getByRole('link', { name: 'aws-sign-in' })
      .waitFor({ state: 'detached' })
  })

  test('do not reach an account that a search misses, and the page tells why', async () => {
    const page = await openAs('admin', `${pathOf('nolabels')}?tab=access`)
    await page.getByLabel('Search accounts and permission sets').fill(account.name)
    const whyNot = page.getByRole('region', { name: 'Why not?' })
    await whyNot
      .getByText(`Should ${world.person('nolabels').name} reach an account that is not here?`)
      .waitFor()
    await whyNot.getByRole('button', { name: 'Why not?' }).click()
    expect(await whyNot.getByRole('button', { name: 'Explain' }).isDisabled()).toBe(true)
    await whyNot.getByRole('combobox', { name: 'Account' }).fill(account.id)
    await page.getByRole('option', { name: new RegExp(account.name) }).click()
    await whyNot.getByRole('combobox', { name: 'Permission set' }).fill(permissionSet.name)
    await page.getByRole('option', { name: new RegExp(permissionSet.arn) }).click()
    await expectSoundPage(page)
    await whyNot.getByRole('button', { name: 'Explain' }).click()
    const why = page.getByRole('dialog', { name: 'Why?' })
    await why.getByText('Refused').waitFor()
    await why
      .getByText(new RegExp(`${permissionSet.name} on ${account.name}`))
      .first()
      .waitFor()
    await expectNoAxeViolations(page)
  })

  test('and traits are what the YAML says too', async () => {
    const page = await openAs('admin', pathOf('gone'))
    await page.getByRole('button', { name: 'Add trait' }).click()
    await page.getByLabel('Name of trait 1').fill('team')
    await page.getByRole('combobox', { name: 'Values of trait 1' }).fill('payments, and more')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'YAML' }).click()
    const lines = page.getByRole('textbox', { name: /^YAML of/ }).locator('.cm-line')
    await lines.first().waitFor()
    const text = (await lines.allTextContents()).join('\n')
    expect(text).toMatch(/traits:\n\s+team:\n\s+- payments, and more/)
    await expectSoundPage(page)
  })
})

describe('sessions of a person', () => {
  test('end at once, by a button that says how many', async () => {
    const theirs = await openAs('v7off', '/settings')
    await onPage(theirs, 'My settings')
    const page = await openAs('admin', `${pathOf('v7off')}?tab=sessions`)
    await page.getByRole('list', { name: 'Sessions' }).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'End all sessions …' }).click()
    const dialog = page.getByRole('dialog', { name: `Sign ${world.person('v7off').name} out everywhere?` })
    await dialog.waitFor()
    await expectNoAxeViolations(page)
    await dialog.getByRole('button', { name: /^End \d+ session/ }).click()
    await page.getByText('Not signed in').waitFor()
    await expectSoundPage(page)
    await theirs.reload()
    await onPage(theirs, 'Sign in')
  })
})

describe('a lock', () => {
  test('tells what it ends, shuts the person out, and is lifted', async () => {
    const { name } = world.person('gone')
    const theirs = await openAs('gone', '/settings')
    await onPage(theirs, 'My settings')
    const page = await openAs('admin', pathOf('gone'))
    await page.getByRole('button', { name: 'Lock …' }).click()
    const dialog = page.getByRole('dialog', { name: `Lock ${name}?` })
    expect(await dialog.getByRole('radio', { name: 'Until somebody lifts it' }).isChecked()).toBe(true)
    await dialog.getByLabel(/^Message/).fill('Call the security team.')
    await dialog.getByText('12 hours', { exact: true }).click()
    await dialog.getByText(/Ends .*session/).waitFor()
    await dialog.getByText(/^Sessions that are open at AWS go on.* up to 90 days/).waitFor()
    await expectNoAxeViolations(page)
    await dialog.getByRole('button', { name: `Lock ${name}` }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Locked', { exact: true }).waitFor()
    await page.getByText(/^“Call the security team\.” · ends in 1[12] hours/).waitFor()
    expect(await page.getByRole('button', { name: 'Lock …', exact: true }).count()).toBe(0)
    await theirs.reload()
    await onPage(theirs, 'Sign in')

    await page.getByRole('tab', { name: 'Locks' }).click()
    await page.getByText('“Call the security team.”', { exact: true }).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Lift the lock …' }).click()
    const lift = page.getByRole('dialog', { name: `Lift the lock on ${name}?` })
    await lift.getByText('They can sign in again at once. Ended sessions stay ended.').waitFor()
    await lift.getByRole('button', { name: 'Lift the lock' }).click()
    await page.getByText('Not locked').waitFor()
    await page.getByRole('button', { name: 'Lock …', exact: true }).waitFor()
    await expectSoundPage(page)
  })
})

test('a person is deleted after the effect was told, and only then', async () => {
  const { name } = world.person('nolabels')
  const page = await openAs('admin', pathOf('nolabels'))
  await page.getByRole('button', { name: 'Delete user …' }).click()
  const dialog = page.getByRole('dialog', { name: `Delete user ${name}?` })
  await dialog.getByText('This cannot be undone.').waitFor()
  await expectNoAxeViolations(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Delete user …' }).click()
  await dialog.getByRole('button', { name: `Delete ${name}` }).click()
  await onPage(page, 'Users')
  await expect.poll(() => page.getByRole('link', { name }).count()).toBe(0)
})

describe('who may not', () => {
  test('an auditor sees neither the people nor their pages', async () => {
    const page = await openAs('auditor', pathOf('dev'))
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('button', { name: /Lock|Reset|Delete|Save/ }).count()).toBe(0)
    await expectSoundPage(page)
    const menu = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
    const titles = await menu.allTextContents()
    expect(titles).toContain('Audit log')
    expect(titles.filter((title) => ['Users', 'Roles', 'Configuration'].includes(title))).toEqual([])
  })

  test('an ordinary person neither', async () => {
    const page = await openAs('v7off', pathOf('dev'))
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('button', { name: /Lock|Reset|Delete|Save/ }).count()).toBe(0)
  })
})
