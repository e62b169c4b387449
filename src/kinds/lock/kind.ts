/**
 * @module The kind `lock`: shuts out a user, everyone with a role or of a connector, one session, one token, one device or
 * one access request, at once and everywhere. A
 * lock may name what does not exist yet, so that somebody can be locked ahead; whoever writes it is told. Only a session
 * and an access request have to be there. Locking oneself is allowed, for a person who lost a laptop has to be able to; only the last administrator is spared.
 */
import { resourceError } from '../../api/resource/parse.js'
import { presentRoleName } from '../../core/inventory/assignment-role.js'
import { connectorKinds } from '../../core/connector/connector.js'
import { findLocks, personSubject, type Lock, type LockTargetKind } from '../../core/lock/lock.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { Clock } from '../../lib/clock.js'
import { endLockedSessions, type EndedSessions } from '../../service/locks/end-sessions.js'
import type { Authority } from '../../service/authority.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, KindChange, ResourceDocument } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { storedRoleNames } from '../../service/resources/role-refs.js'
import type { StoreTransaction } from '../../store/store.js'
import { lockForm, parseLockDocument } from './form.js'

const example = `kind: lock
version: v2
metadata:
  name: alice-laptop-stolen
spec:
  target:
    user: alice@example.com
  message: Your laptop was reported stolen; call the security team.
  ttl: 12h
`

/** `clock` tells from when a `ttl` counts. */
export function createLockKind({ clock }: { readonly clock: Clock }): Kind<Lock> {
  return {
    name: 'lock',
    plural: 'locks',
    title: 'lock',
    aliases: [],
    description:
      'Shuts out a user, everyone with a role or of a connector, a session, a token, a device or an access request, until it ends.',
    versions: ['v2'],
    example,
    schema: lockForm,
    parse: (input, source) => parseLockDocument(input, clock.now(), source),
    operatorVerbs: ['list', 'read', 'delete'],
    audit: { create: 'lock.created', update: 'lock.updated', delete: 'lock.deleted' },
    auditFields: ({ target, message, expiresAt }, { inventory }) => ({
      target: {
        [target.kind]: target.kind === 'role' ? presentRoleName(inventory, target.name) : target.name,
      },
      ...(message !== undefined && { message }),
      ...(expiresAt !== undefined && { expires: formatInstant(expiresAt) }),
    }),
    columns: [
      { key: 'target', title: 'Target', of: ({ target }, catalog) => describeTarget(target, catalog) },
      {
        key: 'expires',
        title: 'Ends',
        of: ({ expiresAt }) => (expiresAt === undefined ? 'never' : formatInstant(expiresAt)),
      },
      { key: 'message', title: 'Message', of: ({ message }) => message ?? '' },
    ],
    prepare: async (document, change, tx, context) => {
      assertEnd(document, change, context.clock.now())
      await assertSession(document, change, tx)
      await assertRequest(document, change, tx)
      return mapRole(document, (name) => storedRole(document, name, change.catalog))
    },
    present: (document, catalog) => mapRole(document, (name) => presentRoleName(catalog.inventory, name)),
    warn: ({ target }, catalog, authority) =>
      isOfId(target.kind) || maySee(authority, target.kind) ? listWarnings(target, catalog) : [],
    effects: async (change, tx, context) => {
      const now = context.clock.now()
      if (change.after === undefined) return { notes: describeRelease(change, now) }
      const { after: lock, catalog, authority, origin } = change
      const ended = await endLockedSessions(context, tx, { lock, catalog, by: authority.name }, origin)
      const told = maySee(authority, 'session') ? describeEnded(lock, ended, catalog) : describeUnseen(lock)
      return { notes: [told, ...describeLeft(lock), ...warnOfSelf(lock, authority, now)] }
    },
  }
}

/** What has an id that never comes again, so that it has to be there. */
function isOfId(kind: LockTargetKind): kind is 'session' | 'access_request' {
  return kind === 'session' || kind === 'access_request'
}

function describeTarget({ kind, name }: Lock['target'], catalog: CatalogView): string {
  return `${kind} ${kind === 'role' ? presentRoleName(catalog.inventory, name) : name}`
}

/** A new end lies ahead; one that stays is not judged again. */
function assertEnd(
  document: ResourceDocument,
  { before, after }: Pick<KindChange<Lock>, 'before' | 'after'>,
  now: Instant,
): void {
  if (after?.expiresAt === undefined || after.expiresAt === before?.expiresAt || after.expiresAt > now) return
  const message = 'lies in the past, so that the lock would hold nobody; give an end ahead, a ttl, or neither'
  throw resourceError('lock', document, [{ path: 'spec.expires', message }])
}

/**
 * Ids of sessions never come again, so that a lock on one that is not there would hold nobody, ever. Not judged again
 * where it stays, nor for who may not look at sessions, nor in the start-up file, which must not stop the gateway.
 */
async function assertSession(
  document: ResourceDocument,
  { before, after, authority }: Pick<KindChange<Lock>, 'before' | 'after' | 'authority'>,
  tx: StoreTransaction,
): Promise<void> {
  if (after?.target.kind !== 'session' || authority.kind === 'system' || !maySee(authority, 'session')) return
  const { name } = after.target
  if (before?.target.kind === 'session' && before.target.name === name) return
  if ((await tx.sessions.findById(name)) !== undefined) return
  const message = `there is no session "${name.slice(0, 100)}", or it has ended; gatehouse users sessions NAME lists them`
  throw resourceError('lock', document, [{ path: 'spec.target.session', message }])
}

/** The same of an access request, for who may read them all. */
async function assertRequest(
  document: ResourceDocument,
  { before, after, authority }: Pick<KindChange<Lock>, 'before' | 'after' | 'authority'>,
  tx: StoreTransaction,
): Promise<void> {
  if (after?.target.kind !== 'access_request' || authority.kind === 'system') return
  if (!maySee(authority, 'access_request')) return
  const { name } = after.target
  if (before?.target.kind === 'access_request' && before.target.name === name) return
  if ((await tx.accessRequests.find(name)) !== undefined) return
  const message = `there is no access request "${name.slice(0, 100)}"; gatehouse requests ls --all lists them`
  throw resourceError('lock', document, [{ path: 'spec.target.access_request', message }])
}

/** Account assignment roles are stored by ids, as in the lists of users: a lock outlives the renaming of an account. */
function storedRole(document: ResourceDocument, name: string, { inventory }: CatalogView): string {
  const { roles, problems } = storedRoleNames([name], inventory)
  const problem = problems[0]
  if (problem !== undefined) {
    throw resourceError('lock', document, [{ path: 'spec.target.role', message: problem.message }])
  }
  return roles[0] ?? name
}

function mapRole(document: ResourceDocument, map: (name: string) => string): ResourceDocument {
  const spec = document['spec'] as { target: { role?: string } } // the form of this kind made it
  if (spec.target.role === undefined) return document
  return { ...document, spec: { ...spec, target: { role: map(spec.target.role) } } }
}

/**
 * Notes tell who exists and who is signed in only to those who may look at all of them anyway: a dry run of a lock
 * must not be a way round.
 */
function maySee(authority: Authority, resource: LockTargetKind | 'lock'): boolean {
  if (resource === 'connector') return connectorKinds.some((kind) => maySeeKind(authority, kind))
  return maySeeKind(authority, resource)
}

function maySeeKind(authority: Authority, resource: string): boolean {
  const verb = resource === 'session' ? 'list' : 'read'
  return mayOnResource(authority, { resource, verb }).effect === 'allow'
}

function listWarnings({ kind, name }: Lock['target'], catalog: CatalogView): string[] {
  const exists = {
    user: () => catalog.user(name) !== undefined,
    role: () => catalog.role(name) !== undefined,
    // They are looked for where the lock is written.
    session: () => true,
    access_request: () => true,
    token: () => catalog.token(name) !== undefined,
    device: () => catalog.device(name) !== undefined,
    connector: () => catalog.connector(name) !== undefined,
  }[kind]()
  return exists ? [] : [`There is no ${kind} "${name}"; the lock holds as soon as there is.`]
}

const refusedDevice =
  'It vouches for nobody from now on. Sessions go on, for they are not tied to a device: lock its person too if it was stolen.'

function describeUnseen({ target }: Lock): string {
  switch (target.kind) {
    case 'device':
      return refusedDevice
    case 'token':
      return `Token "${target.name}" is refused from now on.`
    case 'access_request':
      return requestGivesNothing
    default:
      return 'Ends the sessions that it hits, if there are any.'
  }
}

const requestGivesNothing =
  'The request gives nothing from now on, and is neither decided on nor extended; nor does a request that goes on with it.'

function describeEnded({ target }: Lock, { users, count }: EndedSessions, catalog: CatalogView): string {
  const sessions = count === 1 ? 'one session' : `${count} sessions`
  switch (target.kind) {
    case 'device':
      return refusedDevice
    case 'token':
      return `Token "${target.name}" is refused from now on.`
    case 'access_request':
      return requestGivesNothing
    case 'session':
      return count === 0
        ? 'There is no such session, or it has ended already.'
        : `Ends the session of ${users.join(', ')}.`
    case 'user':
    case 'role':
    case 'connector': {
      if (count === 0) return 'Nobody whom it hits is signed in now.'
      const people = users.length === 1 ? 'one person' : `${users.length} people`
      const whose = target.kind === 'user' ? '' : `${people} with `
      return `Ends ${sessions} of ${whose}${describeTarget(target, catalog)}.`
    }
  }
}

/**
 * What a lock leaves open (T21): AWS asks nobody here once a session has begun. The limits are those of IAM Identity
 * Center. A machine user opens no session there.
 */
function describeLeft({ target }: Lock): string[] {
  if (target.kind === 'token' || target.kind === 'device') return []
  if (target.kind === 'access_request') {
    return [
      'What it alone gave in AWS accounts is taken away where the sync is on. Sessions that are open in an account go on ' +
        'for at most as long as the permission set says (1 to 12 hours).',
    ]
  }
  return [
    'Sessions that are open at AWS go on, for Gatehouse cannot end them: in the access portal at most as long as is ' +
      'set there (8 hours by default, up to 90 days), in an account as long as its permission set says (1 to 12 hours). ' +
      'Disable the user in IAM Identity Center as well, unless its sync is on, which does so by itself: that blocks ' +
      'the portal and new sessions at once; sessions in accounts still run to their end.',
  ]
}

function warnOfSelf(lock: Lock, { user, kind }: Authority, now: Instant): string[] {
  if (user === undefined) return []
  const token = kind === 'machine' ? { token: user.name.slice(user.name.indexOf('/') + 1) } : {}
  const hit = findLocks([lock], { ...personSubject(user), ...token }, now)
  if (hit.length === 0) return []
  return [
    'This locks yourself out, at once. Another administrator can lift it, or the operator on the gateway’s machine: ' +
      `gatehouse locks rm ${lock.name}`,
  ]
}

function describeRelease({ before, catalog, authority }: KindChange<Lock>, now: Instant): string[] {
  if (before === undefined) return []
  const others = catalog.locks().filter(({ name, target, expiresAt }) => {
    const same = target.kind === before.target.kind && target.name === before.target.name
    return name !== before.name && same && (expiresAt === undefined || now < expiresAt)
  })
  const who = describeTarget(before.target, catalog)
  if (others.length === 0) {
    return before.target.kind === 'access_request'
      ? [`Nothing else locks ${who}; what is left of its time counts again.`]
      : [`Nothing else locks ${who}; sessions that were ended stay ended.`]
  }
  if (!maySee(authority, 'lock')) return [`${who} stays locked by another lock.`]
  return [`${who} stays locked by ${others.map(({ name }) => `"${name}"`).join(', ')}.`]
}
