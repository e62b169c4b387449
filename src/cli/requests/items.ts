/**
 * @module What is asked for, as options say it, and items of a request as people name them: by id, or by the name that
 * `requests get` shows.
 */
import { Option, type Command } from 'commander'
import type { AccessRequestShown, RequestableInput } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'

export interface ItemOptions {
  readonly role?: readonly string[]
  readonly account?: readonly string[]
  readonly permissionSet?: readonly string[]
  readonly app?: readonly string[]
}

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** An option that may stand more than once. */
export function manyOption(flags: string, says: string): Option {
  return new Option(flags, `${says}; may stand more than once`).argParser(each)
}

export function withItemOptions(command: Command): Command {
  return command
    .addOption(manyOption('--account <account>', 'id or name; each with a --permission-set'))
    .addOption(
      manyOption('--permission-set <set>', 'ARN or name, in the account that stands at the same place'),
    )
    .addOption(manyOption('--role <role>', 'a role, of an account in AWS too'))
    .addOption(manyOption('--app <name>', 'an application that people sign in to'))
}

/** @throws GatewayError `INVALID_INPUT` where nothing is asked for, or accounts and permission sets do not pair up. */
export function readItems({
  role = [],
  account = [],
  permissionSet = [],
  app = [],
}: ItemOptions): RequestableInput[] {
  if (account.length !== permissionSet.length) {
    throw new GatewayError(
      'INVALID_INPUT',
      `write one --permission-set for each --account: there are ${account.length} accounts and ${permissionSet.length} permission sets`,
    )
  }
  const items: RequestableInput[] = [
    ...account.map((one, place) => {
      return { kind: 'assignment' as const, account: one, permissionSet: permissionSet[place] ?? '' }
    }),
    ...role.map((name) => ({ kind: 'role' as const, name })),
    ...app.map((name) => ({ kind: 'app' as const, name })),
  ]
  if (items.length > 0) return items
  throw new GatewayError(
    'INVALID_INPUT',
    'say what to ask for: --account with --permission-set, --role or --app; "gatehouse requests search" finds it',
  )
}

/**
 * Ids of the items that are meant.
 * @throws GatewayError `INVALID_INPUT` for one that is none of the request, or a name that several have.
 */
export function idsOfItems(
  { items }: Pick<AccessRequestShown, 'items'>,
  wanted: readonly string[],
): string[] {
  return wanted.map((one) => {
    const found = items.find(({ id }) => id === one)
    if (found !== undefined) return found.id
    const [named, another] = items.filter(({ name }) => name === one)
    if (named !== undefined && another === undefined) return named.id
    const there = items.map(({ id, name }) => (name === id ? id : `${name} (${id})`)).join(', ')
    const why = named === undefined ? 'is nothing of this request' : 'is the name of several of its items'
    throw new GatewayError('INVALID_INPUT', `"${one}" ${why}; there is ${there}`)
  })
}
