/**
 * @module What the commands of `gatehouse acl` share: addresses at the interface, options, and how answers are printed
 * for people and for programs.
 */
import { Option, type Command } from 'commander'
import { stringify } from 'yaml'
import { GatewayError } from '../../core/error.js'
import { formatInstant, parseDuration, parseInstant } from '../../core/time.js'
import { systemClock } from '../../lib/clock.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ApiClient, ClientOptions } from '../client.js'
import { createConfirmingClient, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

/** The kind of the documents of lists. */
export const listKind = 'access_list'

/** A path of the interface about one list. */
export function aclPath(path: string, list: string): string {
  return path.replace(':name', encodeURIComponent(list))
}

/** Asks for a code where a change takes one. */
export async function clientOf(
  options: ClientOptions & MfaOptions,
  surroundings: CliSurroundings,
): Promise<ApiClient> {
  return await createConfirmingClient(options, surroundings)
}

export interface FormatOptions {
  readonly json?: true
  readonly format: 'text' | 'yaml' | 'json'
}

/** Options of every command that tells something. */
export function withFormat(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how').choices(['text', 'yaml', 'json']).default('text'))
    .addOption(new Option('--json', 'one JSON object a line').conflicts('format'))
}

export interface ItemsOptions extends ClientOptions, FormatOptions {
  readonly search?: string
  readonly limit: string
}

/** Options of every command that lists. */
export function withItems(command: Command): Command {
  return withFormat(withConnection(command))
    .option('--search <words>', 'those that have all of these')
    .option('--limit <number>', 'at most so many', '100')
}

interface Shown<T> {
  readonly items: readonly T[]
  /** There are more than these. */
  readonly more: boolean
  readonly titles: readonly string[]
  readonly row: (item: T) => readonly string[]
}

export function showItems<T extends object>(
  { items, more, titles, row }: Shown<T>,
  options: FormatOptions,
  surroundings: CliSurroundings,
): void {
  const { out, err } = surroundings
  if (options.json) for (const item of items) out(JSON.stringify(item))
  else if (options.format === 'text') for (const line of formatTable(titles, items.map(row))) out(line)
  else showValue(items, options.format, surroundings)
  if (more) err('There are more; --limit says how many are shown.')
}

/** A value for programs; on a terminal nothing in it is obeyed. */
export function showValue(
  value: object,
  format: 'yaml' | 'json',
  { out, outIsTerminal }: Pick<CliSurroundings, 'out' | 'outIsTerminal'>,
): void {
  const text = format === 'json' ? JSON.stringify(value, undefined, 2) : stringify(value).trimEnd()
  out(outIsTerminal ? printable(text, { multiline: true }) : text)
}

export interface EndOptions {
  readonly ttl?: string
  readonly expires?: string
}

export function withEnd(command: Command): Command {
  return command
    .option('--ttl <duration>', 'how long, for example 720h; for good without')
    .option('--expires <instant>', 'until when instead, RFC 3339')
}

/**
 * The instant at which a membership ends, RFC 3339; undefined for one that does not.
 * @throws GatewayError `INVALID_INPUT`.
 */
export function readEnd({ ttl, expires }: EndOptions): string | undefined {
  if (ttl !== undefined && expires !== undefined) {
    throw new GatewayError('INVALID_INPUT', 'give either --ttl or --expires')
  }
  if (ttl !== undefined) return formatInstant(systemClock.now() + parseDuration(ttl, '--ttl'))
  if (expires !== undefined && parseInstant(expires) === undefined) {
    throw new GatewayError(
      'INVALID_INPUT',
      `--expires: "${expires}" is no instant such as 2027-01-31T08:00:00Z`,
    )
  }
  return expires
}

/** A member, an owner: "ann@example.com", "list on-call". */
export function whoIs({ kind, name }: { readonly kind: 'user' | 'list'; readonly name: string }): string {
  return kind === 'list' ? `list ${name}` : name
}

/** "1 person", "3 people". */
export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
