/**
 * @module The identity provider of a SAML connector as it is now. Metadata at an address is fetched when there is no copy,
 * each day, and when a signature is by none of its keys, at most once in five minutes; the last good copy is used for as
 * long as it says that it is valid, whatever becomes of its host meanwhile.
 */
import { GatewayError } from '../../core/error.js'
import { displayOf } from '../../core/connector/connector.js'
import type { SamlConnector } from '../../core/connector/saml.js'
import { isFetchDue, isOver, type UpstreamIdp } from '../../core/saml/upstream-idp.js'
import { formatInstant } from '../../core/time.js'
import type { StoredMetadata } from '../../store/store.js'
import type { SamlConnectorDeps } from './saml-deps.js'

/**
 * @param doubted A signature was by no key of the last answer of this function.
 * @throws GatewayError `CONNECTOR_FAILED` where nothing is known of it that could be relied on.
 */
export async function findSamlIdp(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  doubted = false,
): Promise<UpstreamIdp> {
  if (connector.idp !== undefined) return assertValid(deps, connector, connector.idp)
  const url = connector.metadataUrl ?? ''
  const { samlConnectors } = deps.store
  const kept = await samlConnectors.findMetadata(connector.name)
  const known = kept?.url === url ? kept : undefined
  const copy = isFetchDue(known, deps.clock.now(), doubted)
    ? await refresh(deps, connector, url, known)
    : known
  if (copy?.xml === undefined) {
    throw failed(connector, `there is no metadata: ${copy?.problem ?? 'it could not be fetched'}`)
  }
  return assertValid(deps, connector, deps.samlUpstream.parseMetadata(copy.xml))
}

async function refresh(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  url: string,
  known: StoredMetadata | undefined,
): Promise<StoredMetadata> {
  const { clock, samlUpstream, store, logger } = deps
  const triedAt = clock.now()
  const none = { connector: connector.name, url, xml: undefined, fetchedAt: undefined, validUntil: undefined }
  const before = { ...(known ?? none), triedAt }
  // Written first: many who wait at once, or a host that hangs, make one attempt and not one each.
  await store.samlConnectors.putMetadata({ ...before, problem: known?.problem })
  let copy: StoredMetadata
  try {
    const { allowsPrivateNetwork } = connector
    const xml = await samlUpstream.fetchMetadata({ url, allowsPrivateNetwork })
    const { validUntil } = samlUpstream.parseMetadata(xml)
    if (isOver({ validUntil }, triedAt)) {
      throw new GatewayError(
        'INVALID_METADATA',
        'the metadata at this address is no longer valid (validUntil)',
      )
    }
    copy = { ...before, xml, fetchedAt: triedAt, validUntil, problem: undefined }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    logger.warn(
      { connector: connector.name, err: error },
      'the metadata of a SAML connector cannot be fetched',
    )
    copy = { ...before, problem: error.message.slice(0, 500) }
  }
  await store.samlConnectors.putMetadata(copy)
  return copy
}

function assertValid({ clock }: SamlConnectorDeps, connector: SamlConnector, idp: UpstreamIdp): UpstreamIdp {
  if (!isOver(idp, clock.now())) return idp
  throw failed(connector, `the metadata was valid until ${formatInstant(idp.validUntil ?? 0)}; renew it`)
}

/** The person learns that it does not work; the log, and whoever tests, why. */
function failed(connector: SamlConnector, why: string): GatewayError {
  return new GatewayError(
    'CONNECTOR_FAILED',
    `${displayOf(connector)} could not be used to sign you in; start again, and if it happens again, tell an administrator, who finds the reason in the audit log`,
    { connector: connector.name, why },
  )
}
