/** Lists that are kept as code or pushed by a directory, and lists that others still need, as an administrator meets them. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage } from '../../support/browser.js'
import { dayFrom, list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

const owners = [{ name: 'olga@example.com' }]
const rows = (page: Page) => page.getByRole('table', { name: 'Members' }).getByRole('rowheader')
const check = (page: Page) => page.getByRole('region', { name: 'Check' })
const save = (page: Page) => page.getByRole('button', { name: 'Save changes' })

const member = (of: string, name: string) => ({
  kind: 'access_list_member',
  version: 'v1',
  metadata: { name: `${of}/${name}` },
  spec: { access_list: of, name },
})

test('a list as code: its members only there, owners and grants here too, and its review gives a patch', async () => {
  const audit = {
    next_audit_date: dayFrom(lists.world.gateway.clock.now(), -1),
    recurrence: { frequency: 3 },
  }
  const labels = { 'managed-by': 'folder lists of the repository platform' }
  await lists.apply(
    list('coded', { title: 'In the repository', type: 'static', owners, audit }, { labels }),
    member('coded', 'max@example.com'),
    member('coded', 'otto@example.com'),
  )
  const page = await openAs('admin', '/access-lists/coded')
  await page.getByText('managed as code', { exact: true }).waitFor()
  await page.getByText(/change them in folder lists of the repository platform\.$/).waitFor()
  await expect.poll(() => rows(page).allTextContents()).toEqual(['max@example.com', 'otto@example.com'])
  expect(await page.getByRole('button', { name: /^(Add|Remove|Edit)/ }).count()).toBe(0)
  await expectSoundPage(page)

  await page.getByRole('tab', { name: 'Edit' }).click()
  const picker = page.getByRole('region', { name: 'Owners of the list' })
  await picker.getByRole('combobox', { name: 'Add an owner' }).fill('cara@example.com')
  await picker.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText(/Change them where the list is managed, too/).waitFor()
  await check(page)
    .getByText(/updates access list coded\.$/)
    .waitFor()
  await expectSoundPage(page)
  await save(page).click()
  await page.getByRole('tab', { name: /^Owners/ }).click()
  await page.getByRole('list', { name: 'Owners' }).getByText('cara@example.com').waitFor()

  await page.getByRole('link', { name: 'Review it' }).click()
  await page.getByRole('button', { name: 'Remove otto@example.com' }).click()
  await page.getByRole('button', { name: 'Keep the other one' }).click()
  await page.getByRole('button', { name: 'See what changes' }).click()
  const patch = page.getByRole('region', { name: 'patch' })
  await patch
    .getByText(/coded\/otto@example\.com/)
    .first()
    .waitFor()
  const text = (await patch.textContent()) ?? ''
  expect(text).toContain('deleted file mode 100644')
  expect(text).not.toContain('max@example.com')
  await expectSoundPage(page)
  await page.getByRole('button', { name: 'Record the review' }).click()
  await page.getByText('In the repository is reviewed').waitFor()
  await page.getByRole('link', { name: 'To the list' }).click()
  await expect.poll(() => rows(page).allTextContents()).toEqual(['max@example.com', 'otto@example.com'])
})

test('a list of a directory: title and members there, owners and grants here', async () => {
  await lists.apply(list('pushed', { title: 'From the directory', type: 'scim', owners }))
  const page = await openAs('admin', '/access-lists/pushed')
  await page.getByText('Access list "pushed" is pushed by a directory: change its members there.').waitFor()
  await page.getByText('Nobody is in this list yet').waitFor()
  expect(await page.getByRole('button', { name: /^(Add|Remove|Edit)/ }).count()).toBe(0)
  await expectSoundPage(page)

  await page.getByRole('tab', { name: 'Edit' }).click()
  await page.getByText(/^Owners, grants and reviews are changed here;/).waitFor()
  await page.getByLabel('Title').fill('Mine now')
  await check(page)
    .getByText(/is pushed by a directory: change its title there/)
    .first()
    .waitFor()
  expect(await save(page).isDisabled()).toBe(true)
  await expectSoundPage(page)
  await page.getByRole('button', { name: 'Discard changes' }).click()
  const gets = page.getByRole('region', { name: 'What members get' })
  await gets.getByRole('combobox', { name: 'Add a role' }).fill('on-call-role')
  await gets.getByRole('option', { name: /^on-call-role/ }).click()
  await save(page).click()
  await page.getByRole('tab', { name: 'Grants' }).click()
  await page.getByRole('list', { name: 'Grants' }).getByText('on-call-role').waitFor()
})

test('a list that others have as member and as owner stays, and the page leads to those', async () => {
  await lists.apply(
    list('needed', { title: 'Needed', owners }),
    list('around', { title: 'All around', owners }),
    list('owned', { title: 'Owned by it', owners: [{ name: 'needed', membership_kind: 'list' }] }),
  )
  await lists.addMembers('around', 'kind,name\nlist,needed')
  const page = await openAs('admin', '/access-lists/needed?view=edit')
  await page.getByRole('button', { name: 'Delete access list …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete access list needed?' })
  await dialog.getByText('Access list needed stays').waitFor()
  await dialog.getByText(/first remove it from around, and take it out of the owners of owned/).waitFor()
  expect(await dialog.getByRole('button', { name: 'Delete needed' }).count()).toBe(0)
  const inTheWay = dialog.getByRole('list', { name: 'Access lists to change first' })
  expect(await inTheWay.getByRole('link').allTextContents()).toEqual(['around', 'owned'])
  await expectSoundPage(page)
  await inTheWay.getByRole('link', { name: 'around' }).click()
  await onPage(page, 'All around')
  await page.getByRole('button', { name: 'Remove needed' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove needed' }).click()
  await page.getByText('Removed needed.').waitFor()
  const answer = await lists.admin.delete('/v1/resources/access_list/needed?dryRun=true')
  expect(answer.body).toMatchObject({ code: 'STILL_IN_USE', lists: ['owned'] })
})
