/**
 * @module Decides everything that a success Response says: subject, audience, times, attributes. Pure data;
 * `src/saml` writes and signs it byte for byte.
 */
import { GatewayError } from '../error.js'
import { minute, type DurationMs, type Instant } from '../time.js'
import type { User } from '../user/user.js'
import { awsPreset, surveyAttributes, type Attribute, type AttributeSurvey } from './attributes.js'
import type { ServiceProvider } from './service-provider.js'
import { authnContexts, nameIdFormats } from './urns.js'

/** How far the service provider's clock may be behind ours. */
export const notBeforeLeewayMs: DurationMs = minute
/** How long the assertion may be presented: the walk of a browser, not a session. */
export const assertionLifetimeMs: DurationMs = 5 * minute

export interface ResponseFacts {
  readonly user: User
  readonly serviceProvider: ServiceProvider
  /** Out of the service provider's metadata, see `acs.ts`. */
  readonly acsUrl: string
  /** ID of the answered AuthnRequest; undefined when IdP-initiated. */
  readonly inResponseTo: string | undefined
  readonly now: Instant
  readonly ids: { readonly responseId: string; readonly assertionId: string; readonly sessionIndex: string }
  /** Entity ID of this identity provider. */
  readonly issuer: string
  /** When the person last proved who they are. */
  readonly authnInstant: Instant
  /** End of the gateway session; the session at the service provider never outlives it. */
  readonly sessionExpiresAt: Instant
  /** The shortest session limit among the roles. */
  readonly maxSessionTtlMs?: DurationMs | undefined
  /** Proofs given in this session, such as `password` and `totp`. */
  readonly authnMethods: readonly string[]
  /** Roles in force, for the default attribute; the user's own where left out. */
  readonly roles?: readonly string[] | undefined
}

export interface SuccessContent {
  readonly responseId: string
  readonly assertionId: string
  readonly issueInstant: Instant
  /** Entity ID of the identity provider. */
  readonly issuer: string
  /** The ACS: Destination of the Response and Recipient of the subject confirmation. */
  readonly acsUrl: string
  readonly inResponseTo: string | undefined
  readonly audience: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly notBefore: Instant
  readonly notOnOrAfter: Instant
  readonly authnInstant: Instant
  readonly sessionIndex: string
  readonly sessionNotOnOrAfter: Instant
  readonly authnContextClassRef: string
  readonly attributes: readonly Attribute[]
}

/**
 * RFC 2822 addr-spec in the form that AWS accepts in practice: a dot-atom on both sides. No quoted local parts,
 * comments or address literals: Identity Center has no user of such a name.
 */
const addrSpec =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/

/** Whether `name` can be a NameID for AWS IAM Identity Center: a plain mail address. */
export function isAddrSpec(name: string): boolean {
  return name.length <= 254 && addrSpec.test(name)
}

/** Why this user has no name that the service provider takes, if so; in the person's words. */
export function findNameIdProblem(user: User, sp: ServiceProvider): string | undefined {
  if (sp.preset !== awsPreset || isAddrSpec(user.name)) return undefined
  return (
    `your user name "${user.name}" is no mail address, and AWS IAM Identity Center wants one as the name of the ` +
    'user, equal to the userName there; you need a user under that address'
  )
}

/** What a Response would say, and whatever stands in its way. */
export interface ResponsePlan {
  readonly content: SuccessContent
  readonly survey: AttributeSurvey
  /** In the order in which a sign-in would meet them; the first one refuses it. */
  readonly problems: readonly GatewayError[]
}

/** Works out the content without refusing anything: for {@link buildResponseContent} and for the test of a mapping. */
export function planResponse(facts: ResponseFacts): ResponsePlan {
  const { user, serviceProvider: sp, now } = facts
  const problems: GatewayError[] = []
  if (findNameIdProblem(user, sp) !== undefined) {
    const message =
      `user "${user.name}" cannot sign in to "${sp.name}": AWS IAM Identity Center wants a mail address as the ` +
      'name of the user, equal to the userName there; create the user again under that address'
    problems.push(
      new GatewayError('INVALID_RESOURCE', message, { user: user.name, serviceProvider: sp.name }),
    )
  }
  const sessionNotOnOrAfter = Math.min(
    facts.sessionExpiresAt,
    facts.maxSessionTtlMs === undefined ? Infinity : now + facts.maxSessionTtlMs,
  )
  if (sessionNotOnOrAfter <= now) {
    const message = `the session of user "${user.name}" has ended; sign in again`
    problems.push(new GatewayError('NOT_SIGNED_IN', message))
  }
  const survey = surveyAttributes(user, sp, facts.roles)
  const content: SuccessContent = {
    ...facts.ids,
    issueInstant: now,
    issuer: facts.issuer,
    acsUrl: facts.acsUrl,
    inResponseTo: facts.inResponseTo,
    audience: sp.entityId,
    nameId: user.name,
    nameIdFormat: nameIdFormats.emailAddress,
    notBefore: now - notBeforeLeewayMs,
    notOnOrAfter: now + assertionLifetimeMs,
    authnInstant: facts.authnInstant,
    sessionNotOnOrAfter,
    authnContextClassRef: authnContextFor(facts.authnMethods),
    attributes: survey.attributes,
  }
  return { content, survey, problems: [...problems, ...survey.problems] }
}

/**
 * Builds the content.
 * @throws GatewayError `INVALID_RESOURCE` or `INVALID_EXPRESSION` where this user cannot be announced to this service
 * provider, `NOT_SIGNED_IN` where the session is over.
 */
export function buildResponseContent(facts: ResponseFacts): SuccessContent {
  const { content, problems } = planResponse(facts)
  const [problem] = problems
  if (problem !== undefined) throw problem
  return content
}

/**
 * The class that tells the strongest proof given (SAML Authentication Context 3.4). Every password travels by TLS,
 * or by loopback in a demo.
 */
export function authnContextFor(methods: readonly string[]): string {
  if (methods.includes('totp')) return authnContexts.timeSyncToken
  if (methods.includes('password')) return authnContexts.passwordProtectedTransport
  return authnContexts.unspecified
}
