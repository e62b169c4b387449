/**
 * @module Locks in words: for the audit log in a fixed form that searches know, for administrators with the lock's
 * name, and for the person who is locked out without it. It decides nothing; `lock.ts` does.
 */
import { GatewayError } from '../error.js'
import type { Reason } from '../role/decision.js'
import { formatInstant } from '../time.js'
import type { Lock, LockTargetKind } from './lock.js'

const titles: Readonly<Record<LockTargetKind, string>> = {
  user: 'User',
  role: 'Role',
  session: 'Session',
  token: 'Token',
  connector: 'Connector',
}

/** The `error` of audit events, to the letter: `lock targeting User:"alice" is in force`. */
export function lockAuditMessage({ target }: Lock): string {
  return `lock targeting ${titles[target.kind]}:"${target.name}" is in force`
}

/** For administrators and the audit log: which lock, on what, until when, and why. */
export function lockReason({ name, target, expiresAt, message, concealed }: Lock): Reason {
  if (concealed) return { rule: 'lock', effect: 'deny', says: 'A lock is in force.' }
  const until = expiresAt === undefined ? 'until it is removed' : `until ${formatInstant(expiresAt)}`
  const why = message === undefined ? '' : `: ${message}`
  return {
    rule: 'lock',
    effect: 'deny',
    says: `Lock "${name}" on ${target.kind} "${target.name}" is in force ${until}${why}.`.replace(
      /\.\.$/,
      '.',
    ),
  }
}

/** What would lift it, for whoever explains access. */
export function describeRemoval({ name, concealed }: Lock): string {
  return concealed ? 'Somebody who may see the lock removes it.' : `Remove the lock "${name}".`
}

/** What a person who is locked out is told, in sentences: whom it hits, until when, and the words of the lock. */
export function describeLockout(locks: readonly Lock[]): string[] {
  const longest = lastToEnd(locks)
  if (longest === undefined) return []
  const until =
    longest.expiresAt === undefined
      ? 'until an administrator lifts it'
      : `until ${formatInstant(longest.expiresAt)}`
  const messages = locks.flatMap(({ message }) => (message === undefined ? [] : [message]))
  return [`${subjects[longest.target.kind]} is locked ${until}.`, ...new Set(messages)]
}

const subjects: Readonly<Record<LockTargetKind, string>> = {
  user: 'Your account',
  role: 'A role that you hold',
  session: 'This session',
  token: 'This token',
  connector: 'The connector that signs you in',
}

/**
 * `user` is whom the locks keep out, where the refusal has no audit event of its own yet.
 * @throws GatewayError `LOCKED` where any lock is in force; the words are for whoever is locked out.
 */
export function assertUnlocked(locks: readonly Lock[], user?: string): void {
  if (locks.length === 0) return
  const words = describeLockout(locks).map((sentence) => sentence.replace(/[.\s]+$/, ''))
  const says = `${words.join('. ')}. Ask an administrator if that is not right`
  throw new GatewayError('LOCKED', says.charAt(0).toLowerCase() + says.slice(1), {
    locks: locks.map(({ name }) => name),
    ...(user !== undefined && { user }),
  })
}

function lastToEnd(locks: readonly Lock[]): Lock | undefined {
  return [...locks].sort((a, b) => (b.expiresAt ?? Infinity) - (a.expiresAt ?? Infinity))[0]
}
