/**
 * @module All kinds of resources. A new kind is a folder here, its lines below, a line of `KnownValues` for the type of
 * its values, and its audit events: codes in `core/audit/event.ts`, sentences in `core/audit/describe.ts`, rows of
 * `docs/audit-events.md`. Those tables are closed on purpose: no event is written whose code nobody documented. API,
 * command line, the general pages and the start-up file work from the definition; what a kind has beside them (a page or
 * a command of its own) is written for it.
 */
import type { Clock } from '../lib/clock.js'
import type { Kind, Kinds } from '../service/resources/kind.js'
import { accessListKind } from './access_list/kind.js'
import { accessListMemberKind } from './access_list_member/kind.js'
import { reviewRuleKind } from './access_review_rule/kind.js'
import { clusterAuthPreferenceKind } from './cluster_auth_preference/kind.js'
import { createGithubKind } from './github/kind.js'
import { createIntegrationKind } from './integration/kind.js'
import { createLockKind } from './lock/kind.js'
import { loginRuleKind } from './login_rule/kind.js'
import { createOidcKind, type ConnectorKindDeps } from './oidc/kind.js'
import { pluginKind } from './plugin/kind.js'
import { roleKind } from './role/kind.js'
import { createServiceProviderKind, type ServiceProviderKindDeps } from './saml_idp_service_provider/kind.js'
import { createTokenKind } from './token/kind.js'
import { userKind } from './user/kind.js'
import { createWebhookKind, type WebhookKindDeps } from './webhook/kind.js'

export interface KindDeps
  extends ServiceProviderKindDeps, Omit<WebhookKindDeps, 'sealer'>, ConnectorKindDeps {
  readonly clock: Clock
  /** The issuer of integrations that name none. */
  readonly publicUrl: string
}

export function createKinds(deps: KindDeps): Kinds {
  const known: Kinds['known'] = {
    role: roleKind,
    user: userKind,
    token: createTokenKind(deps),
    saml_idp_service_provider: createServiceProviderKind(deps),
    cluster_auth_preference: clusterAuthPreferenceKind,
    integration: createIntegrationKind(deps),
    plugin: pluginKind,
    access_list: accessListKind,
    access_review_rule: reviewRuleKind,
    lock: createLockKind(deps),
    webhook: createWebhookKind(deps),
    login_rule: loginRuleKind,
    oidc: createOidcKind(deps),
    github: createGithubKind(deps),
  }
  // In the order in which a file of several is applied: what others refer to comes first.
  const all = [
    ofAnyValue(known.role),
    ofAnyValue(known.login_rule),
    ofAnyValue(known.oidc),
    ofAnyValue(known.github),
    ofAnyValue(known.user),
    ofAnyValue(known.token),
    ofAnyValue(known.saml_idp_service_provider),
    ofAnyValue(known.cluster_auth_preference),
    ofAnyValue(known.integration),
    ofAnyValue(known.plugin),
    ofAnyValue(known.access_list),
    ofAnyValue(accessListMemberKind),
    ofAnyValue(known.access_review_rule),
    ofAnyValue(known.lock),
    ofAnyValue(known.webhook),
  ]
  const words = new Map(
    all.flatMap((kind) => [kind.name, kind.plural, ...kind.aliases].map((word) => [word, kind])),
  )
  return { all, known, find: (word) => words.get(word.toLowerCase().replaceAll('-', '_')) }
}

/** The hooks of a kind are only ever given values that its own parser made, so their type need not be known. */
function ofAnyValue<V>(kind: Kind<V>): Kind {
  return kind as Kind
}
