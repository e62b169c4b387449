/**
 * @module The end of every sign-in through a connector, whatever its protocol: login rules, mapping, whom the identity is
 * (T7), locks, the user as it is from now on, and a session. The user is written as a person would write it, so that
 * events, guards and the sync with AWS hold. A test goes the same way and keeps nothing but its event.
 */
import { GatewayError, isCode } from '../../core/error.js'
import type { AuditFacts } from '../../core/audit/event.js'
import { connectorMethod, reauthenticated } from '../../core/connector/connector.js'
import type { UpstreamIdentity } from '../../core/connector/identity.js'
import { assertUnlocked, lockAuditMessage } from '../../core/lock/describe.js'
import type { Lock } from '../../core/lock/lock.js'
import type { User } from '../../core/user/user.js'
import type { Session } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn, locksWithin } from '../locks/in-force.js'
import { record, recordRefusal } from '../people/record.js'
import { buildSession, recordSkippedLists, replaceSession, type NewSession } from '../people/start-session.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { shownRoleNames } from '../resources/role-refs.js'
import type { ConnectorSignInDeps } from './deps.js'
import { judgeIdentity, type Judgement } from './judge-identity.js'
import { writeUser } from './write-user.js'

export interface ConnectorSignInOptions {
  /** The session that this browser had, which ends. */
  readonly previousToken?: string | undefined
  /** Nobody is signed in and nothing kept; who tests, for the event. */
  readonly test?: { readonly by: string } | undefined
}

export type ConnectorSignInResult =
  | { readonly status: 'signed_in'; readonly token: string; readonly session: Session }
  | { readonly status: 'tested'; readonly judgement: Judgement }

/** Thrown out of the transaction, so that nothing is written for somebody who does not get in. */
class Refused extends Error {
  readonly judgement: Judgement
  readonly locks: readonly Lock[]

  constructor(judgement: Judgement, locks: readonly Lock[] = []) {
    super('refused')
    this.judgement = judgement
    this.locks = locks
  }
}

/** Another sign-in, or the directory, made or renamed the user after the session was built for another name. */
class SomebodyElseNow extends Error {}

/** Of several first sign-ins of one person each one after the first finds the user that the first made. */
const maxJudgements = 5

/**
 * Signs in whom the identity is, or tells what would come of it.
 * @throws GatewayError `CONNECTOR_REFUSED` where mapping or link rule refuse, `LOCKED`, `UNAVAILABLE`, `CONFLICT` where
 * the user became another one each time; a test throws only the third.
 */
export async function completeConnectorSignIn(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  origin: RequestOrigin,
  { previousToken, test }: ConnectorSignInOptions = {},
): Promise<ConnectorSignInResult> {
  for (let judgements = 1; ; judgements++) {
    const catalog = await deps.catalog.read()
    const first = await judgeIdentity(deps.store, catalog, identity)
    if (test !== undefined)
      return await tell(deps, identity, withLocks(deps, catalog, first), test.by, origin)
    try {
      return await enter(deps, identity, first, origin, previousToken)
    } catch (error) {
      if (error instanceof Refused) throw await refuse(deps, identity, error, origin)
      if (!(error instanceof SomebodyElseNow)) throw error
      if (judgements === maxJudgements) {
        throw new GatewayError('CONFLICT', 'this user was changed meanwhile; sign in again')
      }
    }
  }
}

async function enter(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  first: Judgement,
  origin: RequestOrigin,
  previousToken: string | undefined,
): Promise<ConnectorSignInResult> {
  if (first.verdict.effect === 'refuse') throw new Refused(first)
  // Built outside of the transaction, with what was true then; each request looks at roles anew.
  const fresh = await startSession(deps, identity, first.verdict.user, origin)
  await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    const judged = await judgeIdentity(tx, catalog, identity)
    const { verdict } = judged
    if (verdict.effect === 'refuse') throw new Refused(judged)
    if (verdict.user.name !== fresh.session.user) throw new SomebodyElseNow()
    try {
      await writeUser(deps, tx, catalog, identity, { verdict, traits: judged.traits }, origin)
    } catch (error) {
      if (!isCode(error, 'INVALID_RESOURCE')) throw error
      // The one part that comes from the upstream as it is: its name for the person.
      throw new Refused({ ...judged, verdict: { ...unnamable, why: error.message } })
    }
    const locks = await locksWithin(deps, tx, verdict.user)
    if (locks.length > 0) throw new Refused(judged, locks)
    await replaceSession(tx, fresh, previousToken)
    await record(deps, tx, signedIn(identity, judged, fresh, catalog), origin)
    await recordSkippedLists(deps, tx, fresh, origin)
  })
  return { status: 'signed_in', token: fresh.token, session: fresh.session }
}

const unnamable = {
  effect: 'refuse',
  says: 'the name that the identity provider has for you cannot be used here; ask an administrator',
  user: undefined,
} as const

async function startSession(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  user: User,
  origin: RequestOrigin,
): Promise<NewSession> {
  const again = identity.reauthenticated === true ? [reauthenticated] : []
  const methods = [connectorMethod(identity.connector.name), ...again]
  const fresh = await buildSession(deps, { user, stage: 'full', methods }, origin)
  const { notAfter = Infinity } = identity
  const { session } = fresh
  return { ...fresh, session: { ...session, expiresAt: Math.min(session.expiresAt, notAfter) } }
}

function fieldsOf({ connector, subject, authentication }: UpstreamIdentity) {
  return { method: connector.kind, connector: connector.name, subject: subject.slice(0, 200), authentication }
}

/** What of the claims decided: login rules by name, and the claims that the mapping looks at, with a bound on each. */
function judgedFields({ rules, lines, traits }: Judgement) {
  const looked = [...new Set(lines.map(({ claim }) => claim))].slice(0, 50).flatMap((claim) => {
    const values = traits[claim]?.slice(0, 50).map((value) => value.slice(0, 200))
    return values === undefined ? [] : [[claim, values] as const]
  })
  return {
    applied_login_rules: rules.length === 0 ? undefined : rules.map(({ name }) => name),
    attributes: looked.length === 0 ? undefined : Object.fromEntries(looked),
  }
}

function signedIn(
  identity: UpstreamIdentity,
  judgement: Judgement,
  { session: { user, id } }: NewSession,
  { inventory }: CatalogView,
): AuditFacts {
  const { verdict, unknownRoles } = judgement
  const signs = verdict.effect === 'sign_in' ? verdict : undefined
  const fields = {
    ...fieldsOf(identity),
    ...judgedFields(judgement),
    sid: id,
    called: signs?.calledNow,
    bound: signs?.binds === true ? true : undefined,
    bound_by: signs?.bindsBy,
    roles: shownRoleNames(signs?.user.roles ?? [], inventory),
    unknown_roles: unknownRoles.length === 0 ? undefined : unknownRoles.slice(0, 50),
  }
  return { event: 'user.login', variant: 'connector', success: true, user, fields }
}

/** What a test adds to the judgement: a lock would keep the person out, too. */
function withLocks(deps: ConnectorSignInDeps, catalog: CatalogView, judged: Judgement): Judgement {
  const { verdict } = judged
  if (verdict.effect === 'refuse') return judged
  const [lock] = locksOn(catalog, { user: verdict.user }, deps.clock.now())
  if (lock === undefined) return judged
  const says = lockAuditMessage(lock)
  return { ...judged, verdict: { effect: 'refuse', why: says, says, user: verdict.user.name } }
}

async function tell(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  judgement: Judgement,
  by: string,
  origin: RequestOrigin,
): Promise<ConnectorSignInResult> {
  const { verdict } = judgement
  const success = verdict.effect === 'sign_in'
  const why = success ? {} : { error: verdict.says, message: verdict.why }
  const fields = { ...fieldsOf(identity), ...judgedFields(judgement), ...why, test: true }
  await deps.store.transaction(async (tx) => {
    await record(
      deps,
      tx,
      { event: 'user.login', variant: 'connector_test', success, user: by, fields },
      origin,
    )
  })
  return { status: 'tested', judgement }
}

/** The error for the person, once the log has more. */
async function refuse(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  { judgement, locks }: Refused,
  origin: RequestOrigin,
): Promise<GatewayError> {
  const { verdict } = judgement
  const isRefused = verdict.effect === 'refuse'
  const user = isRefused ? verdict.user : verdict.user.name
  const [lock] = locks
  const why = isRefused ? { error: verdict.says, message: verdict.why } : {}
  const held = lock && { error: lockAuditMessage(lock), locks: locks.map(({ name }) => name) }
  const known = { ...fieldsOf(identity), ...judgedFields(judgement) }
  const fields = { ...known, called: identity.username.slice(0, 128), ...why, ...held }
  await recordRefusal(deps, { event: 'user.login', variant: 'connector', user, fields }, origin)
  assertUnlocked(locks)
  return new GatewayError(
    'CONNECTOR_REFUSED',
    isRefused ? verdict.says : 'this sign-in is refused; ask an administrator',
    { connector: identity.connector.name },
  )
}
