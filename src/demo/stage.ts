/**
 * @module What the steps of the self-check share: the world that they play in, and what several of them look at.
 */
import { HeadlessBrowser, readText } from './browser.js'
import { followToPortal, type Seeds } from './journeys.js'
import type { World } from './world.js'

export interface Stage {
  readonly world: World
  readonly admin: HeadlessBrowser
  readonly seeds: Seeds
}

/** A step answers its detail, or throws what went wrong. */
export type Step = readonly [name: string, run: (stage: Stage) => Promise<string>]

/** @throws Error with the message where the condition does not hold. */
export function expect(condition: boolean, message: string): void {
  if (!condition) throw new Error(message)
}

export const portalStart = ({ world }: Stage): string => `${world.emulatorUrl}/start`

export async function landsInPortal({ world, seeds }: Stage, from: string, person: string): Promise<string> {
  const outcome = await followToPortal(world, new HeadlessBrowser(), from, person, seeds)
  expect(outcome.ended === 'portal', `${person} ended at ${outcome.ended}, not in the portal`)
  const text = outcome.ended === 'portal' ? outcome.page.text : ''
  expect(text.includes(person), 'the portal does not name the person')
  const accounts = new Set(text.match(/\b\d{12}\b/g)).size
  expect(accounts > 0, 'the portal lists no account')
  return `${person} is in the portal and sees ${accounts} accounts`
}

export async function auditEvents(
  { world, admin }: Stage,
  type: string,
  user?: string,
  uid?: string,
): Promise<Record<string, unknown>[]> {
  const query = new URLSearchParams({ type, ...(user && { user }), ...(uid && { uid }) })
  const page = await admin.api(world.gatewayUrl, 'GET', `/v1/audit/events?${query}`)
  if (typeof page !== 'object' || page === null || !('items' in page) || !Array.isArray(page.items)) {
    throw new Error('the audit log answered no items')
  }
  return page.items.map((item: unknown) => JSON.parse(readText(item, 'json')) as Record<string, unknown>)
}
