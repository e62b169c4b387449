/** Access lists as owner, member, candidate, outsider and administrator see them, each with what they may and may not do. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { day } from '../../../src/core/time.js'
import { expectSoundPage, phone } from '../../support/browser.js'
import { accessRole, dayFrom, list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

const cards = (page: Page) => page.getByRole('list', { name: 'Access lists' }).getByRole('listitem')
const rows = (page: Page) => page.getByRole('table', { name: 'Members' }).getByRole('rowheader')
const filter = (page: Page, name: RegExp) =>
  page.getByRole('group', { name: 'Which lists' }).getByRole('button', { name })

describe('the lists', () => {
  test('stand as cards, filtered, searched and sorted by the URL', async () => {
    const page = await openAs('owner', '/access-lists')
    await onPage(page, 'Access lists')
    const onCall = cards(page).filter({ hasText: 'On call' })
    await onCall.getByText('11 people, 1 list').waitFor()
    await onCall.getByText('You own it.').waitFor()
    await onCall.getByText(/^review due on/).waitFor()
    await expectSoundPage(page)
    await filter(page, /^To review 2$/).click()
    await expect.poll(() => cards(page).count()).toBe(2)
    expect(new URL(page.url()).searchParams.get('filter')).toBe('due')
    await page.getByLabel('Search access lists').fill('pager')
    await expect.poll(() => cards(page).count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('q')).toBe('pager')
    await page.getByLabel('Search access lists').fill('no list is called so')
    await page.getByText('No access list matches').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Show all lists' }).click()
    await expect.poll(() => cards(page).count()).toBe(3)
    await page.getByLabel('Sorted by').selectOption('due')
    await expect.poll(() => cards(page).first().textContent()).toContain('Kept as code')
  })

  test('stand as a table where that is asked for and there is room', async () => {
    const page = await openAs('admin', '/access-lists')
    await page.getByText('Table', { exact: true }).click()
    const table = page.getByRole('table', { name: 'Access lists' })
    await table.getByRole('rowheader').getByRole('link', { name: 'On call' }).waitFor()
    expect(new URL(page.url()).searchParams.get('view')).toBe('table')
    await expectSoundPage(page)
    await page.setViewportSize(phone)
    await table.waitFor({ state: 'detached' })
    await cards(page).first().waitFor()
  })

  test('that concern somebody are all that they see', async () => {
    const outsider = await openAs('outsider', '/access-lists')
    await outsider.getByText('No access list concerns you yet').waitFor()
    expect(await outsider.getByRole('link', { name: 'New access list' }).count()).toBe(0)
    await expectSoundPage(outsider)
    await filter(outsider, /^To review 0$/).click()
    await outsider.getByText('Nothing to review').waitFor()
    await outsider.goto(`${lists.world.origin}/access-lists/on-call`)
    await outsider.getByText('There is no access list on-call for you').waitFor()
    await expectSoundPage(outsider)

    const candidate = await openAs('candidate', '/access-lists?filter=joinable')
    await candidate.getByRole('link', { name: 'On call' }).click()
    await onPage(candidate, 'On call')
    await candidate.getByText('You meet what it asks. Its owners see who is in it.').waitFor()
    expect(await candidate.getByRole('tab').allTextContents()).toEqual(['Owners2', 'Grants'])
  })

  test('of hundreds, only those in view are on the page', async () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      list(`many-${at}`, { title: `Many ${String(at).padStart(3, '0')}`, owners: [{ name: 'admin' }] }),
    )
    await lists.apply(...many)
    const page = await openAs('admin', '/access-lists?q=many')
    await cards(page).first().waitFor()
    for (let step = 0; step < 40 && (await page.getByText('Many 399').count()) === 0; step += 1)
      await page.mouse.wheel(0, 6000)
    await page.getByRole('link', { name: 'Many 399' }).waitFor()
    expect(await cards(page).count()).toBeLessThan(100)
  })
})

describe('a member', () => {
  test('sees what the list is and gives, and nobody else in it', async () => {
    const page = await openAs('member', '/access-lists/on-call')
    await onPage(page, 'On call')
    await page.getByText('You are in it. Its owners see who is in it.').waitFor()
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Owners2', 'Grants'])
    await page.getByRole('list', { name: 'Owners' }).getByText('olga@example.com').waitFor()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'Grants' }).click()
    await page.getByRole('list', { name: 'Grants' }).getByText('on-call-role').waitFor()
    expect(await page.getByRole('button', { name: 'Change what members need' }).count()).toBe(0)
    await page.getByText(/What members need is set by the owners/).waitFor()
    await expectSoundPage(page)
    await page.goto(`${lists.world.origin}/access-lists/on-call/review`)
    await page.getByText('You cannot review this list').waitFor()
    await expectSoundPage(page)
  })
})

describe('an owner', () => {
  test('adds one by one: a name that nobody has is told with the nearest one', async () => {
    await lists.apply(list('one', { title: 'One by one', owners: [{ name: 'olga@example.com' }] }))
    const page = await openAs('owner', '/access-lists/one')
    await page.getByText('Nobody is in this list yet').waitFor()
    await expectSoundPage(page)
    await page.getByRole('combobox', { name: 'Person to add' }).fill('maks@example.com')
    await page.getByLabel('Reason (optional)').fill('On the rota')
    await page.getByRole('button', { name: 'Add to the list' }).click()
    await page.getByText('No user is called maks@example.com').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Add max@example.com' }).click()
    await rows(page).getByText('max@example.com').waitFor()
    await page.getByText('Added max@example.com.').waitFor()
    await page.getByText('List', { exact: true }).click()
    await page.getByRole('combobox', { name: 'List to add' }).fill('one')
    await page.getByRole('button', { name: 'Add to the list' }).click()
    await page.getByText(/one -> one/).waitFor()
    await page.getByRole('combobox', { name: 'List to add' }).fill('juniors')
    await page.getByRole('button', { name: 'Add to the list' }).click()
    await rows(page).getByRole('link', { name: 'juniors' }).waitFor()
    await page.getByRole('tab', { name: /^People/ }).click()
    const nina = page.getByRole('row').filter({ hasText: 'nina@example.com' })
    await nina.getByText('through Juniors').waitFor()
    await expectSoundPage(page)
  })

  test('adds many with a preview, and mends a name in it', async () => {
    await lists.apply(list('many-in', { title: 'Many in', owners: [{ name: 'olga@example.com' }] }))
    const page = await openAs('owner', '/access-lists/many-in')
    await page.getByRole('button', { name: 'Add many …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add many members' })
    await dialog
      .getByRole('textbox', { name: 'Names' })
      .fill('Max <max@example.com>, otto@exmple.com\nnobody-at-all')
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText('1 to add · 2 unknown').waitFor()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'otto@example.com' }).click()
    await dialog.getByText('2 to add · 1 unknown').waitFor()
    await dialog.getByRole('button', { name: 'Add 2 members' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => rows(page).count()).toBe(2)
    expect(await rows(page).getByText('nobody-at-all').count()).toBe(0)
  })

  test('adds by a table, told of each line that is wrong, and copies from a list', async () => {
    await lists.apply(list('table', { title: 'By table', owners: [{ name: 'olga@example.com' }] }))
    const page = await openAs('owner', '/access-lists/table')
    await page.getByRole('button', { name: 'Add many …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add many members' })
    await dialog.getByText('A table (CSV)').click()
    await dialog
      .getByRole('textbox', { name: 'Table' })
      .fill('name,expires,reason\ncara@example.com,2031-01-01T00:00:00Z,helps\nolga@example.com,then,')
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText('1 to add · 1 refused').waitFor()
    await dialog.getByRole('list', { name: 'Refused' }).getByText('line 3').waitFor()
    await dialog.getByText('From a list').click()
    await dialog.getByRole('combobox', { name: 'List to copy from' }).fill('on-call')
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText(/^\d+ to add/).waitFor()
    await expectSoundPage(page)
  })

  test('changes the end of a membership, and removes several with the effect told first', async () => {
    await lists.apply(
      list('leaves', {
        title: 'Leaves',
        owners: [{ name: 'olga@example.com' }],
        grants: { roles: ['on-call-role'] },
      }),
    )
    await lists.addMembers('leaves', 'name\nmax@example.com\notto@example.com\ncara@example.com')
    const page = await openAs('owner', '/access-lists/leaves')
    await page.getByRole('button', { name: 'Edit membership of max@example.com' }).click()
    const edit = page.getByRole('dialog', { name: 'Membership of max@example.com' })
    const end = new Date(lists.world.gateway.clock.now() + 3 * day).toISOString().slice(0, 16)
    await edit.getByLabel(/^Ends/).fill(end)
    await edit.getByText('At its end what the list gives goes by itself, here and in AWS.').waitFor()
    await expectSoundPage(page)
    await edit.getByRole('button', { name: 'Save the membership' }).click()
    await page.getByRole('cell', { name: /ends in [23] days/ }).waitFor()

    await page.getByRole('checkbox', { name: 'Choose otto@example.com' }).check()
    await page.getByRole('checkbox', { name: 'Choose cara@example.com' }).check()
    await page.getByRole('button', { name: 'Remove 2 …' }).click()
    const remove = page.getByRole('dialog', { name: 'Remove 2 members?' })
    await remove.getByText('2 people lose 1 role of Leaves, at once.').waitFor()
    await expectSoundPage(page)
    await remove.getByRole('button', { name: 'Remove 2 members' }).click()
    await remove.waitFor({ state: 'detached' })
    await expect.poll(() => rows(page).count()).toBe(1)
  })

  test('says what members need, told who would lose it, and may not change the document', async () => {
    await lists.apply(list('asking', { title: 'Asking', owners: [{ name: 'olga@example.com' }] }))
    await lists.addMembers('asking', 'name\nmax@example.com\ncara@example.com')
    const page = await openAs('owner', '/access-lists/asking?view=grants')
    expect(await page.getByRole('tab', { name: 'Edit' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Change what members need' }).click()
    await page.getByRole('combobox', { name: 'Add a role' }).fill('aws-sign-in')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText(/^cara@example.com does not count then: 1 person/).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Save: 1 person without it' }).click()
    await page.getByRole('list', { name: 'Requirements' }).getByText('aws-sign-in').waitFor()
    await page.getByRole('tab', { name: /^People/ }).click()
    const cara = page.getByRole('row').filter({ hasText: 'cara@example.com' })
    await cara.getByText(/lacks the role aws-sign-in/).waitFor()
    await expectSoundPage(page)
  })

  test('is told where a list that is managed as code is changed, and finds no button for it', async () => {
    const page = await openAs('owner', '/access-lists/as-code')
    await page.getByText(/change them in the folder access of the platform repository/).waitFor()
    await rows(page).getByText('max@example.com').waitFor()
    expect(await page.getByRole('button', { name: /^(Add|Remove|Edit)/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('can remove from a frozen list and add to it nobody', async () => {
    const overdue = {
      next_audit_date: dayFrom(lists.world.gateway.clock.now(), -10),
      when_overdue: { then: 'freeze', after: '24h' },
    }
    const owners = [{ name: 'olga@example.com' }]
    await lists.apply(list('cold', { title: 'Cold', owners, audit: overdue }))
    // The first one comes in: a list without members is never due.
    await lists.addMembers('cold', 'name\nmax@example.com')
    const page = await openAs('owner', '/access-lists/cold')
    await page.getByText('Nobody can be added until it is finished.').waitFor()
    await page.getByRole('button', { name: 'Remove max@example.com' }).waitFor()
    expect(await page.getByRole('button', { name: /^Add/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('reads reviews, owners, access in AWS and the history of a list', async () => {
    const page = await openAs('owner', '/access-lists/on-call?view=reviews')
    await page.getByText('every 3 months, on the 15th of a month').waitFor()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'Access in AWS' }).click()
    await page.getByText('It is no group in AWS').waitFor()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByText('Access list "on-call" was created by admin.').waitFor()
    await expectSoundPage(page)
  })
})

describe('an administrator', () => {
  test('makes a list by its form: owners of both sorts, grants, needs and reviews', async () => {
    const page = await openAs('admin', '/access-lists')
    await page.getByRole('link', { name: 'New access list' }).click()
    await onPage(page, 'New access list')
    await page.getByLabel('Name', { exact: true }).fill('made')
    await page.getByLabel('Title').fill('Made by form')
    const owners = page.getByRole('region', { name: 'Owners of the list' })
    await owners.getByRole('listitem').getByText('admin').waitFor()
    await owners.getByText('List', { exact: true }).click()
    await owners.getByRole('combobox', { name: 'Add a list, whose members own this one' }).fill('leads')
    await owners.getByRole('button', { name: 'Add', exact: true }).click()
    const gets = page.getByRole('region', { name: 'What members get' })
    await gets.getByRole('combobox', { name: 'Add a role' }).fill(accessRole)
    await gets.getByRole('option', { name: new RegExp(accessRole) }).click()
    await page.getByRole('button', { name: 'Say what members need' }).click()
    const needs = page.getByRole('region', { name: 'What members need' })
    await needs.getByRole('combobox', { name: 'Add a role' }).fill('aws-sign-in')
    await needs.getByRole('option', { name: /^aws-sign-in(?!-)/ }).click()
    await page.getByLabel('Reviewed').selectOption('3')
    await page
      .getByRole('radiogroup', { name: 'If nobody reviews it' })
      .getByRole('radio', { name: 'Nobody can be added' })
      .check()
    await page.getByLabel('That begins').selectOption('7d')
    await expectSoundPage(page)
    await page.getByRole('button', { name: /^Create/ }).click()
    await onPage(page, 'Made by form')
    await page.getByRole('tab', { name: 'Reviews' }).click()
    await page.getByText('nobody can be added, 7 days after the due date').waitFor()
    await page.getByRole('tab', { name: 'Owners' }).click()
    await page.getByRole('list', { name: 'Owners' }).getByRole('link', { name: 'Platform leads' }).waitFor()
    await page.getByRole('tab', { name: 'Edit' }).click()
    await page.getByRole('tab', { name: 'YAML' }).click()
    await page.getByRole('textbox', { name: /^YAML of/ }).waitFor()
    await expectSoundPage(page)
  })
})
