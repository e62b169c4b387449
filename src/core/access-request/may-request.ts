/**
 * @module Whether a person may ask for something, and on which terms. A deny of any of their roles wins. Roles of
 * `search_as_roles` that do not give what is asked for are left out; what a person has already may be asked for again,
 * but not a role that they hold.
 */
import {
  isReservedRoleName,
  parseAssignmentRoleRef,
  resolveAssignmentRole,
} from '../inventory/assignment-role.js'
import { decidePair } from '../role/pair-access.js'
import type { Role } from '../role/role.js'
import { decideSamlAccess } from '../role/saml-access.js'
import type { ServiceProvider } from '../saml/service-provider.js'
import type { ItemTerms, Requestable } from './access-request.js'
import { requestRules, type RequestRules } from './role-patterns.js'
import { everyRoleName, namesOfAssignment, type Requester, type RequestWorld } from './world.js'

export type ItemVerdict =
  | { readonly ok: true; readonly terms: ItemTerms }
  | {
      readonly ok: false
      readonly says: string
      /** No role lets them ask: whether there is such a thing, and what it is called, is not for them. */
      readonly isHidden?: true
    }

/** The role of an assignment is asked for as that assignment; undefined where the name means none. */
export function resolveAsked(asked: Requestable, world: RequestWorld): Requestable | undefined {
  if (asked.kind !== 'role') return asked
  if (!isReservedRoleName(asked.name) && parseAssignmentRoleRef(asked.name) === undefined) return asked
  const pair = resolveAssignmentRole(world.inventory, asked.name)
  if (pair === undefined) return undefined
  return { kind: 'assignment', accountId: pair.account.id, permissionSetArn: pair.permissionSet.arn }
}

/** Whether this person may ask for it. For many items of one person see {@link requestJudge}. */
export function judgeItem(requester: Requester, asked: Requestable, world: RequestWorld): ItemVerdict {
  return requestJudge(requester, world).judge(asked)
}

/** Judges items of one person: what their roles say is worked out once. */
export interface RequestJudge {
  readonly judge: (asked: Requestable) => ItemVerdict
  /** The same where it does not matter that they hold the role by now. */
  readonly judgeAgain: (asked: Requestable) => ItemVerdict
  /** Roles that resources are searched with, less those that a role denies; by name. */
  readonly searchRoles: readonly SearchRole[]
}

export interface SearchRole {
  readonly role: Role
  /** Names of the person's roles whose `search_as_roles` have it; sorted. */
  readonly allowedBy: readonly string[]
}

export function requestJudge(requester: Requester, world: RequestWorld): RequestJudge {
  const rules = requestRules(requester.roles, requester.user.traits)
  const person: Person = { ...requester, world, rules, searchRoles: findSearchRoles(requester, rules, world) }
  const judgeAgain = (asked: Requestable): ItemVerdict => {
    const resolved = resolveAsked(asked, world)
    if (resolved === undefined) return hide(`No role of yours lets you ask for ${describe(asked)}.`)
    switch (resolved.kind) {
      case 'role':
        return judgeRole(person, resolved.name)
      case 'assignment':
        return judgeAssignment(person, resolved)
      case 'app':
        return judgeApp(person, resolved.name)
    }
  }
  return {
    searchRoles: person.searchRoles,
    judgeAgain,
    judge: (asked) => {
      const isHeld = asked.kind === 'role' && requester.roles.some((role) => hasName(role, asked.name))
      return isHeld ? refuse(`You have ${describe(asked)} already.`) : judgeAgain(asked)
    },
  }
}

/** Whether the person can sign in to it now, with what a session may have to prove left aside. */
export function canSignIn(
  { user, roles }: Requester,
  serviceProvider: ServiceProvider,
  { preference }: Pick<RequestWorld, 'preference'>,
): boolean {
  return decideSignIn({ user, roles }, serviceProvider, preference).opens
}

interface Person extends Requester {
  readonly world: RequestWorld
  readonly rules: RequestRules
  readonly searchRoles: readonly SearchRole[]
}

function findSearchRoles({ roles }: Requester, rules: RequestRules, world: RequestWorld): SearchRole[] {
  const denied = new Set(roles.flatMap(({ deny }) => deny.request?.searchAsRoles ?? []))
  const allowedBy = new Map<string, string[]>()
  for (const { name, allow } of roles) {
    for (const search of new Set(allow.request?.searchAsRoles)) {
      allowedBy.set(search, [...(allowedBy.get(search) ?? []), name])
    }
  }
  const found = new Map<string, SearchRole>()
  for (const [name, by] of [...allowedBy].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const role = world.role(name)
    if (role === undefined) continue
    const names = [role.name, ...(role.otherNames ?? [])]
    if (names.some((one) => denied.has(one)) || rules.deniedBy(names) !== undefined) continue
    const before = found.get(role.name)?.allowedBy ?? []
    found.set(role.name, { role, allowedBy: [...new Set([...before, ...by])].sort() })
  }
  return [...found.values()]
}

function judgeRole(person: Person, name: string): ItemVerdict {
  const { rules, world } = person
  const what = `the role ${name}`
  const allowedBy = rules.allowedBy([name])
  // Before any denial: a denial tells of what is there, which who may not ask does not hear.
  if (allowedBy.length === 0) return hide(`No role of yours lets you ask for ${what}.`)
  const denied = rules.deniedBy([name])
  if (denied !== undefined) return refuse(`Your role ${denied} denies asking for ${what}.`)
  if (world.isUnreadable(name))
    return refuse(`The role ${name} cannot be read; an administrator has to correct it.`)
  if (world.role(name) === undefined) return refuse(`There is no role ${name}.`)
  return allow(person, [name], allowedBy)
}

function judgeAssignment(person: Person, asked: Extract<Requestable, { kind: 'assignment' }>): ItemVerdict {
  const { rules, world, roles, searchRoles } = person
  const names = namesOfAssignment(world, asked)
  const [shown = ''] = names
  const what = `the account assignment ${shown}`
  const byName = rules.allowedBy(names)
  const giving = searchRoles.filter(({ role }) => decidePair([role], asked).effect === 'allow')
  if (byName.length === 0 && giving.length === 0) return hide(`No role of yours lets you ask for ${what}.`)
  const denied = rules.deniedBy(names)
  if (denied !== undefined) return refuse(`Your role ${denied} denies asking for ${what}.`)
  const refusing = roles.find((role) => decidePair([role], asked).because === 'denied_by_role')
  if (refusing !== undefined) {
    return refuse(`Your role ${refusing.name} denies ${what}, so that no request could give it.`)
  }
  if (names.length === 1) return refuse(`There is no such account or permission set now: ${shown}.`)
  return allow(
    person,
    [...(byName.length === 0 ? [] : [shown]), ...giving.map(({ role }) => role.name)],
    [...byName, ...giving.flatMap(({ allowedBy }) => allowedBy)],
  )
}

function judgeApp(person: Person, name: string): ItemVerdict {
  const { world, searchRoles, user, roles } = person
  const what = `the application ${name}`
  const app = world.app(name)
  const opens = (held: readonly Role[], serviceProvider: ServiceProvider) =>
    decideSignIn({ user, roles: held }, serviceProvider, world.preference)
  const giving = app === undefined ? [] : searchRoles.filter(({ role }) => opens([role], app).opens)
  if (app === undefined || giving.length === 0) return hide(`No role of yours lets you ask for ${what}.`)
  const together = opens([...roles, ...giving.map(({ role }) => role)], app)
  if (!together.opens) return refuse(`What you have already keeps you from ${what}: ${together.says}`)
  return allow(
    person,
    giving.map(({ role }) => role.name),
    giving.flatMap(({ allowedBy }) => allowedBy),
  )
}

/** Conditions on the session, such as a second factor, are met at the sign-in and refuse nobody before it. */
function decideSignIn(
  { user, roles }: Requester,
  serviceProvider: ServiceProvider,
  preference: RequestWorld['preference'],
): { readonly opens: boolean; readonly says: string } {
  const decision = decideSamlAccess({
    user,
    roles,
    missingRoles: [],
    serviceProvider,
    preference,
    session: { mfa: 'hardware_key_pin', hardwareKey: true, device: 'trusted' },
    locks: [],
  })
  if (decision.effect !== 'deny' || decision.because === 'mfa_unavailable') return { opens: true, says: '' }
  const reason = decision.reasons.find(({ effect }) => effect === 'deny') ?? decision.reasons[0]
  return { opens: decision.because === 'device_untrusted', says: reason?.says ?? decision.auditMessage }
}

function allow({ roles }: Person, giving: readonly string[], allowedBy: readonly string[]): ItemVerdict {
  const by = [...new Set(allowedBy)].sort()
  const thresholds = roles.flatMap(({ name, allow: { request } }) => {
    if (request === undefined || !by.includes(name)) return []
    return request.thresholds.length === 0 ? [oneReview] : request.thresholds
  })
  return { ok: true, terms: { roles: [...new Set(giving)], allowedBy: by, thresholds } }
}

const oneReview = { name: undefined, filter: undefined, approve: 1, deny: 1 }

function hide(says: string): ItemVerdict {
  return { ok: false, says, isHidden: true }
}

function refuse(says: string): ItemVerdict {
  return { ok: false, says }
}

function hasName({ name, otherNames }: Role, text: string): boolean {
  return name === text || otherNames?.includes(text) === true
}

function describe(asked: Requestable): string {
  switch (asked.kind) {
    case 'role':
      return `the role ${asked.name}`
    case 'app':
      return `the application ${asked.name}`
    case 'assignment':
      return `the permission set ${asked.permissionSetArn} in the account ${asked.accountId}`
  }
}

/** Names of all roles that a request is about, as conditions know them (`request.roles`). */
export function rolesOfRequest(
  items: readonly { readonly asked: Requestable; readonly terms: ItemTerms }[],
  world: Pick<RequestWorld, 'inventory'>,
): string[] {
  return everyRoleName(world, [...new Set(items.flatMap(({ terms }) => terms.roles))]).sort()
}
