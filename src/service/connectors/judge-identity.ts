/**
 * @module What an identity of an upstream comes to here: traits by login rules, roles by the mapping, and whom it signs
 * in. Reads and decides, writes nothing: the sign-in and the test of a connector ask the same.
 */
import { isCode } from '../../core/error.js'
import type { Connector } from '../../core/connector/connector.js'
import { findIdentityProblem, type UpstreamIdentity } from '../../core/connector/identity.js'
import {
  decideLink,
  describeLinkRefusal,
  type BindsBy,
  linkRefusalForPerson,
} from '../../core/connector/link.js'
import { applyLoginRules, type AppliedRule } from '../../core/connector/login-rules.js'
import { mapRoles, type MappedLine } from '../../core/connector/map-roles.js'
import { mergeTraits } from '../../core/trait.js'
import type { Traits, User } from '../../core/user/user.js'
import type { ConnectorIdentity, StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { storedRoleNames } from '../resources/role-refs.js'

export interface SignInVerdict {
  readonly effect: 'sign_in'
  /** As it is from now on. */
  readonly user: User
  /** What there was; undefined for somebody who had no user. */
  readonly before: User | undefined
  /** The subject is bound to the user for the first time. */
  readonly binds: boolean
  /** What told that the subject is a user who was there already, where it is bound now. */
  readonly bindsBy: BindsBy | undefined
  /** What the upstream calls the user today, where that is not the name here. */
  readonly calledNow: string | undefined
}

export interface RefusedVerdict {
  readonly effect: 'refuse'
  /** For administrators and the log. */
  readonly why: string
  /** For the person, and the `error` of the event. */
  readonly says: string
  /** Whose name it is, where there is one. */
  readonly user: string | undefined
}

export interface Judgement {
  readonly rules: readonly AppliedRule[]
  readonly lines: readonly MappedLine[]
  /** Names that the mapping gives and no role has. */
  readonly unknownRoles: readonly string[]
  /** What the claims give: they are the person's where the verdict signs in. */
  readonly roles: readonly string[]
  readonly traits: Traits
  readonly verdict: SignInVerdict | RefusedVerdict
}

/** The words of the reference, which runbooks look for. */
const noRoles = 'No roles mapped from claims. The mappings may contain typos.'

/** What is read for it. */
interface Read {
  readonly connectors: Pick<StoreTransaction['connectors'], 'findIdentity' | 'findIdentityOf'>
  readonly directories: Pick<StoreTransaction['directories'], 'findByName'>
}

export async function judgeIdentity(
  store: Read,
  catalog: CatalogView,
  identity: UpstreamIdentity,
): Promise<Judgement> {
  const nothing = { rules: [], lines: [], unknownRoles: [], roles: [], traits: {} }
  const connector = catalog.connector(identity.connector.name)
  if (connector?.kind !== identity.connector.kind) {
    return { ...nothing, verdict: refused('the connector was removed meanwhile', 'start again') }
  }
  const problem = findIdentityProblem(identity)
  if (problem !== undefined) return { ...nothing, verdict: refused(problem, unusable) }
  const rules = catalog.loginRules()
  if (rules === undefined) {
    return { ...nothing, verdict: refused('a stored login rule cannot be read', unusable) }
  }
  let applied
  try {
    applied = applyLoginRules(rules, identity.claims)
  } catch (error) {
    if (!isCode(error, 'INVALID_EXPRESSION')) throw error
    return { ...nothing, verdict: refused(`a login rule fails: ${error.message}`, unusable) }
  }
  const { traits, applied: appliedRules } = applied
  const mapped = mapRoles(connector.mappings, traits)
  const { roles, unknownRoles } = knownRoles(mapped.roles, catalog)
  const verdict =
    connector.mappings.length > 0 && roles.length === 0
      ? refused(noRoles, noRoles)
      : await link(store, catalog, { connector, identity, roles, traits })
  return { rules: appliedRules, lines: mapped.lines, unknownRoles, roles, traits, verdict }
}

const unusable = 'what the identity provider says of you cannot be used; ask an administrator'

function refused(why: string, says: string, user?: string): RefusedVerdict {
  return { effect: 'refuse', why, says, user }
}

/** Names that no role has give nothing, and must not wait in a user for somebody to make such a role. */
function knownRoles(
  mapped: readonly string[],
  catalog: CatalogView,
): Pick<Judgement, 'roles' | 'unknownRoles'> {
  const { roles: stored, problems } = storedRoleNames(mapped, catalog.inventory)
  const impossible = problems.map(({ index }) => mapped[index] ?? '')
  const { missing } = catalog.rolesOf({ roles: stored })
  const unknown = new Set([...missing, ...impossible])
  return { roles: stored.filter((name) => !unknown.has(name)), unknownRoles: [...unknown] }
}

async function link(
  { connectors, directories }: Read,
  catalog: CatalogView,
  given: {
    readonly connector: Connector
    readonly identity: UpstreamIdentity
    readonly roles: readonly string[]
    readonly traits: Traits
  },
): Promise<Judgement['verdict']> {
  const { connector, identity, traits } = given
  // Names of users are in form NFC.
  const username = identity.username.normalize('NFC')
  const binding = await connectors.findIdentity(connector.name, identity.subject)
  const other = catalog.lookAlike(username)
  const sameName = other === undefined ? undefined : catalog.user(other)
  if (other !== undefined && sameName === undefined) {
    return refused(
      `the user "${other}" cannot be read`,
      linkRefusalForPerson('name_of_another_origin'),
      other,
    )
  }
  const pushed = sameName && (await directories.findByName('user', sameName.name))
  const said = { username, claims: identity.claims }
  const verdict = decideLink(connector, said, {
    bound: binding && catalog.user(binding.user),
    sameName: sameName && {
      user: sameName,
      boundSubject: (await connectors.findIdentityOf(sameName.name))?.subject,
      pushed,
    },
  })
  switch (verdict.effect) {
    case 'refuse': {
      const { why, other: whose } = verdict
      const words = describeLinkRefusal(why, username, whose, connector)
      return refused(words, linkRefusalForPerson(why), whose?.name)
    }
    case 'create': {
      const origin = { kind: 'connector', connector: connector.name } as const
      const user = { name: verdict.name, roles: given.roles, traits, origin }
      const made = { before: undefined, binds: true, bindsBy: undefined, calledNow: undefined }
      return { effect: 'sign_in', user, ...made }
    }
    case 'sign_in': {
      const { user: before, binds, bindsBy, calledNow } = verdict
      const roles = connector.mappings.length === 0 ? before.roles : given.roles
      const user = { ...before, roles, traits: replaceTraits(before.traits, binding, traits) }
      return { effect: 'sign_in', user, before, binds, bindsBy, calledNow }
    }
  }
}

/** What the last sign-in gave goes; what came another way, as by SCIM, stays where the claims say nothing of it. */
function replaceTraits(before: Traits, binding: ConnectorIdentity | undefined, given: Traits): Traits {
  const kept = Object.entries(before).filter(([name]) => {
    return !Object.hasOwn(given, name) && !binding?.traits.includes(name)
  })
  return mergeTraits(Object.fromEntries(kept), given)
}
