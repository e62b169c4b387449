/**
 * @module What administrators do with one-time links: invite somebody new, and give somebody known a way back in.
 * The person's side is in `redeem-link.ts`.
 */
import { GatewayError } from '../../core/error.js'
import { suggest } from '../../core/nearest.js'
import { day, formatDuration, hour, minute, type DurationMs } from '../../core/time.js'
import type { Traits } from '../../core/user/user.js'
import type { StoreTransaction } from '../../store/store.js'
import { systemAuthority, type Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { applyWithin } from '../resources/apply.js'
import { parseDocuments, type ParsedResource } from '../resources/parse-documents.js'
import { storedRoleNames } from '../resources/role-refs.js'
import { confirmChange, tellingInvalidProofs } from './confirm-change.js'
import type { PeopleDeps } from './deps.js'
import { factorsOf } from './factors.js'
import { prepareLink, storeLink, type LinkIssued } from './issue-link.js'
import { record } from './record.js'
import { describePasskey } from './verify-passkey.js'
import { describeFactor } from './verify-totp.js'

const lifetimes = {
  invite: { default: hour, max: 2 * day },
  reset: { default: 8 * hour, max: day },
} as const satisfies Record<string, { default: DurationMs; max: DurationMs }>

export interface Invitation {
  readonly name: string
  readonly roles: readonly string[]
  readonly traits?: Traits | undefined
  readonly ttlMs?: DurationMs | undefined
}

/**
 * Creates a local user and the link by which the person sets a password. `actor` is the name that the audit log
 * shows.
 * @throws GatewayError `ALREADY_EXISTS`, `INVALID_INPUT` for a role that does not exist or a lifetime, `INVALID_RESOURCE`.
 */
export async function createInvite(
  deps: PeopleDeps,
  input: Invitation,
  actor: string,
  origin: RequestOrigin | undefined,
  authority: Authority = { ...systemAuthority, name: actor },
): Promise<LinkIssued> {
  const ttlMs = lifetime('invite', input.ttlMs)
  const user = buildUser(deps, input)
  await assertRolesExist(deps, input.roles)
  const prepared = prepareLink(deps, { kind: 'invite', user: user.name, createdBy: actor, ttlMs })
  await issue(deps, { authority, verb: 'create' }, origin, async (tx) => {
    await createUser(deps, tx, { user, actor }, origin)
    await storeLink(deps, tx, prepared, origin)
  })
  return prepared.issued
}

/**
 * Gives a local user a link that sets a new password, and ends their sessions at once: whoever holds a stolen one
 * keeps nothing. `forgetFactors` is for a lost phone: it drops the person's factors at once, so that the link
 * enrols a new one. The password goes with them, for it alone would now suffice to sign in and enrol a factor.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN` for a user of a connector, `INVALID_INPUT`.
 */
export async function createResetLink(
  deps: PeopleDeps,
  input: { readonly user: string; readonly ttlMs?: DurationMs; readonly forgetFactors?: boolean },
  actor: string,
  origin: RequestOrigin | undefined,
  authority: Authority = { ...systemAuthority, name: actor },
): Promise<LinkIssued> {
  const ttlMs = lifetime('reset', input.ttlMs)
  const user = await deps.catalog.user(input.user)
  if (user === undefined) throw new GatewayError('NOT_FOUND', `there is no user named "${input.user}"`)
  if (user.origin.kind === 'connector') {
    throw new GatewayError(
      'FORBIDDEN',
      `${user.name} signs in through the connector "${user.origin.connector}" and has no password here; reset it there`,
    )
  }
  const prepared = prepareLink(deps, { kind: 'reset', user: user.name, createdBy: actor, ttlMs })
  await issue(deps, { authority, verb: 'update' }, origin, async (tx) => {
    const password = await tx.credentials.findPassword(user.name)
    if (input.forgetFactors) await dropCredentials(deps, tx, user.name, actor, origin)
    const effects = {
      sessions_ended: await tx.sessions.deleteByUser(user.name),
      password_deleted: input.forgetFactors === true && password !== undefined,
    }
    await storeLink(deps, tx, prepared, origin, effects)
  })
  return prepared.issued
}

/** In one transaction, once whoever makes the link has confirmed it where that is asked for. */
async function issue(
  deps: PeopleDeps,
  { authority, verb }: { readonly authority: Authority; readonly verb: string },
  origin: RequestOrigin | undefined,
  write: (tx: StoreTransaction) => Promise<void>,
): Promise<void> {
  const acts = [{ resource: 'user', verb }]
  const confirmed = async (tx: StoreTransaction): Promise<void> => {
    await write(tx)
    const preference = (await deps.catalog.readIn(tx)).preference()
    await confirmChange(tx, authority, { acts, preference, now: deps.clock.now() })
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(confirmed))
}

/**
 * The user as a document that may be stored: an invited name meets the same checks as a written one.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
export function buildUser(
  deps: Pick<PeopleDeps, 'kinds'>,
  { name, roles, traits = {} }: Pick<Invitation, 'name' | 'roles' | 'traits'>,
): ParsedResource {
  const value = { kind: 'user', version: 'v2', metadata: { name }, spec: { roles, traits } }
  const [user] = parseDocuments(deps.kinds, [{ value, source: undefined, lineOf: () => undefined }])
  if (user === undefined) throw new GatewayError('INTERNAL', 'a user document gave no user')
  return user
}

/**
 * Stores a new user, the same way as a written document. Whether `actor` may is asked before.
 * @throws GatewayError `ALREADY_EXISTS` for a name that is taken, or looks like one that is.
 */
export async function createUser(
  deps: PeopleDeps,
  tx: StoreTransaction,
  { user, actor }: { user: ParsedResource; actor: string },
  origin: RequestOrigin | undefined,
): Promise<void> {
  const input = { documents: [user], mode: 'create', dryRun: false } as const
  await applyWithin(deps, tx, input, { ...systemAuthority, name: actor }, origin)
}

async function assertRolesExist({ catalog }: Pick<PeopleDeps, 'catalog'>, names: readonly string[]) {
  const view = await catalog.read()
  const { missing } = view.rolesOf(storedRoleNames(names, view.inventory))
  if (missing.length === 0) return
  const known = view.roles().map(({ value }) => value.name)
  const named = missing.map((name, index) => `${name}${index < 20 ? suggest(name, known) : ''}`)
  throw new GatewayError('INVALID_INPUT', `there is no role named ${named.join(', ')}; create it first`, {
    field: 'roles',
    missing,
  })
}

async function dropCredentials(
  deps: PeopleDeps,
  tx: StoreTransaction,
  user: string,
  actor: string,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const { totp, passkeys } = await factorsOf(tx, user)
  for (const factor of [...totp.map(describeFactor), ...passkeys.map(describePasskey)]) {
    const fields = { name: user, ...factor, message: 'dropped with a reset link' }
    await record(deps, tx, { event: 'mfa.delete', success: true, user: actor, fields }, origin)
  }
  await tx.credentials.deleteAll(user)
  await tx.passkeys.deleteAll(user)
  await tx.recoveryCodes.deleteAll(user)
}

function lifetime(kind: keyof typeof lifetimes, wanted: DurationMs | undefined): DurationMs {
  const { default: usual, max } = lifetimes[kind]
  const ttlMs = wanted ?? usual
  if (ttlMs >= minute && ttlMs <= max) return ttlMs
  throw new GatewayError('INVALID_INPUT', `a link of this kind lives between 1m and ${formatDuration(max)}`, {
    field: 'ttl',
  })
}
