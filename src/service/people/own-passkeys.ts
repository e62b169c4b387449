/**
 * @module Enrolment of a passkey by the signed-in person. The proof of who asks (T10) is remembered in the challenge,
 * which belongs to one session and is answered once. No step-up leads here.
 */
import type { PasskeyCreation } from '../../authn/authn.js'
import { GatewayError } from '../../core/error.js'
import { buildCreationOptions, type CreationOptions } from '../../core/factor/passkey-options.js'
import type { Passkey } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { OwnSettingsDeps, PeopleDeps } from './deps.js'
import { assertOffered, countFactors, factorsOf, requireParty } from './factors.js'
import { assertFull, viewPasskey, type FactorView } from './own-settings.js'
import { issueChallenge, takeChallenge, type Binding } from './passkey-challenges.js'
import { proveToAdd, type SelfProof } from './prove-self.js'
import { record, recordRefusal } from './record.js'
import type { ActiveSession } from './session.js'
import { describePasskey } from './verify-passkey.js'

/**
 * Begins to add a passkey.
 * @throws GatewayError `FACTOR_NOT_ALLOWED`, and as {@link proveToAdd}.
 */
export async function startPasskey(
  deps: OwnSettingsDeps,
  proof: SelfProof,
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<CreationOptions> {
  await assertOffered(deps, 'webauthn')
  const { first } = await proveToAdd(deps, proof, signedIn, origin)
  return await offerPasskey(deps, bindingOf(signedIn), first ? 'first' : 'more')
}

/**
 * Adds the passkey that the browser made.
 * @throws GatewayError `FACTOR_NOT_ALLOWED`, `LINK_INVALID` where it took too long or was done before,
 * `PASSKEY_REFUSED`, `ALREADY_EXISTS`.
 */
export async function addPasskey(
  deps: OwnSettingsDeps,
  input: { readonly label: string; readonly answer: PasskeyCreation },
  signedIn: ActiveSession,
  origin: RequestOrigin,
): Promise<FactorView> {
  assertFull(signedIn)
  await assertOffered(deps, 'webauthn')
  const user = signedIn.user.name
  const { passkey, about } = await readMade(deps, bindingOf(signedIn), input, origin)
  await deps.store.transaction(async (tx) => {
    // A reset may have ended this session since the request came in: then it adds nothing any more.
    if ((await tx.sessions.find(signedIn.session.tokenHash)) === undefined) {
      throw new GatewayError('NOT_SIGNED_IN', 'your session has ended; sign in again')
    }
    // The password counts only while there is no factor.
    if (about === 'first' && countFactors(await factorsOf(tx, user)) > 0) throw startAgain()
    await tx.passkeys.add(passkey)
    const fields = describePasskey(passkey)
    await record(deps, tx, { event: 'mfa.add', success: true, user, fields }, origin)
  })
  return viewPasskey(passkey)
}

/** Offers to make a passkey for the person of the binding. `about` comes back with the answer. */
export async function offerPasskey(
  deps: PeopleDeps,
  binding: Binding & { readonly user: string },
  about: string,
): Promise<CreationOptions> {
  const party = await requireParty(deps)
  const { webauthn } = await deps.catalog.preference()
  const existing = await deps.store.passkeys.list(binding.user)
  const userHandle = existing[0]?.userHandle ?? deps.random.secret()
  const challenge = await issueChallenge(deps, { ...binding, subject: `${about} ${userHandle}` })
  return buildCreationOptions({
    challenge,
    party,
    partyName: deps.clusterName,
    user: binding.user,
    userHandle,
    existing,
    wantsAttestation:
      (webauthn?.attestationAllowedCas.length ?? 0) + (webauthn?.attestationDeniedCas.length ?? 0) > 0,
  })
}

/**
 * The passkey that an answer to such an offer makes; storing it is the caller's part.
 * @throws GatewayError `LINK_INVALID`, `PASSKEY_REFUSED`.
 */
export async function readMade(
  deps: PeopleDeps,
  binding: Binding & { readonly user: string },
  input: { readonly label: string; readonly answer: PasskeyCreation },
  origin: RequestOrigin,
): Promise<{ readonly passkey: Passkey; readonly about: string }> {
  const { user } = binding
  const party = await requireParty(deps)
  const refused = async (error: string): Promise<void> => {
    const fields = { challenge_scope: 'CHALLENGE_SCOPE_MANAGE_DEVICES', challenge_allow_reuse: false, error }
    await recordRefusal(deps, { event: 'mfa_auth_challenge.validate', user, fields }, origin)
  }
  const taken = await takeChallenge(deps, input.answer, binding)
  if ('refused' in taken) {
    await refused(taken.refused)
    throw startAgain()
  }
  const { webauthn } = await deps.catalog.preference()
  const now = deps.clock.now()
  const made = await deps.passkeys.verifyCreation(input.answer, {
    challenge: taken.challenge,
    party,
    trust: { allowed: webauthn?.attestationAllowedCas ?? [], denied: webauthn?.attestationDeniedCas ?? [] },
    now,
  })
  if ('refused' in made) {
    await refused(made.refused)
    throw new GatewayError(
      'PASSKEY_REFUSED',
      'this passkey cannot be added here; try another device, or ask an administrator which ones are allowed',
    )
  }
  const [about = '', userHandle = ''] = (taken.subject ?? '').split(' ')
  const passkey = {
    ...made,
    id: deps.random.uuid(),
    user,
    label: input.label,
    userHandle,
    createdAt: now,
    lastUsedAt: undefined,
  }
  return { passkey, about }
}

function bindingOf({ user, session }: ActiveSession) {
  return { purpose: 'enrol', user: user.name, sessionId: session.id } as const
}

function startAgain(): GatewayError {
  return new GatewayError(
    'LINK_INVALID',
    'adding this passkey took too long or was done already; start again',
  )
}
