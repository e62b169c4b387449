/** @module Our metadata as service provider of one SAML connector, as its identity provider imports it. */
import { callbackUrl } from '../../core/connector/callback.js'
import { samlEntityId } from '../../core/connector/saml.js'
import { findSamlConnector } from './receive-saml.js'
import type { SamlConnectorDeps } from './saml-deps.js'

/** XML. @throws GatewayError `NOT_FOUND`. */
export async function describeSamlSp(deps: SamlConnectorDeps, name: string): Promise<string> {
  const connector = await findSamlConnector(deps, name)
  return deps.samlUpstream.buildMetadata({
    entityId: samlEntityId(deps.publicUrl, connector.name),
    acsUrl: callbackUrl(deps.publicUrl, connector),
    certificatesPem: await deps.signingKeys.publishedCertificates(),
    // What is not known of an identity provider whose metadata is fetched is what it asked for when it was asked last.
    signsRequests: connector.idp?.wantsSignedRequests ?? false,
  })
}
