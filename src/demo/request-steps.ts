/** @module Steps of the self-check about access requests: asked for, decided by somebody else, in AWS, given back, gone. */
import {
  accessRequestAnswer,
  createAccessRequestAnswer,
  paths,
  type AccessRequestShown,
} from '../api/contract.js'
import { pairsOf, readAws, type AwsState } from './aws-console.js'
import { HeadlessBrowser } from './browser.js'
import { until } from './connect.js'
import { signIn } from './journeys.js'
import { onCallRule } from './request-roles.js'
import { askForProduction, onCall, requester, reviewer, sayOnCall } from './requests.js'
import { auditEvents, expect, type Stage, type Step } from './stage.js'

export const requestSteps: readonly Step[] = [
  [
    'what is asked for is in AWS once somebody else has approved it, and gone when it is given back',
    justInTime,
  ],
  ['whoever is on call has by a rule what it names, at once', byRule],
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

const reads = '555555555555 arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3'

async function byRule({ world, admin, seeds }: Stage): Promise<string> {
  await sayOnCall({ world, admin })
  const browser = new HeadlessBrowser()
  await signIn(world, browser, onCall, '/', seeds)
  const ask = async (duration: string) => {
    const items = [{ kind: 'assignment', account: 'production', permissionSet: 'ReadOnlyAccess' }]
    const answer = await browser.api(world.gatewayUrl, 'POST', paths.accessRequests, { items, duration })
    return createAccessRequestAnswer.parse(answer).request
  }
  const { id = '', state } = await ask('1h')
  expect(state === 'approved', `who is on call asked, and it is ${state}`)
  const isThere = async () => {
    const aws = await readAws(world)
    const user = aws.users.find(({ userName }) => userName === onCall)
    return pairsOf(aws, user?.id).includes(reads)
  }
  await until(`${onCall} has it in AWS`, isThere)
  await browser.api(world.gatewayUrl, 'POST', paths.requestRelease.replace(':id', id), { reason: 'done' })
  const longer = await ask('3h')
  expect(longer.state === 'pending', `the rule is for 2 hours, and 3 are ${longer.state}`)
  const [decided] = await auditEvents({ world, admin, seeds }, 'access_request.review', onCall)
  expect(decided?.reviewer === `rule/${onCallRule}`, 'no event names the rule that approved it')
  return `the rule ${onCallRule} gave ${onCall} ReadOnlyAccess on production; 3 hours wait for a person`
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
