/**
 * @module Secrets of the configuration, a type apart so that the rest can be logged and shown. A Secret prints
 * as `[secret]` wherever it is turned into text by accident; only `reveal()` gives the value.
 */

import type { AuditSinkSecrets } from './audit-sinks.js'

const censored = '[secret]'

export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  /** The value itself, for the one adapter that needs it. */
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return censored
  }
  toJSON(): string {
    return censored
  }
  [Symbol.toPrimitive](): string {
    return censored
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return censored
  }
}

export interface Secrets {
  /** Of the sinks of the audit log, by their names. */
  readonly auditSinks?: ReadonlyMap<string, AuditSinkSecrets> | undefined
  /** The master key from the environment; undefined when it comes from a file. */
  readonly masterKey: Secret | undefined
  /** The whole PostgreSQL URL, which may carry a password; undefined for SQLite. */
  readonly databaseUrl: Secret | undefined
  /** For SCIM with the plugin `aws-identity-center`, from its file; undefined where none is configured. */
  readonly awsicScimToken: Secret | undefined
  /** For the mail server, from its file or its URL; undefined where none is needed. */
  readonly smtpPassword: Secret | undefined
}
