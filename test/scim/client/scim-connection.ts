/**
 * Our SCIM client in front of the emulator, or of a server that answers what a test tells it.
 */
import { AwsCallError, type CallOptions } from '../../../src/core/governor/call.js'
import { systemClock } from '../../../src/lib/clock.js'
import { systemTimers } from '../../../src/lib/timers.js'
import { createScimClient, type ScimClientOptions } from '../../../src/scim/client/create-scim-client.js'
import type { ScimClient } from '../../../src/scim/client/scim-client.js'
import { passThroughGovernor, type RecordingGovernor } from '../../support/pass-through-governor.js'

export const normal: CallOptions = { priority: 'normal' }

export const ada = {
  attributes: {
    userName: 'ada.lovelace@example.com',
    displayName: 'Ada Lovelace',
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada.lovelace@example.com',
  },
  active: true,
  externalId: 'u-1',
} as const

export interface ScimConnected {
  readonly scim: ScimClient
  readonly governor: RecordingGovernor
}

export function connectScim(
  { endpoint, token }: { readonly endpoint: string; readonly token: string },
  options: Partial<ScimClientOptions> & { readonly retries?: number } = {},
): ScimConnected {
  const timers = systemTimers(systemClock)
  const governor = passThroughGovernor({ retries: options.retries ?? 0 })
  const scim = createScimClient({
    baseUrl: endpoint,
    token: () => Promise.resolve(token),
    governor,
    timers,
    allowOtherHost: true,
    ...options,
  })
  return { scim, governor }
}

export async function failureOf(work: Promise<unknown>): Promise<AwsCallError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AwsCallError) return error
    throw error
  }
  throw new Error('the call succeeded')
}
