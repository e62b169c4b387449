/**
 * @module Passkeys in the browser: makes and uses them through @simplewebauthn/browser, and says in words for people
 * what became of it. What is asked and what an answer is worth is the server's.
 */
import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from '../../api/contract.js'
import { sendJson } from './client.js'

/** The person or the browser gave no passkey. */
export class NoPasskey extends Error {
  override readonly name = 'NoPasskey'
}

/** Whether this browser knows passkeys; it does on https and on localhost. */
export const knowsPasskeys: boolean = browserSupportsWebAuthn()

/** Makes a passkey on this device or another one. @throws NoPasskey, ApiProblem. */
export async function makePasskey(start: () => Promise<PasskeyCreationOptions>): Promise<PasskeyCreation> {
  const options = await start()
  return await orNone(async () => {
    const made = await startRegistration({
      optionsJSON: { ...options, excludeCredentials: typed(options.excludeCredentials) },
    })
    const { id, rawId, response, clientExtensionResults } = made
    return { id, rawId, type: 'public-key', response, clientExtensionResults }
  })
}

/** How often somebody asked for their passkey by a button. */
let timesAsked = 0

/** Asks the server what to ask, then the person. @throws NoPasskey, ApiProblem. */
export async function askPasskey(path: string, body?: unknown): Promise<PasskeyAssertion> {
  timesAsked += 1
  return await answer(await sendJson<PasskeyRequestOptions>('POST', path, body ?? {}), false)
}

/**
 * Lets the browser offer passkeys in the field for the user name; undefined where it cannot, and once the page goes on
 * without.
 */
export async function offerPasskeys(
  start: () => Promise<PasskeyRequestOptions>,
): Promise<PasskeyAssertion | undefined> {
  const before = timesAsked
  if (!(await browserSupportsWebAuthnAutofill())) return undefined
  const options = await start()
  // A browser asks one thing at a time: an offer that comes late would end what the person asked for meanwhile.
  if (timesAsked !== before) return undefined
  try {
    return await answer(options, true)
  } catch (error) {
    if (error instanceof NoPasskey) return undefined
    throw error
  }
}

/** Ends what {@link offerPasskeys} began. */
export function endPasskeyOffer(): void {
  WebAuthnAbortService.cancelCeremony()
}

async function answer(
  options: PasskeyRequestOptions,
  useBrowserAutofill: boolean,
): Promise<PasskeyAssertion> {
  return await orNone(async () => {
    const optionsJSON = { ...options, allowCredentials: typed(options.allowCredentials) }
    const used = await startAuthentication({ optionsJSON, useBrowserAutofill })
    const { id, rawId, response } = used
    return { id, rawId, type: 'public-key', response }
  })
}

type Transport = 'ble' | 'cable' | 'hybrid' | 'internal' | 'nfc' | 'smart-card' | 'usb'

/** The server keeps these words alone. */
function typed(descriptors: PasskeyRequestOptions['allowCredentials']) {
  return descriptors.map((one) => ({ ...one, transports: one.transports as Transport[] }))
}

async function orNone<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    // Browsers tell refused, cancelled and timed out alike, so that a page cannot find out what somebody has.
    const isKnown = error instanceof Error && error.name === 'InvalidStateError'
    throw new NoPasskey(
      isKnown
        ? 'This device has a passkey for you already.'
        : 'No passkey was given. Try again, or choose another way.',
      { cause: error },
    )
  }
}
