/**
 * @module What an application would be told about a person, without telling it: the same decision and the same content
 * as a sign-in, of a service provider that is stored or only being written. Nothing is stored, signed or sent, and no
 * event is written, for nobody signs in.
 */
import { GatewayError } from '../../core/error.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import type { SamlDecision } from '../../core/role/saml-access.js'
import { chooseAcs } from '../../core/saml/acs.js'
import { planResponse, type ResponsePlan } from '../../core/saml/assertion.js'
import { describeOmitted, type OmittedAttribute } from '../../core/saml/omitted-attributes.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import { findApplication } from '../access/applications.js'
import { effectiveUser } from '../access/effective.js'
import type { Authority } from '../authority.js'
import { locksOn } from '../locks/in-force.js'
import { locksSeenBy } from '../locks/seen.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Kinds, WrittenDocument } from '../resources/kind.js'
import { collect, combineErrors } from '../resources/parse-documents.js'
import { decideSignIn, hardwareKeyOf } from './decide-sign-in.js'
import type { SamlDeps } from './deps.js'
import { unsayable } from './issue-response.js'
import { responseFacts } from './response-facts.js'

export interface TestAssertionInput {
  readonly user: string
  /** Name of a stored service provider, or one that is being written. */
  readonly serviceProvider: { readonly name: string } | { readonly document: WrittenDocument }
}

export interface TestedAssertion {
  readonly user: User
  readonly serviceProvider: ServiceProvider
  readonly acsUrl: string
  readonly effect: SamlDecision['effect']
  readonly says: string
  readonly content: ResponsePlan['content']
  readonly omitted: readonly OmittedAttribute[]
  /** Empty where no assertion could be written for this person. */
  readonly xml: string
}

export interface TestAssertionDeps extends SamlDeps {
  readonly kinds: Kinds
}

/**
 * Plays a sign-in that has just proved who it is with a password alone, started from the tile. Whoever asks must be
 * allowed to read users, and a stored service provider.
 * @throws GatewayError `NOT_FOUND` for an unknown user or service provider, `FORBIDDEN`, and whatever is wrong with
 * the document.
 */
export async function testAssertion(
  deps: TestAssertionDeps,
  input: TestAssertionInput,
  authority: Authority,
): Promise<TestedAssertion> {
  const catalog = await deps.catalog.read()
  const user = (await effectiveUser(deps.store.members, catalog, input.user, deps.clock.now()))?.user
  if (user === undefined) throw notFound('user', input.user)
  const { serviceProvider, document } = findWanted(deps, catalog, input.serviceProvider, authority)
  const acs = chooseAcs(serviceProvider, {})
  if (!acs.ok) throw new GatewayError('INVALID_METADATA', `${serviceProvider.name}: ${acs.because}`)

  const now = deps.clock.now()
  const locks = locksSeenBy(authority, locksOn(catalog, { user }, now), { kinds: deps.kinds, catalog })
  const circumstances = {
    mfa: 'none',
    ...(await hardwareKeyOf(deps.store, catalog, user.name)),
    session: undefined,
    now,
    document,
    locks,
  } as const
  const decision = decideSignIn(catalog, user, serviceProvider, circumstances)
  const maxSessionTtlMs = sessionTtlOf(decision, catalog.preference())
  const session = { authenticatedAt: now, methods: ['password'], expiresAt: now + maxSessionTtlMs }
  const signIn = {
    user: catalog.withRoleNames(user),
    serviceProvider,
    session,
    decision: { session: { maxSessionTtlMs } },
  }
  const at = { now, acsUrl: acs.url, sessionIndex: '_test' }
  const { content, survey, problems } = planResponse(responseFacts(deps, signIn, at))
  const written = write(deps, content)
  const obstacles = [...problems, ...(written.problem === undefined ? [] : [written.problem])]
  return {
    user,
    serviceProvider,
    acsUrl: acs.url,
    content,
    omitted: describeOmitted(survey, user),
    xml: written.xml,
    ...verdict(decision, obstacles, user, serviceProvider),
  }
}

/** Conditions look at the document that was given, so that they tell nothing of a stored one of the same name. */
function findWanted(
  deps: TestAssertionDeps,
  catalog: CatalogView,
  wanted: TestAssertionInput['serviceProvider'],
  authority: Authority,
): { readonly serviceProvider: ServiceProvider; readonly document: unknown } {
  if ('document' in wanted) {
    const { value, document } = parse(deps, wanted.document)
    return { serviceProvider: value, document }
  }
  const serviceProvider = findApplication(deps, catalog, wanted.name, authority)
  if (serviceProvider === undefined) throw notFound('service provider', wanted.name)
  return { serviceProvider, document: undefined }
}

/** With the line of each problem. @throws GatewayError `INVALID_RESOURCE`, `INVALID_METADATA`, as on writing it. */
function parse({ kinds }: TestAssertionDeps, written: WrittenDocument) {
  const kind = kinds.known.saml_idp_service_provider
  const { results, errors } = collect([written], ({ value }) => kind.parse(value))
  const [parsed] = results
  if (parsed === undefined) throw combineErrors(errors, 1)
  return parsed
}

function notFound(kind: string, name: string): GatewayError {
  return new GatewayError('NOT_FOUND', `there is no ${kind} "${name.slice(0, 100)}"`)
}

/** A refused sign-in has no session; what the preference gives stands in for it. */
function sessionTtlOf(decision: SamlDecision, preference: ClusterAuthPreference): number {
  return decision.effect === 'allow' ? decision.session.maxSessionTtlMs : preference.defaultSessionTtlMs
}

function write(
  deps: TestAssertionDeps,
  content: ResponsePlan['content'],
): { readonly xml: string; readonly problem?: GatewayError } {
  try {
    return { xml: deps.saml.writeReadableAssertion(content) }
  } catch (error) {
    if (!(error instanceof GatewayError) || !unsayable.includes(error.code)) throw error
    return { xml: '', problem: error }
  }
}

function verdict(
  decision: SamlDecision,
  obstacles: readonly GatewayError[],
  user: User,
  serviceProvider: ServiceProvider,
): { effect: SamlDecision['effect']; says: string } {
  const who = `"${user.name}"`
  const where = `"${serviceProvider.name}"`
  // Beside "may sign in" only a reason that allows makes sense; a role that does not match may stand before it.
  const telling = decision.reasons.filter(({ effect }) => decision.effect === 'deny' || effect === 'allow')
  const because = telling[0]?.says ?? 'No rule says more.'
  switch (decision.effect) {
    case 'deny':
      return { effect: 'deny', says: `${who} may not sign in to ${where}. ${because}` }
    case 'step_up':
    case 'allow': {
      if (obstacles.length > 0) {
        const all = obstacles.map(({ message }) => message).join('; ')
        return { effect: 'deny', says: `The roles let ${who} in, but the sign-in would fail: ${all}.` }
      }
      const after = decision.effect === 'step_up' ? ' after a fresh second factor' : ''
      return { effect: decision.effect, says: `${who} may sign in to ${where}${after}. ${because}` }
    }
  }
}
