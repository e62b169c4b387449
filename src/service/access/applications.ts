/** @module The applications that somebody may sign in to, each with the decision that a click now would meet. */
import { findNameIdProblem } from '../../core/saml/assertion.js'
import { describeUnsayable } from '../../core/saml/refusal.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { decideSamlAccess, type SamlAccessInput, type SamlDecision } from '../../core/role/saml-access.js'
import type { Authority } from '../authority.js'
import { meansOfPerson } from '../people/factors.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { forbidden, mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import { findHolder, type AccessDeps } from './holder.js'

export interface ApplicationView {
  readonly serviceProvider: ServiceProvider
  readonly effect: 'allow' | 'deny' | 'step_up'
  /** What decided, in one sentence. */
  readonly says: string
}

/** @throws GatewayError as `findHolder` does. */
export async function listUserApplications(
  deps: AccessDeps,
  name: string,
  authority: Authority,
): Promise<ApplicationView[]> {
  const { user, isMachine, roles, missing, locks, catalog } = await findHolder(deps, name, authority)
  const visible = visibleApplications(deps, catalog, authority)
  if (isMachine) {
    const says = 'Machine users do not sign in to applications.'
    return visible.map((serviceProvider) => ({ serviceProvider, effect: 'deny', says }))
  }
  const { hardwareKey } = await meansOfPerson(deps.store, catalog.preference(), user.name)
  return visible.map((serviceProvider) => {
    const session = { mfa: 'none', hardwareKey, device: 'none' } as const
    const input = { catalog, user, roles, missingRoles: missing, serviceProvider, locks, session }
    const view = judgeApplication(input)
    const problem = view.effect === 'deny' ? undefined : findNameIdProblem(user, serviceProvider)
    if (problem === undefined) return view
    const { title, reasons } = describeUnsayable(problem, serviceProvider.name)
    return { serviceProvider, effect: 'deny', says: `${title}: ${reasons.join('. ')}.` }
  })
}

/**
 * The application of this name, if there is one that can be read as it is stored. Where whoever asks may read some
 * applications only, one that does not exist is refused in the same words as a hidden one.
 * @throws GatewayError `FORBIDDEN`.
 */
export function findApplication(
  { kinds }: Pick<AccessDeps, 'kinds'>,
  catalog: CatalogView,
  name: string,
  authority: Authority,
): ServiceProvider | undefined {
  const right = { resource: 'saml_idp_service_provider', verb: 'read' }
  const parsed = catalog.parsed('saml_idp_service_provider').get(name)
  const document = parsed && shownDocument(kinds.known.saml_idp_service_provider, parsed, catalog)
  if (mayOnResource(authority, right, document).effect !== 'allow') throw forbidden(authority, right, name)
  return catalog.serviceProviderByName(name)
}

/** The applications that whoever asks may know of, by name. */
export function visibleApplications(
  { kinds }: Pick<AccessDeps, 'kinds'>,
  catalog: CatalogView,
  authority: Authority,
): ServiceProvider[] {
  const kind = kinds.find('saml_idp_service_provider')
  const right = { resource: 'saml_idp_service_provider', verb: 'read' }
  return catalog.serviceProviders().flatMap(({ value }) => {
    const parsed = catalog.parsed(right.resource).get(value.name)
    const document = kind && parsed && shownDocument(kind, parsed, catalog)
    return mayOnResource(authority, right, document).effect === 'allow' ? [value] : []
  })
}

export function judgeApplication({
  catalog,
  ...input
}: Omit<SamlAccessInput, 'preference' | 'resource' | 'serviceProvider'> & {
  readonly catalog: CatalogView
  readonly serviceProvider: ServiceProvider
}): ApplicationView {
  const { serviceProvider } = input
  const resource = catalog.parsed('saml_idp_service_provider').get(serviceProvider.name)?.stored.document
  const decision = decideSamlAccess({ ...input, resource, preference: catalog.preference() })
  return { serviceProvider, effect: decision.effect, says: describe(decision) }
}

function describe({ effect, reasons }: SamlDecision): string {
  const [first] = effect === 'allow' ? reasons.filter((reason) => reason.effect === 'allow') : reasons
  return first?.says ?? 'No role says anything of it.'
}
