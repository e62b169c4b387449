/**
 * @module The roles of one person, sorted by what they do to one sign-in. Roles of the same class are interchangeable:
 * the decision over all of them equals the decision over one of each class, so that trying a change costs the same
 * for a person with one role and with a thousand. It asks the decision itself for the class of a role and repeats
 * none of its rules.
 */
import type { Role } from '../role/role.js'
import { decideSamlAccess, type SamlAccessInput, type SamlDecision } from '../role/saml-access.js'

export type Effect = SamlDecision['effect']

/** What a role alone does, everything else being favourable. */
export function classOf(role: Role, input: SamlAccessInput): string {
  if (role.origin === 'account_assignment') return 'takes no part'
  const alone = decideSamlAccess({
    ...input,
    ...withOnly([role], input),
    locks: [],
    preference: {
      ...input.preference,
      samlIdpEnabled: true,
      requireSessionMfa: 'off',
      deviceTrustMode: 'off',
    },
    session: { mfa: 'hardware_key_pin', hardwareKey: true, device: 'trusted' },
  })
  const allows = alone.effect !== 'deny' || alone.because === 'mfa_unavailable'
  if (!allows) return alone.because === 'no_role_matches' ? 'does not match' : 'denies'
  const { requireSessionMfa, deviceTrustMode } = role.options
  // Device trust of roles counts from v8 on; what does not count must not keep roles apart.
  return role.version === 'v8' ? `v8 ${requireSessionMfa} ${deviceTrustMode}` : `older ${requireSessionMfa}`
}

/**
 * Some of the roles, with the names of the others where a condition may look at the list of roles. A change of that
 * list may change what such a condition says of another role, which classes do not see: whoever tells a change makes
 * the whole decision once more.
 */
function withOnly(
  roles: readonly Role[],
  input: SamlAccessInput,
): Pick<SamlAccessInput, 'roles' | 'missingRoles'> {
  if (!roles.some(looksAtRoles)) return { roles, missingRoles: [] }
  const others = input.roles.filter((role) => !roles.includes(role)).map(({ name }) => name)
  return { roles, missingRoles: [...others, ...input.missingRoles] }
}

function looksAtRoles({ allow, deny }: Role): boolean {
  const conditions = [
    allow.appLabelsExpression,
    deny.appLabelsExpression,
    ...deny.rules.map(({ where }) => where),
  ]
  return conditions.some((text) => text?.includes('roles') ?? false)
}

export class RoleClasses {
  readonly #input: SamlAccessInput
  readonly #classes = new Map<string, Role[]>()
  readonly #known = new Map<string, Effect>()

  /** `input.roles` are those that the person holds. */
  constructor(input: SamlAccessInput) {
    this.#input = input
    for (const role of input.roles) {
      const key = classOf(role, input)
      const members = this.#classes.get(key)
      if (members === undefined) this.#classes.set(key, [role])
      else members.push(role)
    }
  }

  /** The held roles of each class that has one member only: taking away any other changes nothing. */
  singles(): Role[] {
    return [...this.#classes.values()].flatMap((members) => (members.length === 1 ? members : []))
  }

  /** The held roles of a class, such as `does not match` or `denies`. */
  membersOf(key: string): readonly Role[] {
    return this.#classes.get(key) ?? []
  }

  /** The decision without one held role, with one more role, or both: an edit. */
  effect(change: { readonly without?: Role; readonly with?: Role }): Effect {
    const gone = change.without === undefined ? undefined : this.#lastOfItsClass(change.without)
    const added = change.with === undefined ? undefined : classOf(change.with, this.#input)
    const key = `${gone ?? ''} -> ${added ?? ''}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const roles = [...this.#classes].flatMap(([name, members]) => (name === gone ? [] : members.slice(0, 1)))
    if (change.with !== undefined) roles.push(change.with)
    const { effect } = decideSamlAccess({ ...this.#input, ...withOnly(roles, this.#input) })
    this.#known.set(key, effect)
    return effect
  }

  #lastOfItsClass(role: Role): string | undefined {
    for (const [key, members] of this.#classes) {
      if (members.length === 1 && members[0] === role) return key
    }
    return undefined
  }
}
