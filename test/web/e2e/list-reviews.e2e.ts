/** Reviews of access lists in the browser: by keyboard, by many at once, of lists that are managed elsewhere. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage } from '../../support/browser.js'
import { dayFrom, focused, list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

/** A list that is to be reviewed now, with these members. */
async function makeDue(name: string, members: readonly string[]): Promise<void> {
  const now = lists.world.gateway.clock.now()
  await lists.apply(
    list(name, {
      title: `The list ${name}`,
      owners: [{ name: 'olga@example.com' }],
      grants: { roles: ['on-call-role'] },
      audit: { next_audit_date: dayFrom(now, 3), recurrence: { frequency: 3 } },
    }),
  )
  await lists.addMembers(name, ['name', ...members].join('\n'))
}

const progress = (page: Page) => page.getByRole('region', { name: 'Progress' })
const row = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}:`) })
async function members(name: string): Promise<string[]> {
  const { body } = await lists.admin.get(`/v1/access-lists/${name}/members`)
  return (body as { items: { name: string }[] }).items.map((item) => item.name)
}

async function tabTo(page: Page, reached: () => Promise<boolean>): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    if (await reached()) return
    await page.keyboard.press('Tab')
  }
  throw new Error('40 times Tab did not reach it')
}

describe('a review', () => {
  test('is done by keyboard alone, from the lists that wait to the next one', async () => {
    await makeDue('keys', ['anna@example.com', 'berta@example.com', 'clara@example.com'])
    const page = await openAs('owner', '/access-lists?filter=due')
    const begin = page.getByRole('link', { name: /^Review all 3/ })
    await begin.waitFor()
    await expectSoundPage(page)
    await page.goto(`${lists.world.origin}/access-lists/keys/review`)
    await row(page, 'anna@example.com').waitFor()
    await expectSoundPage(page)
    const isOn = (name: string) => row(page, name).evaluate((one) => one.matches(':focus'))
    await tabTo(page, () => isOn('anna@example.com'))
    await page.keyboard.press('k')
    await expect.poll(() => isOn('berta@example.com')).toBe(true)
    await page.keyboard.press('r')
    await expect.poll(() => isOn('clara@example.com')).toBe(true)
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => focused(page).getAttribute('aria-label')).toBe('berta@example.com: remove')
    await page.keyboard.press('ArrowDown')
    await progress(page)
      .getByText(/2 of 3 decided: 1 keep, 1 remove · Saved/)
      .waitFor()
    expect(await progress(page).getByRole('button', { name: '1 left to decide' }).isDisabled()).toBe(true)

    // Leave, and come back: nothing is lost.
    await page.goto(`${lists.world.origin}/access-lists`)
    await page.getByText('2 of 3 decided').waitFor()
    await page.goto(`${lists.world.origin}/access-lists/keys/review`)
    await row(page, 'clara@example.com').waitFor()
    await tabTo(page, () => isOn('anna@example.com'))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => isOn('clara@example.com')).toBe(true)
    await page.keyboard.press('k')
    await tabTo(page, () =>
      progress(page)
        .getByRole('button', { name: 'See what changes' })
        .evaluate((one) => one.matches(':focus')),
    )
    await page.keyboard.press('Enter')
    await page.getByText('1 member to be removed: berta@example.com.').waitFor()
    // There is no user of this name yet, so the list gives nothing to anybody by it.
    await page.getByText('berta@example.com has nothing by The list keys now.').waitFor()
    await expectSoundPage(page)
    expect(await members('keys')).toContain('berta@example.com')
    const finish = page.getByRole('button', { name: 'Finish the review: remove 1' })
    await tabTo(page, () => finish.evaluate((one) => one.matches(':focus')))
    await page.keyboard.press('Enter')
    await page.getByText('The list keys is reviewed').waitFor()
    expect(await members('keys')).toEqual(['anna@example.com', 'clara@example.com'])
    await expectSoundPage(page)
    await page.getByRole('link', { name: /^Next of 2: / }).click()
    await onPage(page, /^Review (Kept as code|On call)$/)
  })

  test('goes back to who joined while it was being finished, and is finished then', async () => {
    await makeDue('joins', ['anna@example.com', 'berta@example.com'])
    const page = await openAs('owner', '/access-lists/joins/review')
    await page.getByRole('button', { name: 'Keep all 2', exact: true }).click()
    await page.getByRole('button', { name: 'See what changes' }).click()
    await page.getByRole('button', { name: 'Finish the review: keep all 2' }).waitFor()
    await lists.addMembers('joins', 'name\nolaf@example.com')
    await page.getByRole('button', { name: 'Finish the review: keep all 2' }).click()
    await page.getByText('olaf@example.com joined in the meantime: decide, then finish the review.').waitFor()
    await row(page, 'olaf@example.com').waitFor()
    expect(await row(page, 'anna@example.com').count()).toBe(0)
    await progress(page).getByRole('button', { name: '1 left to decide' }).waitFor()
    await expectSoundPage(page)
    await row(page, 'olaf@example.com')
      .getByRole('button', { name: /^Remove/ })
      .click()
    await page.getByRole('button', { name: 'See what changes' }).click()
    await page.getByRole('button', { name: 'Finish the review: remove 1' }).click()
    await page.getByText('The list joins is reviewed').waitFor()
    expect(await members('joins')).toEqual(['anna@example.com', 'berta@example.com'])
  })

  test('reads the members again whenever they are shown', async () => {
    await makeDue('rereads', ['anna@example.com'])
    const page = await openAs('owner', '/access-lists/rereads/review')
    await page.getByRole('button', { name: 'Keep all 1', exact: true }).click()
    await page.getByRole('button', { name: 'See what changes' }).click()
    await page.getByRole('button', { name: 'Finish the review: keep the one' }).waitFor()
    await lists.addMembers('rereads', 'name\nolaf@example.com')
    await page.getByRole('button', { name: 'Back to the members' }).click()
    await row(page, 'olaf@example.com').waitFor()
    await progress(page).getByText('1 of 2 decided').waitFor()
  })

  test('is counted in the menu, and a decision that somebody sees no more is not taken back by making it again', async () => {
    await makeDue('two', ['anna@example.com'])
    const page = await openAs('owner', '/')
    await page.getByRole('link', { name: /^Access lists .*to review$/ }).waitFor()
    await page.goto(`${lists.world.origin}/access-lists/two/review`)
    const keep = row(page, 'anna@example.com').getByRole('button', { name: 'Keep anna@example.com' })
    await keep.click()
    await progress(page)
      .getByText(/1 keep, 0 remove · Saved/)
      .waitFor()
    await keep.click()
    await progress(page)
      .getByText(/1 keep, 0 remove · Saved/)
      .waitFor()
    await page.getByRole('button', { name: 'Take back the decision on anna@example.com' }).click()
    await progress(page).getByText('0 of 1 decided').waitFor()
    await lists.admin.post('/v1/access-lists/two/review/decisions', {
      decisions: [{ kind: 'user', name: 'anna@example.com', decision: 'remove' }],
    })
    await page.reload()
    await page.getByText('admin decided').waitFor()
    await expectSoundPage(page)
  })

  test('takes many at once: those who are chosen, and all but them', async () => {
    const names = Array.from({ length: 7 }, (_, at) => `person${at + 1}@example.com`)
    await makeDue('bulk', names)
    const page = await openAs('owner', '/access-lists/bulk/review')
    await page.getByRole('checkbox', { name: 'Choose person2@example.com' }).check()
    await page.getByRole('checkbox', { name: 'Choose person5@example.com' }).check()
    await progress(page).getByText('2 chosen').waitFor()
    await expectSoundPage(page)
    await progress(page).getByRole('button', { name: 'Keep all but 2' }).click()
    await progress(page).getByText('7 of 7 decided: 5 keep, 2 remove').waitFor()
    await page.getByRole('radiogroup', { name: 'Which members' }).getByText('Remove').click()
    await expect
      .poll(() =>
        page
          .getByRole('listitem')
          .filter({ has: page.getByRole('group') })
          .count(),
      )
      .toBe(2)
    await page.getByRole('button', { name: 'Note on person2@example.com' }).click()
    await page.getByRole('textbox', { name: 'Note on person2@example.com' }).fill('left the team')
    await page.keyboard.press('Enter')
    await row(page, 'person2@example.com').getByText('“left the team”').waitFor()
    await page.getByLabel('Search members').fill('person5')
    await row(page, 'person2@example.com').waitFor({ state: 'detached' })
    await expectSoundPage(page)
    await progress(page).getByRole('button', { name: 'Start over …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Start the review over?' })
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Forget 7 decisions' }).click()
    await progress(page).getByText('0 of 7 decided').waitFor()
    expect(await members('bulk')).toHaveLength(7)
  })

  test('that keeps everybody changes nobody, and stands with its notes afterwards', async () => {
    await makeDue('kept', ['max@example.com', 'otto@example.com'])
    const page = await openAs('admin', '/access-lists/kept/review')
    await page.getByRole('button', { name: 'Keep all 2', exact: true }).click()
    await progress(page).getByRole('button', { name: 'See what changes' }).click()
    await page.getByLabel('Notes on the review (optional)').fill('As it should be')
    await page.getByLabel('Reviewed from now on').selectOption('12')
    await page.getByRole('button', { name: 'Finish the review: keep all 2' }).click()
    await page.getByText('The list kept is reviewed').waitFor()
    expect(await members('kept')).toHaveLength(2)
    await page.getByRole('link', { name: 'To the list' }).click()
    await page.getByRole('tab', { name: 'Reviews' }).click()
    await page.getByText('“As it should be”').waitFor()
    await page.getByText('every year, on the first day of a month').waitFor()
    await expectSoundPage(page)
  })

  test('of a list that is managed as code gives the patch, and removes nobody', async () => {
    const page = await openAs('owner', '/access-lists/as-code/review')
    await page.getByRole('button', { name: 'Remove max@example.com' }).click()
    await progress(page).getByRole('button', { name: 'See what changes' }).click()
    const patch = page.getByRole('region', { name: 'patch' })
    await patch.getByText(/as-code\/max@example\.com/).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Record the review' }).click()
    await page.getByText('Kept as code is reviewed').waitFor()
    await page.getByRole('button', { name: 'Copy the patch' }).waitFor()
    expect(await members('as-code')).toEqual(['max@example.com'])
    await expectSoundPage(page)
  })

  test('of a list that nobody is asked to review can be done all the same', async () => {
    await lists.apply(
      list('unasked', { title: 'Unasked', type: 'static', owners: [{ name: 'olga@example.com' }] }),
      {
        kind: 'access_list_member',
        version: 'v1',
        metadata: { name: 'unasked/max@example.com' },
        spec: { access_list: 'unasked', name: 'max@example.com' },
      },
    )
    const page = await openAs('owner', '/access-lists/unasked')
    await page.getByRole('link', { name: 'Review it' }).click()
    await page.getByRole('button', { name: 'Keep all 1', exact: true }).click()
    await progress(page).getByText('1 of 1 decided: 1 keep, 0 remove').waitFor()
    await progress(page).getByRole('button', { name: 'See what changes' }).click()
    await page.getByRole('button', { name: 'Record the review' }).click()
    await page.getByText('Unasked is reviewed').waitFor()
  })

  test('is not for those who do not own the list', async () => {
    const outsider = await openAs('outsider', '/access-lists/on-call/review')
    await outsider.getByText('There is no access list on-call for you').waitFor()
    await expectSoundPage(outsider)
    const member = await openAs('member', '/access-lists/on-call/review')
    await member.getByText('You cannot review this list').waitFor()
    expect(await member.getByRole('button', { name: /Keep|Remove/ }).count()).toBe(0)
  })

  test('of a list without members is not needed', async () => {
    await lists.apply(list('bare', { title: 'Bare', owners: [{ name: 'olga@example.com' }] }))
    const page = await openAs('owner', '/access-lists/bare/review')
    await page.getByText('There is nobody to review').waitFor()
    await expectSoundPage(page)
  })
})
