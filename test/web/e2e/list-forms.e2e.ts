/** What the forms of lists say of what cannot be: at the field, in words, and nothing that was typed is lost. */
import { expect, test } from 'vitest'
import { expectSoundPage } from '../../support/browser.js'
import { list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

const owners = [{ name: 'olga@example.com' }]
let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

test('an end in the past is told at its field, and the rest stays typed', async () => {
  await lists.apply(list('ends', { title: 'Ends', owners }))
  const page = await openAs('owner', '/access-lists/ends')
  await page.getByRole('combobox', { name: 'Person to add' }).fill('max@example.com')
  await page.getByLabel('Reason (optional)').fill('Stands in')
  const ends = page.getByRole('textbox', { name: /^Ends/ }).or(page.getByLabel(/^Ends \(optional/))
  await ends.first().fill('2020-01-01T10:00')
  await page.getByText('It lies in the past: choose a later time, or none.').waitFor()
  expect(await page.getByRole('button', { name: 'Add to the list' }).isDisabled()).toBe(true)
  await expectSoundPage(page)
  await ends.first().fill('')
  expect(await page.getByLabel('Reason (optional)').inputValue()).toBe('Stands in')
  await page.getByRole('button', { name: 'Add to the list' }).click()
  await page.getByText('Added max@example.com.').waitFor()
})

test('a circle is told at the field with its path', async () => {
  await lists.apply(list('below', { title: 'Below', owners }), list('above', { title: 'Above', owners }))
  await lists.addMembers('above', 'kind,name\nlist,below')
  const page = await openAs('owner', '/access-lists/below')
  await page.getByText('List', { exact: true }).click()
  const other = page.getByRole('combobox', { name: 'List to add' })
  await other.fill('above')
  await page.getByRole('button', { name: 'Add to the list' }).click()
  const told = page.getByText(/below -> above -> below|above -> below -> above/)
  await told.waitFor()
  expect(await other.getAttribute('aria-invalid')).toBe('true')
  expect(await other.inputValue()).toBe('above')
  await expectSoundPage(page)
})

test('an owner whom nobody knows is told with the nearest names; one who is an owner already too', async () => {
  const page = await openAs('admin', '/access-lists/new')
  await onPage(page, 'New access list')
  const picker = page.getByRole('region', { name: 'Owners of the list' })
  const field = picker.getByRole('combobox', { name: 'Add an owner' })
  await field.fill('olga@exmple.com')
  await picker.getByRole('button', { name: 'Add', exact: true }).click()
  await picker.getByText('No user is called olga@exmple.com.').waitFor()
  await expectSoundPage(page)
  await picker.getByRole('button', { name: 'Add olga@example.com' }).click()
  await picker.getByRole('list', { name: 'Owners' }).getByText('olga@example.com').waitFor()
  await field.fill('olga@example.com')
  await picker.getByText('olga@example.com is an owner already.').waitFor()
  await field.fill('somebody.else@example.com')
  await picker.getByRole('button', { name: 'Add', exact: true }).click()
  await picker.getByRole('button', { name: 'Add somebody.else@example.com all the same' }).click()
  await picker.getByRole('list', { name: 'Owners' }).getByText('somebody.else@example.com').waitFor()
})

test('what somebody enters for members stays where the list was changed meanwhile, beside what it asks now', async () => {
  await lists.apply(list('stale', { title: 'Stale', owners }))
  const page = await openAs('admin', '/access-lists/stale?view=grants')
  await page.getByRole('button', { name: 'Change what members need' }).click()
  await page.getByRole('combobox', { name: 'Add a role' }).fill('aws-sign-in')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Everyone who is in counts.').waitFor()
  const other = await lists.admin.send('put', '/v1/access-lists/stale/requirements', {
    roles: [],
    traits: { team: ['night'] },
  })
  expect(other.status, other.text).toBe(200)
  await page.getByRole('button', { name: 'Save what members need' }).click()
  const told = page.getByRole('alert').filter({ hasText: 'The list was changed in the meantime' })
  await told.getByText(/night/).waitFor()
  await expectSoundPage(page)
  await page.getByText('Everyone who is in counts.').waitFor()
  await page.getByRole('button', { name: 'Save what members need' }).click()
  await page.getByRole('button', { name: 'Change what members need' }).waitFor()
  const { body } = await lists.admin.get('/v1/access-lists/stale')
  expect(body).toMatchObject({ membershipRequires: { roles: ['aws-sign-in'], traits: {} } })
})

test('what happens to overdue reviews is a form beside the YAML of the configuration', async () => {
  const page = await openAs('admin', '/resources/cluster_auth_preference/cluster-auth-preference')
  await page.getByRole('tab', { name: 'Form' }).click()
  const steps = page.getByRole('radiogroup', { name: 'When a review is overdue' })
  expect(await steps.getByRole('radio', { name: 'Off (default)' }).isChecked()).toBe(true)
  await steps.getByRole('radio', { name: 'Nobody can be added' }).check()
  await page.getByLabel('That begins').selectOption('14d')
  await expectSoundPage(page)
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect
    .poll(async () => (await lists.admin.get('/v1/access-lists/on-call')).body as unknown)
    .toMatchObject({ schedule: { whenOverdue: 'freeze', afterDays: 14, isOwnPolicy: false } })
  await steps.getByRole('radio', { name: 'Off (default)' }).check()
  expect(await page.getByLabel('That begins').count()).toBe(0)
})
