/** Two owners with the same review open, each in a browser of their own: both decide, one finishes, nothing is lost. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { finishedDecisionsAnswer, reviewsAnswer } from '../../../src/api/contract.js'
import { expectSoundPage } from '../../support/browser.js'
import { dayFrom, list, openListsWorld, type ListsWorld } from './access-lists-world.js'
import { useStage } from './stage.js'

const names = ['anna@example.com', 'berta@example.com', 'clara@example.com', 'dora@example.com']
let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

async function makeDue(name: string): Promise<void> {
  await lists.apply(
    list(name, {
      title: `The list ${name}`,
      owners: [{ name: 'olga@example.com' }, { name: 'otto@example.com' }],
      grants: { roles: ['on-call-role'] },
      audit: { next_audit_date: dayFrom(lists.world.gateway.clock.now(), 3), recurrence: { frequency: 3 } },
    }),
  )
  await lists.addMembers(name, ['name', ...names].join('\n'))
}

async function openReview(who: 'owner' | 'outsider', name: string): Promise<Page> {
  const page = await openAs(who, `/access-lists/${name}/review`)
  await row(page, names[0] ?? '').waitFor()
  return page
}

const row = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}:`) })
const progress = (page: Page) => page.getByRole('region', { name: 'Progress' })
const press = (page: Page, what: 'Keep' | 'Remove', name: string) =>
  row(page, name)
    .getByRole('button', { name: `${what} ${name}` })
    .click()
const namesForm = z.object({ items: z.array(z.object({ name: z.string() })) })

async function members(name: string): Promise<string[]> {
  const { body } = await lists.admin.get(`/v1/access-lists/${name}/members`)
  return namesForm.parse(body).items.map((item) => item.name)
}

test('whoever decides after the other finished is told, and takes what they decided into another review', async () => {
  await makeDue('shared')
  const olga = await openReview('owner', 'shared')
  const otto = await openReview('outsider', 'shared')
  await press(otto, 'Keep', 'anna@example.com')
  await progress(otto)
    .getByText(/1 keep, 0 remove · Saved/)
    .waitFor()
  await press(olga, 'Remove', 'berta@example.com')
  await progress(olga)
    .getByText(/1 remove · Saved/)
    .waitFor()
  // What Otto decided meanwhile is shown before the rest is agreed to.
  await olga.getByRole('button', { name: /^Keep the other/ }).click()
  await olga.getByText(/decisions on them, have changed since you looked/).waitFor()
  await row(olga, 'anna@example.com').getByText('otto@example.com decided').waitFor()
  await olga.getByRole('button', { name: 'Keep the other 2' }).click()
  await progress(olga).getByText('4 of 4 decided: 3 keep, 1 remove').waitFor()
  await olga.getByRole('button', { name: 'See what changes' }).click()
  await olga.getByRole('button', { name: 'Finish the review: remove 1' }).click()
  await olga.getByText('The list shared is reviewed').waitFor()

  await press(otto, 'Remove', 'berta@example.com')
  await otto.getByText('olga@example.com has finished this review').waitFor()
  await otto.getByText(/3 members kept, 1 removed \(berta@example\.com\)/).waitFor()
  const late = otto.getByRole('list', { name: 'Not in the review' })
  expect(await late.getByRole('listitem').allTextContents()).toEqual(['Remove berta@example.com'])
  await expectSoundPage(otto)
  // Berta is gone: of what was decided too late nothing is left to do.
  await otto.getByRole('button', { name: 'Begin another review with these' }).click()
  await progress(otto).getByText('0 of 3 decided').waitFor()
  await press(otto, 'Remove', 'clara@example.com')
  await progress(otto)
    .getByText(/1 of 3 decided: 0 keep, 1 remove · Saved/)
    .waitFor()
  expect(await members('shared')).toEqual(['anna@example.com', 'clara@example.com', 'dora@example.com'])

  const finished = reviewsAnswer.parse((await lists.admin.get('/v1/access-lists/shared/reviews')).body)
  expect(finished.items).toMatchObject([
    { submittedBy: 'olga@example.com', reviewers: ['olga@example.com', 'otto@example.com'], kept: 3 },
  ])
  const { body } = await lists.admin.get(`/v1/access-lists/shared/reviews/${finished.items[0]?.id}/decisions`)
  expect(
    finishedDecisionsAnswer.parse(body).items.map(({ name, decision, by }) => [name, decision, by]),
  ).toEqual([
    ['anna@example.com', 'keep', 'otto@example.com'],
    ['berta@example.com', 'remove', 'olga@example.com'],
    ['clara@example.com', 'keep', 'olga@example.com'],
    ['dora@example.com', 'keep', 'olga@example.com'],
  ])
})

test('whoever was about to finish keeps their notes, and finishes another one with what they decide', async () => {
  await makeDue('notes')
  const olga = await openReview('owner', 'notes')
  const otto = await openReview('outsider', 'notes')
  await olga.getByRole('button', { name: 'Keep all 4', exact: true }).click()
  await olga.getByRole('button', { name: 'See what changes' }).click()
  await olga.getByLabel(/^Notes on the review/).fill('Asked each of them')
  await press(otto, 'Remove', 'dora@example.com')
  await progress(otto)
    .getByText(/1 remove · Saved/)
    .waitFor()
  await progress(otto).getByRole('button', { name: 'See what changes' }).click()
  await otto.getByRole('button', { name: 'Finish the review: remove 1' }).click()
  await otto.getByText('The list notes is reviewed').waitFor()

  await olga.getByRole('button', { name: 'Finish the review: keep all 4' }).click()
  await olga.getByText('otto@example.com has finished this review').waitFor()
  await olga.getByText('Nothing that you decided is lost.').waitFor()
  await olga.getByText('Your notes were not sent with it: “Asked each of them”.').waitFor()
  await expectSoundPage(olga)
  await olga.getByRole('button', { name: 'Begin another review' }).click()
  await olga.getByRole('button', { name: 'Keep all 3', exact: true }).click()
  await olga.getByRole('button', { name: 'See what changes' }).click()
  await expect.poll(() => olga.getByLabel(/^Notes on the review/).inputValue()).toBe('Asked each of them')
  await olga.getByRole('button', { name: 'Finish the review: keep all 3' }).click()
  await olga.getByText('The list notes is reviewed').waitFor()
  const { items } = reviewsAnswer.parse((await lists.admin.get('/v1/access-lists/notes/reviews')).body)
  expect(items.map(({ notes, submittedBy }) => [notes, submittedBy])).toEqual([
    ['Asked each of them', 'olga@example.com'],
    ['', 'otto@example.com'],
  ])
})
