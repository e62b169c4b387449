/**
 * @module The answer of an upstream identity provider arrives, by a POST from its site, without our cookie (T2). One that
 * names a sign-in that waits is kept, and the browser goes on by a GET of ours, which brings the cookie: there it is
 * verified, in the browser that began it and in no other. Any other is nobody's answer, and signs in only where the
 * connector allows sign-ins that begin at the identity provider.
 */
import { GatewayError, isCode } from '../../core/error.js'
import type { SamlConnector } from '../../core/connector/saml.js'
import type { RequestOrigin } from '../context.js'
import { limitAddress } from '../people/limits.js'
import { conclude, testerOf, type Finished } from './finish-sign-in.js'
import { leadingBack } from './lead-back.js'
import { keepAnswer, takePending, type Taken } from './pending.js'
import { recordFailure } from './record-failure.js'
import { readSamlAnswer } from './read-saml-answer.js'
import { recordSamlFault } from './record-saml-fault.js'
import type { SamlConnectorDeps } from './saml-deps.js'

export type SamlReceived =
  | { readonly step: 'continue'; readonly state: string }
  | { readonly step: 'done'; readonly finished: Finished }

/**
 * @throws GatewayError `NOT_FOUND`, `TOO_MANY_ATTEMPTS`, and where it is no answer to a sign-in that waits
 * `CONNECTOR_REFUSED`, `CONNECTOR_FAILED`, `INVALID_SAML_RESPONSE`, `LOCKED`.
 */
export async function receiveSamlAnswer(
  deps: SamlConnectorDeps,
  name: string,
  rawForm: string,
  origin: RequestOrigin,
): Promise<SamlReceived> {
  await limitAddress(deps, 'saml', origin.address)
  const connector = await findSamlConnector(deps, name)
  const { xml, relayState } = await parseForm(deps, connector, rawForm, origin)
  if (relayState !== undefined && (await isKept(deps, connector, relayState, xml))) {
    return { step: 'continue', state: relayState }
  }
  const asked = { requestId: undefined, reauthenticatesSince: undefined }
  const identity = await readSamlAnswer(deps, connector, xml, asked, origin)
  const nowhere = { next: undefined, test: undefined }
  return { step: 'done', finished: await conclude(deps, identity, nowhere, undefined, origin) }
}

/**
 * The browser that began the sign-in came back for it.
 * @throws GatewayError `CONNECTOR_SIGN_IN_GONE`, `NOT_FOUND`; and but for a test `CONNECTOR_REFUSED`, `CONNECTOR_FAILED`, `LOCKED`.
 */
export async function finishSamlAnswer(
  deps: SamlConnectorDeps,
  name: string,
  came: {
    readonly state: string
    readonly browser: string | undefined
    readonly previousToken: string | undefined
  },
  origin: RequestOrigin,
): Promise<Finished> {
  const connector = await findSamlConnector(deps, name)
  const taken = await take(deps, connector, came, origin)
  return await leadingBack(taken.next, () => finishTaken(deps, connector, taken, came.previousToken, origin))
}

async function finishTaken(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  taken: Awaited<ReturnType<typeof take>>,
  previousToken: string | undefined,
  origin: RequestOrigin,
): Promise<Finished> {
  const user = await testerOf(deps, taken)
  const test = taken.test === undefined ? undefined : { id: taken.test, user: user ?? '' }
  const asked = {
    requestId: taken.secrets['requestId'] ?? '',
    reauthenticatesSince: taken.reauthenticates ? taken.createdAt : undefined,
  }
  let identity
  try {
    identity = await readSamlAnswer(deps, connector, taken.answer ?? '', asked, origin, test)
  } catch (error) {
    await recordFailure(deps, connector, error, { test: test?.id, user }, origin)
    if (test === undefined || !(isCode(error, 'CONNECTOR_REFUSED') || isCode(error, 'CONNECTOR_FAILED')))
      throw error
    return { status: 'tested', connector: connector.name, test: test.id }
  }
  return await conclude(deps, identity, taken, previousToken, origin)
}

/** @throws GatewayError `NOT_FOUND`. */
export async function findSamlConnector(deps: SamlConnectorDeps, name: string): Promise<SamlConnector> {
  const found = (await deps.catalog.read()).samlConnector(name)
  if (found !== undefined) return found
  throw new GatewayError('NOT_FOUND', 'there is no SAML connector of this name')
}

async function parseForm(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  rawForm: string,
  origin: RequestOrigin,
): Promise<{ readonly xml: string; readonly relayState: string | undefined }> {
  try {
    return deps.samlUpstream.parseForm(rawForm)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    await recordSamlFault(deps, connector, { because: 'malformed', says: error.message }, origin)
    throw error
  }
}

/** False for a RelayState that is none of ours, as identity providers send with sign-ins that begin there. */
async function isKept(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  state: string,
  xml: string,
): Promise<boolean> {
  try {
    await keepAnswer(deps, { connector, state, answer: xml })
    return true
  } catch (error) {
    if (isCode(error, 'CONNECTOR_SIGN_IN_GONE')) return false
    throw error
  }
}

async function take(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  { state, browser }: { readonly state: string; readonly browser: string | undefined },
  origin: RequestOrigin,
): Promise<Taken> {
  try {
    return await takePending(deps, { connector, state, browser })
  } catch (error) {
    if (!isCode(error, 'CONNECTOR_SIGN_IN_GONE')) throw error
    const says =
      'the answer came to a browser that did not begin the sign-in, too late, or for the second time'
    await recordSamlFault(deps, connector, { because: 'in_response_to', says }, origin)
    throw error
  }
}
