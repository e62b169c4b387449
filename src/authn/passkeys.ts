/**
 * @module Answers of passkeys through @simplewebauthn/server. It checks challenge, origin, relying party, flags and
 * signature; which passkey it should be, its sign count and what the answer is good for are the caller's part.
 */
import {
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import { passkeyAlgorithms } from '../core/factor/passkey-options.js'
import type { Instant } from '../core/time.js'
import type { Passkey } from '../store/store.js'
import { chainsTo } from './attestation.js'
import type {
  AttestationTrust,
  ExpectedAnswer,
  MadePasskey,
  PasskeyAssertion,
  PasskeyCreation,
  Passkeys,
  RefusedAnswer,
  UsedPasskey,
} from './authn.js'

/** The others would make the library fetch what certificates of strangers name. */
const attestationFormats = ['none', 'packed', 'fido-u2f']

const transportNames = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/** The refusal of an answer, thrown within this file. */
class Refused extends Error {}

export class WebAuthnPasskeys implements Passkeys {
  challengeOf({ response }: PasskeyCreation | PasskeyAssertion): string | undefined {
    try {
      const data: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'))
      const isRead = typeof data === 'object' && data !== null && 'challenge' in data
      return isRead && typeof data.challenge === 'string' ? data.challenge : undefined
    } catch {
      // Not JSON: there is no challenge in it.
      return undefined
    }
  }

  async verifyCreation(
    answer: PasskeyCreation,
    expected: ExpectedAnswer & { readonly trust: AttestationTrust; readonly now: Instant },
  ): Promise<MadePasskey | RefusedAnswer> {
    return await orRefused(async () => {
      const { fmt, chain } = readAttestation(answer)
      if (!attestationFormats.includes(fmt))
        throw new Refused(`attestations of the form ${fmt} are not read here`)
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: answer as RegistrationResponseJSON,
        expectedChallenge: expected.challenge,
        expectedOrigin: expected.party.origin,
        expectedRPID: expected.party.id,
        requireUserVerification: false,
        supportedAlgorithmIDs: [...passkeyAlgorithms],
      })
      if (!verified) throw new Refused('the attestation does not verify')
      const { credential, credentialDeviceType, credentialBackedUp, aaguid } = registrationInfo
      return {
        credentialId: credential.id,
        publicKey: isoBase64URL.fromBuffer(credential.publicKey),
        signCount: credential.counter,
        transports: (answer.response.transports ?? []).filter((name) => transportNames.includes(name)),
        backupEligible: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
        aaguid,
        discoverable: answer.clientExtensionResults.credProps?.rk === true,
        attestation: judgeChain(chain, expected.trust, expected.now),
      }
    })
  }

  async verifyAssertion(
    answer: PasskeyAssertion,
    passkey: Pick<Passkey, 'credentialId' | 'publicKey' | 'backupEligible'>,
    expected: ExpectedAnswer & { readonly requireVerification: boolean },
  ): Promise<UsedPasskey | RefusedAnswer> {
    return await orRefused(async () => {
      if (answer.id !== passkey.credentialId) throw new Refused('the answer is of another passkey')
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { ...answer, clientExtensionResults: {} } as AuthenticationResponseJSON,
        expectedChallenge: expected.challenge,
        expectedOrigin: expected.party.origin,
        expectedRPID: expected.party.id,
        requireUserVerification: expected.requireVerification,
        // Count 0: the caller compares the counts where it also stores them.
        credential: {
          id: passkey.credentialId,
          publicKey: isoBase64URL.toBuffer(passkey.publicKey),
          counter: 0,
        },
      })
      if (!verified) throw new Refused('the signature does not verify')
      // WebAuthn Level 3 §6.1.3: a passkey never becomes one that may leave its device, nor the other way round.
      if ((authenticationInfo.credentialDeviceType === 'multiDevice') !== passkey.backupEligible) {
        throw new Refused('the passkey says something else of its backup than when it was made')
      }
      return {
        signCount: authenticationInfo.newCounter,
        backedUp: authenticationInfo.credentialBackedUp,
        userVerified: authenticationInfo.userVerified,
      }
    })
  }
}

/** Answers come from strangers, and the library has no other word for a wrong one than an Error. */
async function orRefused<T>(check: () => Promise<T>): Promise<T | RefusedAnswer> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { refused: error.message.slice(0, 200) }
  }
}

function readAttestation({ response }: PasskeyCreation): { fmt: string; chain: readonly Uint8Array[] } {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(response.attestationObject))
  const chain: unknown = decoded.get('attStmt').get('x5c')
  const isChain = Array.isArray(chain) && chain.every((one) => one instanceof Uint8Array)
  return { fmt: decoded.get('fmt'), chain: isChain ? chain : [] }
}

/** As in the reference: with either list, a device must say who made it. */
function judgeChain(
  chain: readonly Uint8Array[],
  { allowed, denied }: AttestationTrust,
  now: Instant,
): Passkey['attestation'] {
  if (allowed.length === 0 && denied.length === 0) return 'none'
  if (chain.length === 0) throw new Refused('the device does not tell who made it, and it has to')
  if (denied.length > 0 && chainsTo(chain, denied, now)) throw new Refused('devices of this maker are denied')
  if (allowed.length === 0) return 'none'
  if (!chainsTo(chain, allowed, now)) throw new Refused('no maker who is allowed vouches for the device')
  return 'trusted'
}
