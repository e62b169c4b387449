/**
 * @module The applications that a person sees on the Resources page, each with the decision that a click would
 * meet: a tile that cannot be opened says why.
 */
import type { SamlDecision } from '../../core/role/saml-access.js'
import { describeRefusal } from '../../core/saml/refusal.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import { decideSignIn } from './decide-sign-in.js'
import type { SamlDeps } from './deps.js'

export interface AppView {
  readonly serviceProvider: ServiceProvider
  readonly allowed: boolean
  readonly needsSessionMfa: boolean
  readonly because: string
}

export async function listApps(deps: SamlDeps, user: User): Promise<AppView[]> {
  const catalog = await deps.catalog.read()
  const serviceProviders = await deps.catalog.listServiceProviders()
  return serviceProviders.map(({ value: serviceProvider }) => {
    const decision = decideSignIn(catalog, user, serviceProvider, false)
    return {
      serviceProvider,
      allowed: decision.effect !== 'deny',
      needsSessionMfa: decision.effect === 'step_up',
      because: because(decision, serviceProvider.name),
    }
  })
}

function because(decision: SamlDecision, application: string): string {
  if (decision.effect !== 'deny') return ''
  const { title, advice } = describeRefusal(decision, application)
  return [`${title}.`, ...advice].join(' ')
}
