/**
 * @module Challenges of passkeys: made for one purpose, one person and one session, kept as a hash for five minutes,
 * taken out by the first answer whatever comes of it. An answer to one made for something else counts for nothing.
 */
import { challengeLifetimeMs } from '../../core/factor/passkey-options.js'
import type { PasskeyAssertion, PasskeyCreation } from '../../authn/authn.js'
import type { PasskeyChallenge } from '../../store/store.js'
import type { PeopleDeps } from './deps.js'
import { hashToken } from './tokens.js'

/** What a challenge is bound to. */
export type Binding = Pick<PasskeyChallenge, 'purpose' | 'user' | 'sessionId'>

export type ChallengeDeps = Pick<PeopleDeps, 'store' | 'clock' | 'random' | 'passkeys'>

/** A new challenge, in base64url as options carry it. */
export async function issueChallenge(
  deps: Pick<ChallengeDeps, 'clock' | 'random'> & {
    readonly store: Pick<ChallengeDeps['store'], 'passkeys'>
  },
  binding: Binding & Pick<PasskeyChallenge, 'subject'>,
): Promise<string> {
  const challenge = deps.random.secret()
  await deps.store.passkeys.addChallenge({
    ...binding,
    challengeHash: hashToken(challenge),
    expiresAt: deps.clock.now() + challengeLifetimeMs,
  })
  return challenge
}

/** Takes the challenge that an answer names; `refused` tells the audit log why it does not count. */
export async function takeChallenge(
  deps: ChallengeDeps,
  answer: PasskeyCreation | PasskeyAssertion,
  expected: Binding,
): Promise<
  { readonly challenge: string; readonly subject: string | undefined } | { readonly refused: string }
> {
  const challenge = deps.passkeys.challengeOf(answer)
  if (challenge === undefined) return { refused: 'the answer names no challenge' }
  const taken = await deps.store.passkeys.takeChallenge(hashToken(challenge))
  if (taken === undefined) return { refused: 'the challenge was answered before, or was never made' }
  if (deps.clock.now() >= taken.expiresAt) return { refused: 'the answer came too late' }
  if (taken.purpose !== expected.purpose) return { refused: 'the challenge was made for something else' }
  if (taken.user !== expected.user) return { refused: 'the challenge was made for somebody else' }
  if (taken.sessionId !== expected.sessionId) return { refused: 'the challenge was made for another session' }
  return { challenge, subject: taken.subject }
}
