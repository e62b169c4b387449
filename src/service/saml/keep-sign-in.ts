/**
 * @module Keeps a sign-in until its person has done what is asked of them. Only the hash of the handle is stored;
 * the handle goes to the browser.
 */
import { minute } from '../../core/time.js'
import type { PendingSignIn } from '../../store/store.js'
import { hashToken } from '../people/tokens.js'
import type { SamlDeps } from './deps.js'

/** How long a person may take to sign in before the service provider must ask again. */
export const pendingLifetimeMs = 15 * minute

export type SignInToKeep = Omit<
  PendingSignIn,
  'handleHash' | 'receivedAt' | 'expiresAt' | 'answeredAt' | 'mfa' | 'device'
>

/** Answers the handle. */
export async function keepSignIn(deps: SamlDeps, signIn: SignInToKeep): Promise<string> {
  const handle = deps.random.secret()
  const now = deps.clock.now()
  await deps.store.signIns.create({
    ...signIn,
    handleHash: hashToken(handle),
    receivedAt: now,
    expiresAt: now + pendingLifetimeMs,
    answeredAt: undefined,
    mfa: undefined,
    device: undefined,
  })
  return handle
}
