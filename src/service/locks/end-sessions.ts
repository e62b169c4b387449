/**
 * @module Ends the sessions of whoever a new lock hits, of browsers and of command lines, in the transaction of the
 * lock, each with its event. The lock would refuse them anyway; ended, they do not come back when it does.
 */
import type { Lock } from '../../core/lock/lock.js'
import type { Session, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { KindContext } from '../resources/kind.js'

export interface EndedSessions {
  /** Names of those who were signed in, sorted. */
  readonly users: readonly string[]
  /** Complete ones; half a sign-in ends uncounted. */
  readonly count: number
}

export async function endLockedSessions(
  context: KindContext,
  tx: StoreTransaction,
  given: { readonly lock: Lock; readonly catalog: CatalogView; readonly by: string },
  origin: RequestOrigin | undefined,
): Promise<EndedSessions> {
  const { lock, catalog, by } = given
  const users = new Set<string>()
  let count = 0
  for (const session of await findSessions(tx, lock, catalog)) {
    if (!(await tx.sessions.delete(session.tokenHash)) || session.stage !== 'full') continue
    users.add(session.user)
    count++
    const fields = { sid: session.id, name: session.user, message: `ended by the lock "${lock.name}"` }
    await record(context, tx, { event: 'session.end', success: true, user: by, fields }, origin)
  }
  return { users: [...users].sort(), count }
}

async function findSessions(
  tx: StoreTransaction,
  { target }: Lock,
  catalog: CatalogView,
): Promise<Session[]> {
  switch (target.kind) {
    case 'user':
      return await tx.sessions.listByUser(target.name)
    case 'role': {
      const sessions: Session[] = []
      for (const { value: user } of catalog.users()) {
        if (user.roles.includes(target.name)) sessions.push(...(await tx.sessions.listByUser(user.name)))
      }
      return sessions
    }
    case 'connector': {
      const sessions: Session[] = []
      for (const { value: user } of catalog.users()) {
        if (user.origin.kind === 'connector' && user.origin.connector === target.name)
          sessions.push(...(await tx.sessions.listByUser(user.name)))
      }
      return sessions
    }
    case 'session': {
      const session = await tx.sessions.findById(target.name)
      return session === undefined ? [] : [session]
    }
    case 'token':
      return []
  }
}
