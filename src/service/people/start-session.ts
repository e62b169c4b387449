/**
 * @module A new session: a fresh token each time somebody proves more than before, so that a token planted or
 * seen earlier is worth nothing (session fixation). How long it lives is what the roles and the cluster say.
 */
import { sessionLimits } from '../../core/role/session-limits.js'
import { minute, type Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Session, StoreTransaction } from '../../store/store.js'
import { effectiveUser, type SkippedList } from '../access/effective.js'
import type { RequestOrigin } from '../context.js'
import type { SignInDeps } from './deps.js'
import { record } from './record.js'
import { hashToken } from './tokens.js'

/** How long the page for the second factor may stay open. */
const passwordStageMs = 5 * minute

/** So that people and secret scanners can tell what it is. Cookies have none. */
export const cliTokenPrefix = 'ghc_'

export interface NewSession {
  /** For the cookie, or for the command line, and for nothing else. */
  readonly token: string
  readonly session: Session
  /** Access lists of the person that give nothing since something is wrong with them. */
  readonly skippedLists: readonly (SkippedList & { readonly title: string | undefined })[]
}

/** What a session of a command line takes from the one of the browser that agreed to it. */
export interface CommandLine {
  readonly label: string
  /** From here its limit counts: it is no new proof of who the person is. */
  readonly authenticatedAt: Instant
}

/** Builds the session of a person who has just proven `methods`; {@link replaceSession} stores it. */
export async function buildSession(
  deps: Pick<SignInDeps, 'catalog' | 'clock' | 'random' | 'store'>,
  person: { readonly user: User; readonly stage: Session['stage']; readonly methods: readonly string[] },
  origin: RequestOrigin,
  commandLine?: CommandLine,
): Promise<NewSession> {
  const now = deps.clock.now()
  const token = `${commandLine === undefined ? '' : cliTokenPrefix}${deps.random.secret()}`
  const catalog = await deps.catalog.read()
  const effective = await effectiveUser(deps.store.members, catalog, person.user.name, now)
  const { roles } = catalog.rolesOf(effective?.user ?? person.user)
  const limits = sessionLimits(roles, catalog.preference())
  const full = person.stage === 'full'
  const proven = commandLine?.authenticatedAt ?? now
  return {
    token,
    skippedLists: (full ? (effective?.skipped ?? []) : [])
      .filter(({ why }) => why.kind !== 'overdue')
      .map((skipped) => ({ ...skipped, title: catalog.accessList(skipped.list)?.title })),
    session: {
      tokenHash: hashToken(token),
      id: deps.random.uuid(),
      client: commandLine === undefined ? 'browser' : 'cli',
      label: commandLine?.label,
      user: person.user.name,
      stage: person.stage,
      methods: person.methods,
      createdAt: now,
      authenticatedAt: proven,
      lastSeenAt: now,
      expiresAt: proven + (full ? limits.maxSessionTtlMs : Math.min(passwordStageMs, limits.maxSessionTtlMs)),
      idleTimeoutMs: limits.clientIdleTimeoutMs,
      address: origin.address,
      userAgent: origin.userAgent.slice(0, 300),
      assumed: [],
    },
  }
}

/** Stores the new session and ends the one that this browser had. */
export async function replaceSession(
  tx: Pick<StoreTransaction, 'sessions'>,
  fresh: NewSession,
  previousToken: string | undefined,
): Promise<void> {
  if (previousToken !== undefined) await tx.sessions.delete(hashToken(previousToken))
  await tx.sessions.create(fresh.session)
}

/** Records, with the sign-in, each access list that gave the person nothing since something is wrong with it. */
export async function recordSkippedLists(
  deps: Pick<SignInDeps, 'clock' | 'random' | 'clusterName'>,
  tx: Pick<StoreTransaction, 'audit'>,
  { session: { user }, skippedLists }: Pick<NewSession, 'session' | 'skippedLists'>,
  origin: RequestOrigin,
): Promise<void> {
  for (const { list, title, why } of skippedLists) {
    const missing_roles = why.kind === 'missing_roles' ? why.roles : undefined
    const fields = { name: list, access_list_name: list, access_list_title: title, missing_roles }
    await record(deps, tx, { event: 'user_login.invalid_access_list', success: false, user, fields }, origin)
  }
}
