/**
 * @module The applications that a person sees on the Resources page, each with the decision that a click would
 * meet: a tile that cannot be opened says why.
 */
import { findNameIdProblem } from '../../core/saml/assertion.js'
import { describeRefusal, describeUnsayable } from '../../core/saml/refusal.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import { personAt, type Assumed } from '../access-requests/assumed.js'
import { decideSignIn, hardwareKeyOf } from './decide-sign-in.js'
import type { SamlDeps } from './deps.js'

export interface AppView {
  readonly serviceProvider: ServiceProvider
  readonly allowed: boolean
  readonly needsSessionMfa: boolean
  readonly because: string
}

/** With what the session has assumed. */
export interface Person {
  readonly user: User
  readonly assumed?: Assumed | undefined
}

export async function listApps(deps: SamlDeps, person: Person): Promise<AppView[]> {
  const catalog = await deps.catalog.read()
  const serviceProviders = await deps.catalog.listServiceProviders()
  const circumstances = {
    mfa: 'none',
    ...(await hardwareKeyOf(deps.store, catalog, person.user.name)),
    session: undefined,
    now: deps.clock.now(),
  } as const
  return serviceProviders.map(({ value: serviceProvider }) => {
    const user = personAt(person, serviceProvider.name)
    const decision = decideSignIn(catalog, user, serviceProvider, circumstances)
    if (decision.effect === 'deny') {
      const { title, advice } = describeRefusal(decision, serviceProvider.name)
      return refused(serviceProvider, [`${title}.`, ...advice])
    }
    const problem = findNameIdProblem(user, serviceProvider)
    if (problem !== undefined) {
      const { title, reasons, advice } = describeUnsayable(problem, serviceProvider.name)
      return refused(serviceProvider, [`${title}.`, ...reasons.map((reason) => `${reason}.`), ...advice])
    }
    return { serviceProvider, allowed: true, needsSessionMfa: decision.effect === 'step_up', because: '' }
  })
}

function refused(serviceProvider: ServiceProvider, sentences: readonly string[]): AppView {
  return { serviceProvider, allowed: false, needsSessionMfa: false, because: sentences.join(' ') }
}
