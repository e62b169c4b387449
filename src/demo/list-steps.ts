/** @module Steps of the self-check about access lists: their owner, who is no administrator, adds, nests and reviews. */
import { listDetail, paths, reviewAnswer, submitReviewAnswer } from '../api/contract.js'
import { isMember, readAws, type AwsState } from './aws-console.js'
import { HeadlessBrowser } from './browser.js'
import { until } from './connect.js'
import { signIn } from './journeys.js'
import { innerList, listOwner, makeLists, outerList } from './lists.js'
import { expect, type Stage, type Step } from './stage.js'

export const listSteps: readonly Step[] = [
  ['an owner adds a member, who is in the group in AWS, and may not delete the list', ownerAdds],
  ['a list within a list is in the group of the outer one', nested],
  ['a mail reminds the owner, and its link opens the review', reminder],
  ['a review says who leaves which group in AWS, and they are out', review],
]

const leaver = 'nolabels@example.com'
const stayer = 'mfa@example.com'

function listPath(path: string, list: string): string {
  return path.replace(':name', list)
}

async function asOwner({ world, seeds }: Stage): Promise<HeadlessBrowser> {
  const browser = new HeadlessBrowser()
  await signIn(world, browser, listOwner, '/', seeds)
  return browser
}

async function add(stage: Stage, list: string, member: object): Promise<void> {
  const owner = await asOwner(stage)
  await owner.api(stage.world.gatewayUrl, 'POST', listPath(paths.listMembers, list), member)
}

async function inAws({ world }: Stage, what: string, holds: (state: AwsState) => boolean): Promise<void> {
  await until(what, async () => holds(await readAws(world)))
}

async function ownerAdds(stage: Stage): Promise<string> {
  await makeLists(stage)
  await add(stage, outerList, { kind: 'user', name: leaver, reason: 'self-check' })
  await inAws(stage, `${leaver} is in ${outerList}`, (state) => isMember(state, outerList, leaver))
  const owner = await asOwner(stage)
  const path = `/v1/resources/access_list/${outerList}`
  const refused = await owner.api(stage.world.gatewayUrl, 'DELETE', path).then(
    () => false,
    () => true,
  )
  expect(refused, `${listOwner} deleted ${outerList}`)
  return `${listOwner}, who is no administrator, put ${leaver} into ${outerList}`
}

async function nested(stage: Stage): Promise<string> {
  await add(stage, innerList, { kind: 'user', name: stayer })
  await add(stage, outerList, { kind: 'list', name: innerList })
  await inAws(stage, `${stayer} is in ${outerList}`, (state) => isMember(state, outerList, stayer))
  const groups = (await readAws(stage.world)).groups.map(({ displayName }) => displayName)
  expect(!groups.includes(innerList), `${innerList} is a group, though it gives nothing`)
  return `${stayer} is in ${outerList} by ${innerList}, which is no group`
}

async function reminder(stage: Stage): Promise<string> {
  const { gatewayUrl, mailbox } = stage.world
  const linkStart = `${gatewayUrl}/access-lists/${outerList}/`
  const find = () =>
    mailbox.mails.find(({ recipients, text }) => recipients.includes(listOwner) && text.includes(linkStart))
  await until('the mail has come', () => Promise.resolve(find() !== undefined))
  const { subject = '', text = '' } = find() ?? {}
  const link = text.split(/\s/).find((word) => word.startsWith(linkStart)) ?? ''
  const shown = await (await fetch(`${mailbox.url}/`)).text()
  expect(shown.includes(`href="${link}"`), 'the page of the mail does not show the link')
  const owner = await asOwner(stage)
  const page = await owner.open(link)
  expect(page.status === 200 && page.url === link, `the link leads to ${page.url} (${page.status})`)
  const [list = '', part = ''] = link.slice(`${gatewayUrl}/access-lists/`.length).split('/')
  expect(part === 'review', `the link leads to ${link}`)
  const { total } = reviewAnswer.parse(await owner.api(gatewayUrl, 'GET', listPath(paths.listReview, list)))
  return `“${subject}” to ${listOwner}; ${total} to decide on`
}

async function review(stage: Stage): Promise<string> {
  const { gatewayUrl } = stage.world
  const owner = await asOwner(stage)
  const detail = listDetail.parse(await owner.api(gatewayUrl, 'GET', listPath(paths.accessList, outerList)))
  expect(detail.review.state === 'soon', `the review is ${detail.review.state}`)
  const submit = async (seen: { readonly dryRun: true } | { readonly digest: string }) =>
    submitReviewAnswer.parse(
      await owner.api(gatewayUrl, 'POST', listPath(paths.submitReview, outerList), {
        remove: [{ kind: 'user', name: leaver }],
        keepRest: true,
        ...seen,
      }),
    )
  const { inAws: says, digest } = await submit({ dryRun: true })
  expect(says.join(' ').includes(`leaves the group ${outerList}`), `it says: ${says.join(' ')}`)
  expect(isMember(await readAws(stage.world), outerList, leaver), 'the dry run took somebody out')
  const { nextDueAt = '' } = await submit({ digest })
  await inAws(stage, `${leaver} is out of ${outerList}`, (state) => !isMember(state, outerList, leaver))
  expect(isMember(await readAws(stage.world), outerList, stayer), `${stayer} went, too`)
  return `${says[0] ?? ''} Next due ${nextDueAt.slice(0, 10)}`
}
