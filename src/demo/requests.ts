/** @module The access request of the demo that waits for its decision, who asks and decides, and who is on call. */
import { createAccessRequestAnswer, paths } from '../api/contract.js'
import { HeadlessBrowser } from './browser.js'
import type { Stage } from './stage.js'
import { signIn } from './journeys.js'
import { onCallList } from './request-roles.js'

export const requester = 'dev@example.com'
export const reviewer = 'nolabels@example.com'
/** Gets to read production by a rule, at once. */
export const onCall = 'mfa@example.com'

/** Says who is on call, as a pager would. */
export async function sayOnCall({ world, admin }: Pick<Stage, 'world' | 'admin'>): Promise<void> {
  const path = paths.onCallList.replace(':name', onCallList)
  await admin.api(world.gatewayUrl, 'PUT', path, { users: [onCall] })
}

/** Asks as the requester; answers the id of the request. */
export async function askForProduction({ world, seeds }: Pick<Stage, 'world' | 'seeds'>): Promise<string> {
  const browser = new HeadlessBrowser()
  await signIn(world, browser, requester, '/', seeds)
  const wish = {
    items: [{ kind: 'assignment', account: 'production', permissionSet: 'PowerUserAccess' }],
    reason: 'Payouts of last night are stuck',
    duration: '2h',
  }
  const answer = await browser.api(world.gatewayUrl, 'POST', paths.accessRequests, wish)
  const { id } = createAccessRequestAnswer.parse(answer).request
  if (id === undefined) throw new Error('the request was not kept')
  return id
}
