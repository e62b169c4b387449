/**
 * @module What would turn a decision on an application: every single change, found by trying it. A change is told
 * only if the decision over everything, made anew with it, comes out the other way. Roles are tried by classes first
 * (`role-classes.ts`), so that a thousand of them cost milliseconds.
 */
import { describeRemoval } from '../lock/describe.js'
import type { Labels, Role } from '../role/role.js'
import { decideSamlAccess, type SamlAccessInput } from '../role/saml-access.js'
import { missingLabels, relax, relaxPreference, widenLabels } from './application-edits.js'
import type { Change } from './explanation.js'
import { RoleClasses } from './role-classes.js'

export interface FoundChanges {
  readonly changes: readonly Change[]
  /** Found as well and left out, since a list of hundreds helps nobody. */
  readonly more: number
}

const limits = { addRole: 20, editRole: 5, editApplication: 5 }

/** A change and the world after it. */
interface Trial {
  readonly change: Change
  readonly after: SamlAccessInput
}

/** For a refusal: each change that lets the person in, at once or after a second factor. `holder`: in sentences. */
export function findOpenings(
  input: SamlAccessInput,
  available: readonly Role[],
  holder: string,
): FoundChanges {
  const classes = new RoleClasses(input)
  const opens = ({ after }: Trial): boolean => decideSamlAccess(after).effect !== 'deny'
  return join([
    take([...removeLock(input), ...editCluster(input), ...proveDevice(input)], opens, Infinity),
    take(addRole(input, classes, available, holder), opens, limits.addRole),
    take(
      removeRole(input, classes, (effect) => effect !== 'deny'),
      opens,
      Infinity,
    ),
    take(editRole(input, classes), opens, limits.editRole),
    take(editApplication(input, classes), opens, limits.editApplication),
  ])
}

/** For an access: each role without which there would be none. */
export function findPillars(input: SamlAccessInput): FoundChanges {
  const trials = removeRole(input, new RoleClasses(input), (effect) => effect === 'deny')
  const ends = ({ after }: Trial): boolean => decideSamlAccess(after).effect === 'deny'
  const { changes, more } = take(trials, ends, Infinity)
  const says = (role: string) => `Without role "${role}" this would be refused.`
  return { changes: changes.map(({ kind, role = '' }) => ({ kind, role, says: says(role) })), more }
}

/** The first so many that stand the whole decision; the rest, found by classes, are only counted. */
function take(trials: readonly Trial[], stands: (trial: Trial) => boolean, limit: number): FoundChanges {
  const changes: Change[] = []
  let tried = 0
  for (const trial of trials) {
    if (changes.length >= limit) break
    tried++
    if (stands(trial)) changes.push(trial.change)
  }
  return { changes, more: trials.length - tried }
}

function join(found: readonly FoundChanges[]): FoundChanges {
  return {
    changes: found.flatMap(({ changes }) => changes),
    more: found.reduce((sum, { more }) => sum + more, 0),
  }
}

/** Roles that exist and are not held; those that give the fewest rights beside this come first. */
function addRole(
  input: SamlAccessInput,
  classes: RoleClasses,
  available: readonly Role[],
  holder: string,
): Trial[] {
  if (input.locks.length > 0 || !input.preference.samlIdpEnabled) return []
  const held = new Set(input.roles.map(({ name }) => name))
  return available
    .filter((role) => !held.has(role.name) && classes.effect({ with: role }) !== 'deny')
    .sort((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1))
    .map((role) => ({
      change: { kind: 'add_role', role: role.name, says: `Give ${holder} the role "${role.name}".` },
      after: { ...input, roles: [...input.roles, role] },
    }))
}

/** How much a role gives beside one application: the fewer the better to hand out. */
function weight({ allow }: Role): number {
  const everything = Object.hasOwn(allow.appLabels, '*') ? 1000 : 0
  return allow.rules.length * 10 + allow.accountAssignments.length * 10 + everything
}

function removeRole(
  input: SamlAccessInput,
  classes: RoleClasses,
  wanted: (effect: ReturnType<RoleClasses['effect']>) => boolean,
): Trial[] {
  return classes
    .singles()
    .filter((role) => wanted(classes.effect({ without: role })))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((role) => ({
      change: { kind: 'remove_role', role: role.name, says: `Take the role "${role.name}" away.` },
      after: { ...input, roles: input.roles.filter((one) => one !== role) },
    }))
}

function editRole(input: SamlAccessInput, classes: RoleClasses): Trial[] {
  const { labels } = input.serviceProvider
  return [...input.roles]
    .filter(({ origin }) => origin !== 'account_assignment')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((role) => {
      const widened = role.version === 'v8' ? widenLabels(role, labels) : undefined
      return [...relax(role), ...(widened === undefined ? [] : [widened])].map((edit) => ({ role, ...edit }))
    })
    .filter(({ role, edited }) => classes.effect({ without: role, with: edited }) !== 'deny')
    .map(({ role, edited, says, yaml }) => ({
      change: { kind: 'edit_role', role: role.name, says, yaml },
      after: { ...input, roles: input.roles.map((one) => (one === role ? edited : one)) },
    }))
}

/** Labels that would make a held role match; each set of labels once. */
function editApplication(input: SamlAccessInput, classes: RoleClasses): Trial[] {
  const { serviceProvider } = input
  const seen = new Set<string>()
  return classes.membersOf('does not match').flatMap((role): Trial[] => {
    const found = missingLabels(role, serviceProvider.labels)
    if (found === undefined || seen.has(found.yaml) || seen.size >= 50) return []
    seen.add(found.yaml)
    const says =
      `Label ${serviceProvider.name} with ${listLabels(found.added)}, which role "${role.name}" wants; ` +
      'it then matches for everyone whose roles want the same.'
    return [
      {
        change: { kind: 'edit_application', says, yaml: found.yaml },
        after: {
          ...input,
          serviceProvider: { ...serviceProvider, labels: found.labels },
          resource: relabel(input.resource, found.labels),
        },
      },
    ]
  })
}

/** The document of the application with these labels, for conditions that look at it. */
function relabel(document: unknown, labels: Labels): unknown {
  if (typeof document !== 'object' || document === null) return document
  const metadata: unknown = 'metadata' in document ? document.metadata : undefined
  return { ...document, metadata: { ...(typeof metadata === 'object' ? metadata : {}), labels } }
}

function listLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(' and ')
}

function editCluster(input: SamlAccessInput): Trial[] {
  return relaxPreference(input.preference).map(({ preference, says, yaml }) => ({
    change: { kind: 'edit_cluster', says, yaml },
    after: { ...input, preference },
  }))
}

function removeLock(input: SamlAccessInput): Trial[] {
  return input.locks.map((lock) => ({
    change: { kind: 'remove_lock', says: describeRemoval(lock) },
    after: { ...input, locks: input.locks.filter((one) => one !== lock) },
  }))
}

function proveDevice(input: SamlAccessInput): Trial[] {
  if (input.session.device === 'trusted') return []
  const says = 'Sign in from a trusted device.'
  return [
    {
      change: { kind: 'prove', says },
      after: { ...input, session: { ...input.session, device: 'trusted' } },
    },
  ]
}
