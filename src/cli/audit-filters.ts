/** @module Filters of the audit log as options, the same for every command that reads it. */
import type { Command } from 'commander'
import { GatewayError } from '../core/error.js'
import { parseInstant } from '../core/time.js'

export interface AuditFilterOptions {
  readonly type?: string[]
  readonly user?: string
  readonly failed?: true
  readonly from?: string
  readonly to?: string
  readonly search?: string
  readonly kind?: string
  readonly name?: string
  readonly address?: string
  readonly code?: string
}

export function withAuditFilters(command: Command): Command {
  return command
    .option('--type <name...>', 'only events of these names, for example saml.idp.auth')
    .option('--user <name>', 'only events of this user')
    .option('--failed', 'only what failed or was refused')
    .option('--from <instant>', 'not before, RFC 3339')
    .option('--to <instant>', 'before, RFC 3339')
    .option('--search <words>', 'only events in whose values all of these words stand')
    .option('--kind <kind>', 'only events about resources of this kind, for example role')
    .option('--name <name>', 'only events about the resource of this name')
    .option('--address <ip>', 'only what was asked from this address')
    .option('--code <code>', 'only events with this code, for example TSI000I')
}

/** As the API takes them. @throws GatewayError `INVALID_INPUT` for an instant that is none. */
export function auditFilterQuery(
  options: AuditFilterOptions,
): Record<string, string | readonly string[] | undefined> {
  return {
    type: options.type,
    user: options.user,
    success: options.failed ? 'false' : undefined,
    from: instantOf('--from', options.from),
    to: instantOf('--to', options.to),
    search: options.search,
    kind: options.kind,
    name: options.name,
    address: options.address,
    code: options.code,
  }
}

/** Whether they ask for what the list of events cannot tell, and its search can. */
export function needsSearch({ search, kind, name, address, code }: AuditFilterOptions): boolean {
  return [search, kind, name, address, code].some((value) => value !== undefined)
}

export function instantOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined || parseInstant(text) !== undefined) return text
  throw new GatewayError(
    'INVALID_INPUT',
    `${option}: "${text}" is not an instant such as 2026-01-31T08:00:00Z`,
  )
}
