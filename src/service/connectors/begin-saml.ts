/** @module A sign-in through a SAML connector begins: an AuthnRequest, and what waits for its answer. */
import { callbackUrl } from '../../core/connector/callback.js'
import { samlEntityId, type SamlConnector } from '../../core/connector/saml.js'
import { beginPending, newState, type BeginInput, type Begun } from './pending.js'
import type { SamlConnectorDeps } from './saml-deps.js'
import { findSamlIdp } from './saml-idp.js'

/**
 * Where the browser goes now, and the cookie that binds the answer to it.
 * @throws GatewayError `CONNECTOR_FAILED`.
 */
export async function beginSaml(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  input: Pick<BeginInput, 'next' | 'reauthenticates' | 'test' | 'browser'>,
): Promise<Begun & { readonly url: string }> {
  const idp = await findSamlIdp(deps, connector)
  // xs:ID is an NCName, which no digit begins.
  const id = `_${deps.random.secret()}`
  const state = newState(deps)
  const key = idp.wantsSignedRequests ? await deps.signingKeys.current() : undefined
  const request = {
    id,
    issueInstant: deps.clock.now(),
    entityId: samlEntityId(deps.publicUrl, connector.name),
    acsUrl: callbackUrl(deps.publicUrl, connector),
    ssoUrl: idp.ssoUrl,
    relayState: state,
    forceAuthn: input.reauthenticates ?? false,
  }
  const begun = await beginPending(deps, { ...input, connector, state, secrets: { requestId: id } })
  return { ...begun, url: deps.samlUpstream.buildRedirect(request, key) }
}
