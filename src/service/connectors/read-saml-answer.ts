/**
 * @module From the Response of an upstream identity provider to who it is about: verified, judged, and used for the first
 * time. What is refused leaves an event that says why; the person learns that it was refused.
 */
import { GatewayError } from '../../core/error.js'
import { callbackUrl } from '../../core/connector/callback.js'
import type { UpstreamIdentity } from '../../core/connector/identity.js'
import { samlEntityId, type SamlConnector } from '../../core/connector/saml.js'
import { judgeLogin, loginSkewMs } from '../../core/saml/judge-login.js'
import type { LoginRefusal, LoginResponse } from '../../core/saml/login-response.js'
import { findLoginSubject } from '../../core/saml/login-subject.js'
import type { UpstreamIdp } from '../../core/saml/upstream-idp.js'
import type { Instant } from '../../core/time.js'
import type { RequestOrigin } from '../context.js'
import { hashToken } from '../people/tokens.js'
import { recordSamlFault, type TestedBy } from './record-saml-fault.js'
import type { SamlConnectorDeps } from './saml-deps.js'
import { findSamlIdp } from './saml-idp.js'

/** What the sign-in asked for. */
export interface AskedOfIdp {
  /** Undefined where nothing was asked. */
  readonly requestId: string | undefined
  /** When the person was to prove themselves anew, if so. */
  readonly reauthenticatesSince: Instant | undefined
}

/** @throws GatewayError `CONNECTOR_REFUSED`, `CONNECTOR_FAILED`. */
export async function readSamlAnswer(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  xml: string,
  asked: AskedOfIdp,
  origin: RequestOrigin,
  test?: TestedBy,
): Promise<UpstreamIdentity> {
  const answer = await judge(deps, connector, xml, asked)
  if (answer.ok) return answer.identity
  const reference = await recordSamlFault(deps, connector, answer, origin, test)
  throw new GatewayError(
    'CONNECTOR_REFUSED',
    answer.because === 'status'
      ? 'the identity provider did not sign you in; start again, or ask its administrator'
      : 'the answer of the identity provider is refused; start again, and ask an administrator if it stays so',
    { connector: connector.name, ...(reference !== undefined && { auditReference: reference }) },
  )
}

type Judged = { readonly ok: true; readonly identity: UpstreamIdentity } | LoginRefusal

async function judge(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  xml: string,
  { requestId, reauthenticatesSince: since }: AskedOfIdp,
): Promise<Judged> {
  const read = await verify(deps, connector, xml)
  if (!read.ok) return read
  const { idp, response } = read
  const { assertion } = response
  const { usernameAttribute, subjectAttribute, allowsIdpInitiated: allowIdpInitiated } = connector
  const context = {
    now: deps.clock.now(),
    issuer: idp.entityId,
    entityId: samlEntityId(deps.publicUrl, connector.name),
    acsUrl: callbackUrl(deps.publicUrl, connector),
    requestId,
    allowIdpInitiated,
  }
  const accepted = judgeLogin(response, context)
  if (!accepted.ok) return accepted
  const subject = findLoginSubject(assertion, { ...context, usernameAttribute, subjectAttribute })
  if (!subject.ok) return subject
  const { usableUntil, notAfter, authentication } = accepted
  const id = hashToken(assertion.id)
  if (!(await deps.store.samlConnectors.useAssertion(connector.name, id, usableUntil))) {
    return { ok: false, because: 'replay', says: 'the assertion was used before' }
  }
  const identity = {
    connector: { kind: 'saml', name: connector.name },
    subject: subject.subject,
    username: subject.username,
    claims: Object.fromEntries(
      Object.entries(assertion.attributes).filter(([, values]) => values.length > 0),
    ),
    reauthenticated: since !== undefined && provedSince(response, since),
    ...(authentication !== undefined && { authentication }),
    ...(notAfter !== undefined && { notAfter }),
  } as const
  return { ok: true, identity }
}

/** ForceAuthn was asked, and the identity provider says that it obeyed. */
function provedSince({ assertion }: LoginResponse, since: Instant): boolean {
  return assertion.authnStatements.every(({ authnInstant }) => authnInstant >= since - loginSkewMs)
}

/** A signature by an unknown key may be by a new one, which fresh metadata tells. */
async function verify(
  deps: SamlConnectorDeps,
  connector: SamlConnector,
  xml: string,
): Promise<
  { readonly ok: true; readonly idp: UpstreamIdp; readonly response: LoginResponse } | LoginRefusal
> {
  const { samlUpstream } = deps
  const idp = await findSamlIdp(deps, connector)
  const read = samlUpstream.read(xml, idp.certificates)
  if (read.ok) return { ...read, idp }
  if (read.because !== 'signature' || connector.metadataUrl === undefined) return read
  const fresh = await findSamlIdp(deps, connector, true)
  const again = samlUpstream.read(xml, fresh.certificates)
  return again.ok ? { ...again, idp: fresh } : again
}
