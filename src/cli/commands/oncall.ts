/**
 * @module `gatehouse oncall`: who is on call, for rules of automatic review. `set` replaces a whole list, so that a
 * program may say the same again and again.
 */
import { Option, type Command } from 'commander'
import { onCallListsAnswer, paths, putOnCallAnswer, type OnCallItem } from '../../api/contract.js'
import { formatInstant, parseDuration } from '../../core/time.js'
import { systemClock } from '../../lib/clock.js'
import { clientOf, showItems, showValue, withFormat, type FormatOptions } from '../acl/list.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

export function addOnCallCommands(program: Command, surroundings: CliSurroundings): void {
  const oncall = program
    .command('oncall')
    .alias('on-call')
    .description('who is on call, for rules that decide on access requests')
  addLs(oncall, surroundings)
  addSet(oncall, surroundings)
  addRm(oncall, surroundings)
}

function addLs(oncall: Command, surroundings: CliSurroundings): void {
  withFormat(withConnection(oncall.command('ls').description('the lists of who is on call'))).action(
    async (options: ClientOptions & FormatOptions) => {
      const client = await clientOf(options, surroundings)
      const { items } = onCallListsAnswer.parse(await client.get(paths.onCallLists))
      const titles = ['Name', 'On call', 'Until', 'Written by']
      showItems({ items, more: false, titles, row: toRow }, options, surroundings)
    },
  )
}

function toRow({ name, users, until, over, updatedBy }: OnCallItem): readonly string[] {
  const end = until === undefined ? 'replaced' : over ? `${until} (over)` : until
  return [name, users.length === 0 ? 'nobody' : users.join(', '), end, updatedBy]
}

interface SetOptions extends ClientOptions, MfaOptions, FormatOptions {
  readonly until?: string
  readonly for?: string
}

function addSet(oncall: Command, surroundings: CliSurroundings): void {
  const set = oncall.command('set').description('say who is on call, in place of the whole list')
  withFormat(withMfa(withConnection(set)))
    .argument('<name>', 'name of the list')
    .argument('[users...]', 'names of people; without one nobody is on call')
    .option('--until <instant>', 'nobody is on call from then on, RFC 3339')
    .addOption(new Option('--for <duration>', 'how long instead, for example 12h').conflicts('until'))
    .action(async (name: string, users: string[], options: SetOptions) => {
      const length = options.for === undefined ? undefined : parseDuration(options.for, '--for')
      const until = length === undefined ? options.until : formatInstant(systemClock.now() + length)
      const client = await clientOf(options, surroundings)
      const body = { users, ...(until !== undefined && { until }) }
      const answer = putOnCallAnswer.parse(await client.put(listPath(name), body))
      if (options.json) surroundings.out(JSON.stringify(answer.list))
      else if (options.format !== 'text') showValue(answer.list, options.format, surroundings)
      else for (const line of [describe(answer.list), ...answer.notes]) surroundings.out(printable(line))
    })
}

function describe({ name, users, until }: OnCallItem): string {
  const end = until === undefined ? '' : ` until ${until}`
  if (users.length === 0) return `Nobody is on call in ${name}.`
  return `On call in ${name}${end}: ${users.join(', ')}.`
}

function addRm(oncall: Command, surroundings: CliSurroundings): void {
  withMfa(withConnection(oncall.command('rm').description('remove a list; nobody is on call by it')))
    .argument('<name>', 'name of the list')
    .action(async (name: string, options: ClientOptions & MfaOptions) => {
      const client = await clientOf(options, surroundings)
      await client.delete(listPath(name))
      surroundings.out(printable(`The list ${name} is gone.`))
    })
}

function listPath(name: string): string {
  return paths.onCallList.replace(':name', encodeURIComponent(name))
}
