/** @module What a test of a connector tells, as it is kept until whoever began it has read it. */
import type { Connector } from '../../core/connector/connector.js'
import type { UpstreamIdentity } from '../../core/connector/identity.js'
import type { BindsBy } from '../../core/connector/link.js'
import type { Traits } from '../../core/user/user.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { shownRoleNames } from '../resources/role-refs.js'
import type { Judgement } from './judge-identity.js'

export interface ConnectorTestReport {
  readonly verdict: {
    readonly effect: 'sign_in' | 'refuse'
    /** The user that would be signed in, or whose name it is. */
    readonly user?: string | undefined
    /** Whether the user would be made, bound for the first time, or is known. */
    readonly how?: 'made' | 'bound' | 'known' | undefined
    /** What told that the subject is the user, where it would be bound. */
    readonly bindsBy?: BindsBy | undefined
    readonly why?: string | undefined
  }
  /** What users of a directory are bound by at their first sign-in; undefined where the connector has no directory. */
  readonly pushedUsersBy?: BindsBy | undefined
  /** Undefined where the upstream said nothing that can be believed. */
  readonly identity?: {
    readonly username: string
    readonly subject: string
    readonly authentication?: string | undefined
    readonly claims: Traits
  }
  readonly rules: readonly { readonly name: string; readonly priority: number; readonly traits: Traits }[]
  readonly lines: readonly {
    readonly claim: string
    readonly value: string
    readonly matched: readonly string[]
    readonly given: readonly string[]
  }[]
  readonly unknownRoles: readonly string[]
  readonly roles: readonly string[]
  readonly traits: Traits
}

const nothing = { rules: [], lines: [], unknownRoles: [], roles: [], traits: {} }

/** The upstream gave no identity. */
export function failedReport(why: string): ConnectorTestReport {
  return { verdict: { effect: 'refuse', why }, ...nothing }
}

export function buildReport(
  identity: UpstreamIdentity,
  { verdict, rules, lines, unknownRoles, roles, traits }: Judgement,
  catalog: CatalogView,
): ConnectorTestReport {
  const { username, subject, authentication, claims } = identity
  const signs = verdict.effect === 'sign_in' ? verdict : undefined
  const how = signs && (signs.before === undefined ? 'made' : signs.binds ? 'bound' : 'known')
  return {
    verdict: {
      effect: verdict.effect,
      user: verdict.effect === 'sign_in' ? verdict.user.name : verdict.user,
      how,
      bindsBy: signs?.bindsBy,
      why: verdict.effect === 'refuse' ? verdict.why : undefined,
    },
    pushedUsersBy: pushedUsersBy(catalog.connector(identity.connector.name)),
    identity: { username, subject, authentication, claims },
    rules,
    lines: lines.map(({ claim, value, matched, given }) => ({ claim, value, matched, given })),
    unknownRoles,
    roles: shownRoleNames(signs?.user.roles ?? roles, catalog.inventory),
    traits: signs?.user.traits ?? traits,
  }
}

/** GitHub pushes nobody. */
function pushedUsersBy(connector: Connector | undefined): BindsBy | undefined {
  if (connector === undefined || connector.kind === 'github') return undefined
  return connector.scimExternalIdClaim === undefined ? 'name' : 'external_id'
}
