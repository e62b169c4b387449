/** The members of an access list as its owner changes them: found by name, changed only where said, and by keyboard. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { expectSoundPage } from '../../support/browser.js'
import { list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'

let lists: ListsWorld
const { browser } = useStage(async () => (lists = await openListsWorld()))

const owners = [{ name: 'olga@example.com' }]

async function openAsOwner(path: string): Promise<{ page: Page; refused: string[] }> {
  const { context, page } = await browser.open()
  await lists.enter(context, 'owner')
  const refused: string[] = []
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(answer.url())
  })
  await page.goto(lists.world.origin + path)
  return { page, refused }
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const focusedLabel = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName)

test('people and lists are found by an owner, lists by their titles, and nothing is refused on the way', async () => {
  await lists.apply(list('finds', { title: 'Finds', owners, grants: { roles: ['on-call-role'] } }))
  const { page, refused } = await openAsOwner('/access-lists/finds')
  const person = page.getByRole('combobox', { name: 'Person to add' })
  await person.fill('ott')
  await page.getByRole('option', { name: 'otto@example.com' }).click()
  await page.getByRole('button', { name: 'Add to the list' }).click()
  await page.getByText('Added otto@example.com.').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox')
  await page.getByText('List', { exact: true }).click()
  const other = page.getByRole('combobox', { name: 'List to add' })
  await other.fill('junio')
  await page.getByRole('option', { name: /^juniors/ }).waitFor()
  await expectSoundPage(page)
  await other.fill('Juniors')
  await page.getByRole('button', { name: 'Add to the list' }).click()
  await page.getByText('Added juniors.').waitFor()
  await page.getByRole('tab', { name: 'Grants' }).click()
  await page.getByRole('button', { name: 'Change what members need' }).click()
  await page.getByRole('combobox', { name: 'Add a role' }).fill('aws')
  await page.getByText('Everyone who is in counts.').waitFor()
  expect(refused).toEqual([])
})

test('who is in already stays as they are, and what changes is named before and after', async () => {
  await lists.apply(list('again', { title: 'Again', owners }))
  await lists.addMembers(
    'again',
    'name,expires,reason\nmax@example.com,2031-05-06T10:00:00Z,Stands in\ncara@example.com,,',
  )
  const { page } = await openAsOwner('/access-lists/again')
  await page.getByRole('combobox', { name: 'Person to add' }).fill('max@example.com')
  await page.getByRole('button', { name: 'Add to the list' }).click()
  await page.getByText('max@example.com is in the list already.').waitFor()
  await row(page, 'max@example.com').getByText('Stands in').locator('visible=true').waitFor()
  await page.getByRole('button', { name: 'Add many …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add many members' })
  await dialog.getByRole('textbox', { name: 'Names' }).fill('max@example.com cara@example.com')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await dialog.getByText('0 to add · 2 in it already').waitFor()
  await dialog.getByText('Nothing would change.').waitFor()
  await dialog.getByLabel('Reason (optional)').fill('On the rota')
  await dialog.getByRole('button', { name: 'Check' }).click()
  const changed = dialog.getByRole('list', { name: 'Changed' })
  await changed.getByText('max@example.com: reason “Stands in” → “On the rota”').waitFor()
  await expectSoundPage(page)
  await dialog.getByRole('button', { name: 'Change 2 members' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Changed 2 memberships.').waitFor()
  await row(page, 'max@example.com')
    .getByText(/^ends /)
    .locator('visible=true')
    .waitFor()
})

test('a removal says who stays in by a list within it', async () => {
  await lists.apply(
    list('stays', { title: 'Stays', owners, grants: { roles: ['on-call-role'], traits: { floor: ['3'] } } }),
  )
  await lists.addMembers('stays', 'kind,name\nuser,nina@example.com\nuser,max@example.com\nlist,juniors')
  const { page } = await openAsOwner('/access-lists/stays')
  await page.getByRole('button', { name: 'Remove nina@example.com' }).click()
  const one = page.getByRole('dialog', { name: 'Remove nina@example.com?' })
  await one.getByText('nina@example.com stays in by Juniors and loses nothing.').waitFor()
  expect(await one.getByText(/loses 1/).count()).toBe(0)
  await expectSoundPage(page)
  await one.getByRole('button', { name: 'Keep' }).click()
  await page.getByRole('button', { name: 'Remove max@example.com' }).click()
  // Another list gives the role, too.
  await page.getByText('max@example.com loses 1 trait of Stays, at once.').waitFor()
})

test('the focus comes back from a dialog, and goes to the next row when one is removed', async () => {
  await lists.apply(list('keys', { title: 'Keys', owners }))
  await lists.addMembers('keys', 'name\ncara@example.com\nmax@example.com\notto@example.com')
  const { page } = await openAsOwner('/access-lists/keys')
  const edit = page.getByRole('button', { name: 'Edit membership of max@example.com' })
  for (const [button, dialog] of [
    [edit, 'Membership of max@example.com'],
    [page.getByRole('button', { name: 'Remove max@example.com' }), 'Remove max@example.com?'],
    [page.getByRole('button', { name: 'Add many …' }), 'Add many members'],
  ] as const) {
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: dialog }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' })
    await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true)
  }
  await page.getByRole('button', { name: 'Remove max@example.com' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove max@example.com' }).click()
  await page.getByText('Removed max@example.com.').waitFor()
  await row(page, 'max@example.com').waitFor({ state: 'detached' })
  expect(await focusedLabel(page)).toBe('Remove otto@example.com')
})
