/** @module A sign-in through a SAML connector begins: an AuthnRequest, whose id the answer must name. */
import { samlEntityId, type SamlConnector } from '../../core/connector/saml.js'
import type { SamlConnectorDeps } from './saml-deps.js'
import { findSamlIdp } from './saml-idp.js'

/**
 * Where the browser goes now, and what its answer needs.
 * @throws GatewayError `CONNECTOR_FAILED`.
 */
export async function startSaml(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  asked: { readonly state: string; readonly redirectUrl: string; readonly reauthenticates: boolean },
): Promise<{ readonly url: string; readonly secrets: Readonly<Record<string, string>> }> {
  const idp = await findSamlIdp(deps, connector)
  // xs:ID is an NCName, which no digit begins.
  const id = `_${deps.random.secret()}`
  const request = {
    id,
    issueInstant: deps.clock.now(),
    entityId: samlEntityId(deps.publicUrl, connector.name),
    acsUrl: asked.redirectUrl,
    ssoUrl: idp.ssoUrl,
    relayState: asked.state,
    forceAuthn: asked.reauthenticates,
  }
  const key = idp.wantsSignedRequests ? await deps.signingKeys.current() : undefined
  return { url: deps.samlUpstream.buildRedirect(request, key), secrets: { requestId: id } }
}
