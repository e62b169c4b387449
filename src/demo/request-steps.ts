/** @module Steps of the self-check about access requests: asked for, decided by somebody else, in AWS, given back, gone. */
import { accessRequestAnswer, paths, type AccessRequestShown } from '../api/contract.js'
import { pairsOf, readAws, type AwsState } from './aws-console.js'
import { HeadlessBrowser } from './browser.js'
import { until } from './connect.js'
import { signIn } from './journeys.js'
import { askForProduction, requester, reviewer } from './requests.js'
import { auditEvents, expect, type Stage, type Step } from './stage.js'

export const requestSteps: readonly Step[] = [
  [
    'what is asked for is in AWS once somebody else has approved it, and gone when it is given back',
    justInTime,
  ],
]

const pair = '555555555555 arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-2b3c4d5e6f708192'

const has = (state: AwsState): boolean => {
  const user = state.users.find(({ userName }) => userName === requester)
  return pairsOf(state, user?.id).includes(pair)
}

async function justInTime(stage: Stage): Promise<string> {
  const { world } = stage
  const id = await askForProduction(stage)
  const own = await decide(stage, requester, id).then(
    () => false,
    () => true,
  )
  expect(own, `${requester} decided on a request of their own`)
  expect(!has(await readAws(world)), 'what nobody has approved is in AWS')
  const { state, endsAt = '' } = await decide(stage, reviewer, id)
  expect(state === 'approved', `after the review it is ${state}`)
  await until(`${requester} has it in AWS`, async () => has(await readAws(world)))
  const released = await post(stage, requester, paths.requestRelease.replace(':id', id), { reason: 'done' })
  expect(released.state === 'expired', `given back, it is ${released.state}`)
  await until(`${requester} has it in AWS no more`, async () => !has(await readAws(world)))
  const reviews = await auditEvents(stage, 'access_request.review', requester)
  expect(reviews[0]?.reviewer === reviewer, 'no event names who approved it')
  return `${reviewer} gave ${requester} PowerUserAccess on production until ${endsAt}; it was given back before`
}

async function decide(stage: Stage, name: string, id: string): Promise<AccessRequestShown> {
  return await post(stage, name, paths.requestReviews.replace(':id', id), { all: 'approve' })
}

async function post(
  { world, seeds }: Stage,
  name: string,
  path: string,
  body: object,
): Promise<AccessRequestShown> {
  const browser = new HeadlessBrowser()
  await signIn(world, browser, name, '/', seeds)
  return accessRequestAnswer.parse(await browser.api(world.gatewayUrl, 'POST', path, body)).request
}
