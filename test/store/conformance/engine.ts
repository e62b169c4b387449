/** @module What the conformance suite needs of an engine, and small builders of what the store keeps. */
import { expect, onTestFinished } from 'vitest'
import { buildEvent, type AuditEvent } from '../../../src/core/audit/event.js'
import { isCode, type ErrorCode, type GatewayError } from '../../../src/core/error.js'
import { openStore } from '../../../src/store/sql/open.js'
import type { PendingSignIn, Session, Store } from '../../../src/store/store.js'

export interface Engine {
  /** A new empty database. */
  newUrl(): Promise<string>
  /** A statement behind the store's back; absent where the database lives in one connection only. */
  query?(url: string, statement: string): Promise<Record<string, unknown>[]>
}

export interface SharedEngine extends Engine {
  query(url: string, statement: string): Promise<Record<string, unknown>[]>
}

/** 2026-11-22T10:00:00Z. */
export const now = Date.UTC(2026, 10, 22, 10)
export const minute = 60_000
export const hour = 60 * minute

/** Opens a store that is closed when the test ends. */
export async function open(url: string): Promise<Store> {
  const store = await openStore({ url })
  onTestFinished(() => store[Symbol.asyncDispose]())
  return store
}

/** The refusal of `action`: a GatewayError with this code. */
export async function refusal(action: Promise<unknown>, code: ErrorCode): Promise<GatewayError> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (isCode(error, code)) return error
  throw new Error(`expected ${code}, but: ${error instanceof Error ? error.stack : 'it was accepted'}`)
}

/** How many of these promises answer true; none may fail. */
export async function countTrue(attempts: readonly Promise<boolean>[]): Promise<number> {
  const answers = await Promise.all(attempts)
  expect(answers.every((answer) => typeof answer === 'boolean')).toBe(true)
  return answers.filter(Boolean).length
}

export function anEvent(
  uid: string,
  facts: Partial<Parameters<typeof buildEvent>[0]> = {},
  time = now,
): AuditEvent {
  return buildEvent(
    { event: 'user.login', success: true, user: 'alice@example.com', ...facts },
    { clusterName: 'test', uid, now: time },
  )
}

export function aSession(tokenHash: string, changes: Partial<Session> = {}): Session {
  return {
    tokenHash,
    id: `id-${tokenHash}`,
    client: 'browser',
    label: undefined,
    user: 'alice@example.com',
    stage: 'full',
    methods: ['password', 'totp'],
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    expiresAt: now + 12 * hour,
    idleTimeoutMs: undefined,
    address: '192.0.2.7',
    userAgent: 'Mozilla/5.0',
    assumed: [],
    ...changes,
  }
}

export function aSignIn(handleHash: string, changes: Partial<PendingSignIn> = {}): PendingSignIn {
  return {
    handleHash,
    initiatedBy: 'sp',
    serviceProvider: 'aws-identity-center',
    entityId: 'https://sp.invalid/saml',
    requestId: `request-${handleHash}`,
    acsUrl: 'https://sp.invalid/acs',
    relayState: undefined,
    forceAuthn: false,
    isPassive: false,
    nameIdFormat: undefined,
    asksSecondFactor: false,
    receivedAt: now,
    expiresAt: now + hour,
    answeredAt: undefined,
    mfa: undefined,
    ...changes,
  }
}
