/** @module The access request of the demo that waits for its decision, and who asks and decides. */
import { createAccessRequestAnswer, paths } from '../api/contract.js'
import { HeadlessBrowser } from './browser.js'
import type { Stage } from './stage.js'
import { signIn } from './journeys.js'

export const requester = 'dev@example.com'
export const reviewer = 'nolabels@example.com'

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
