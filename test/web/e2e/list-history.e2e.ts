/** What the pages of a list tell of the past and of why somebody is in: history, finished reviews, all ways in. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage } from '../../support/browser.js'
import { dayFrom, list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'

const owners = [{ name: 'olga@example.com' }]
let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

const openAsOwner = (path: string) => openAs('owner', path)

const spec = (title: string, more: object = {}) => ({
  title,
  owners,
  grants: { roles: ['on-call-role'] },
  audit: { next_audit_date: dayFrom(lists.world.gateway.clock.now(), 3), recurrence: { frequency: 3 } },
  ...more,
})

async function open(page: Page, sentence: RegExp) {
  await page.getByRole('button', { name: new RegExp(`^Details: .*${sentence.source}`) }).click()
  const details = page.getByRole('region', { name: new RegExp(`^Details: .*${sentence.source}`) })
  await details.waitFor()
  return details
}

test('each entry of the history opens: names, requirements before and after, whom a review kept', async () => {
  await lists.apply(list('past', spec('Past')))
  await lists.addMembers('past', 'name,reason\nanna@example.com,trainee\nberta@example.com,trainee')
  const requires = { roles: [], traits: { team: ['platform'] } }
  const put = await lists.admin.send('put', '/v1/access-lists/past/requirements', requires)
  expect(put.status, put.text).toBe(200)
  const page = await openAsOwner('/access-lists/past/review')
  await page.getByRole('button', { name: 'Remove berta@example.com' }).click()
  await page.getByRole('button', { name: 'Note on berta@example.com' }).click()
  await page.getByRole('textbox', { name: 'Note on berta@example.com' }).fill('left the team')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Keep the other one' }).click()
  await page.getByRole('button', { name: 'See what changes' }).click()
  await page.getByRole('button', { name: 'Finish the review: remove 1' }).click()
  await page.getByText('Past is reviewed').waitFor()
  await page.getByRole('link', { name: 'To the list' }).click()

  await page.getByRole('tab', { name: 'History' }).click()
  const added = await open(page, /were added to|2 members/)
  await added.getByText('anna@example.com').first().waitFor()
  await added.getByText('berta@example.com').first().waitFor()
  await added.getByText('trainee').first().waitFor()
  const changed = await open(page, /was changed by admin/)
  await changed.getByText('What members need').waitFor()
  await changed.getByText('team: platform').waitFor()
  await changed.getByText('nothing').waitFor()
  const reviewed = await open(page, /was reviewed by/)
  const decisions = reviewed.getByRole('list', { name: 'Decisions' })
  await decisions.getByText(/Kept anna@example\.com by olga@example\.com/).waitFor()
  await decisions.getByText(/Removed berta@example\.com \(“left the team”\) by olga/).waitFor()
  await expectSoundPage(page)

  await page.getByRole('tab', { name: 'Reviews' }).click()
  await page.getByRole('button', { name: /^Each decision/ }).click()
  await page.getByRole('radiogroup', { name: 'Which decisions' }).getByText('Kept').click()
  const kept = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem')
  await expect.poll(() => kept.allTextContents()).toEqual([expect.stringMatching(/^Kept anna@example\.com/)])
  await expectSoundPage(page)
})

test('somebody who is in by several ways is shown with all of them, and so under review', async () => {
  await lists.apply(list('inner', spec('Inner')), list('ways', spec('Ways')))
  await lists.addMembers('inner', 'name,reason\nanna@example.com,on duty')
  const end = new Date(lists.world.gateway.clock.now() + 30 * 24 * 3600 * 1000).toISOString()
  await lists.addMembers(
    'ways',
    `kind,name,expires,reason\nuser,anna@example.com,${end},helps\nlist,inner,,\nlist,juniors,,`,
  )
  const page = await openAsOwner('/access-lists/ways?view=people')
  const row = page.getByRole('row').filter({ hasText: 'anna@example.com' })
  const ways = row.getByRole('list', { name: 'Ways in' }).getByRole('listitem')
  await ways.nth(1).waitFor()
  expect(await ways.count()).toBe(2)
  expect(await ways.allTextContents()).toEqual([
    expect.stringMatching(/^directly, until .* added by admin: helps$/),
    expect.stringMatching(/^through Inner.* added by admin: on duty$/),
  ])
  const nina = page.getByRole('row').filter({ hasText: 'nina@example.com' })
  await nina.getByText('through').waitFor()
  await expectSoundPage(page)
  await page.goto(`${lists.world.origin}/access-lists/ways/review`)
  const member = page.getByRole('group', { name: /^anna@example\.com:/ })
  await member.getByText(/^also in through Inner.*on duty/).waitFor()
  await expectSoundPage(page)
})

test('a member sees in their settings which list gives them a role', async () => {
  const page = await openAs('member', '/settings')
  const roles = page.getByRole('list', { name: 'Roles' })
  await roles
    .getByRole('listitem')
    .filter({ hasText: 'on-call-role' })
    .getByText('by the access list')
    .waitFor()
  await roles.getByRole('listitem').filter({ hasText: 'aws-sign-in' }).getByText('your own').waitFor()
  await expectSoundPage(page)
  await roles.getByRole('link', { name: 'On call' }).first().click()
  await page.getByRole('heading', { name: 'On call', level: 1 }).waitFor()
})
