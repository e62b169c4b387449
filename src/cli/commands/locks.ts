/**
 * @module `gatehouse locks`: `add` shuts somebody out at once, `ls` shows who is shut out, `rm` lets them in again. The
 * operator's token of this machine may list and remove locks, which is the way back for locked-out administrators.
 */
import { Option, type Command } from 'commander'
import {
  applyAnswer,
  paths,
  resourceListAnswer,
  type ChangeAnswer,
  type ResourceItem,
} from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { lockNameFor } from '../../core/lock/lock-name.js'
import { lockTargets, type LockTargetKind } from '../../core/lock/lock.js'
import { parseDuration } from '../../core/time.js'
import { systemRandom } from '../../lib/random.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { printable } from '../printable.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'
import { formatTable } from '../table.js'

export function addLocksCommands(program: Command, surroundings: CliSurroundings): void {
  const locks = program
    .command('locks')
    .description('shut people, roles, sessions, tokens, devices, connectors and access requests out at once')
  addLs(locks, surroundings)
  addAdd(locks, surroundings)
  addRm(locks, surroundings)
}

const lockListPath = paths.resourceList.replace(':kind', 'lock')

function addLs(locks: Command, { env, out }: CliSurroundings): void {
  withConnection(locks.command('ls').description('list locks, those that have ended too, for a day'))
    .option('--json', 'one JSON object a line')
    .action(async (options: ClientOptions & { readonly json?: true }) => {
      const client = createClient(await findConnection(options, env))
      const items: ResourceItem[] = []
      let cursor: string | undefined
      do {
        const page = resourceListAnswer.parse(await client.get(lockListPath, { limit: '500', cursor }))
        items.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== undefined)
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else for (const line of formatTable(['Name', 'Target', 'Ends', 'Message'], items.map(toRow))) out(line)
    })
}

function toRow({ name, columns, problem }: ResourceItem): string[] {
  if (problem !== undefined) return [name, '', '', `cannot be read: ${problem}`]
  return [name, columns.target ?? '', columns.expires ?? '', columns.message ?? '']
}

interface AddOptions extends ClientOptions, Partial<Record<LockTargetKind, string>> {
  readonly accessRequest?: string
  readonly name?: string
  readonly ttl?: string
  readonly expires?: string
  readonly message?: string
  readonly dryRun?: true
  readonly json?: true
}

function addAdd(locks: Command, { env, out }: CliSurroundings): void {
  withConnection(
    locks
      .command('add')
      .description(
        'lock a user, everyone with a role or of a connector, a session, a token, a device or an access request',
      ),
  )
    .option('--user <name>', 'a person, everywhere')
    .option('--role <name>', 'everyone who holds the role')
    .option('--session <id>', 'one session, of a browser or a command line')
    .option('--token <name>', 'a machine user')
    .option('--device <id>', 'a device, so that it vouches for nobody')
    .option('--access-request <id>', 'an access request: it gives nothing as long as the lock holds')
    .option('--connector <name>', 'everyone who signs in through the connector')
    .addOption(
      new Option('--ttl <duration>', 'how long, for example 12h; for good without').conflicts('expires'),
    )
    .option('--expires <instant>', 'until when instead, RFC 3339')
    .option('--message <text>', 'what whoever is locked out is told')
    .option('--name <name>', 'name of the lock, in place of one made from the target')
    .option('--dry-run', 'tell what it would do, and do nothing')
    .option('--json', 'the change as one JSON object')
    .action(async (options: AddOptions) => {
      const { ttl, expires, message } = options
      const target = readTarget(options)
      if (ttl !== undefined) parseDuration(ttl, '--ttl')
      const document = {
        kind: 'lock',
        version: 'v2',
        metadata: { name: options.name ?? lockNameFor(target, systemRandom.bytes(2).toString('hex')) },
        spec: {
          target: { [target.kind]: target.name },
          ...(message !== undefined && { message }),
          ...(ttl !== undefined && { ttl }),
          ...(expires !== undefined && { expires }),
        },
      }
      const client = createClient(await findConnection(options, env))
      const query = options.dryRun ? { dryRun: 'true' } : {}
      const { changes } = applyAnswer.parse(await client.post(paths.resources, document, query))
      for (const change of changes) {
        if (options.json) out(JSON.stringify(change))
        else tell(out, `${options.dryRun ? 'Would make' : 'Made'} the lock ${change.name}.`, change)
      }
    })
}

function readTarget(options: AddOptions): { readonly kind: LockTargetKind; readonly name: string } {
  const given = lockTargets.flatMap((kind) => {
    const name = kind === 'access_request' ? options.accessRequest : options[kind]
    return name === undefined ? [] : [{ kind, name }]
  })
  const [target, ...more] = given
  if (target !== undefined && more.length === 0) return target
  throw new GatewayError(
    'INVALID_INPUT',
    'name exactly one of --user, --role, --session, --token, --device, --access-request and --connector',
  )
}

function addRm(locks: Command, { env, out, ask, err }: CliSurroundings): void {
  const rm = locks.command('rm').description('remove a lock; ended sessions stay ended')
  withRemoval(withMfa(withConnection(rm)))
    .argument('<name>', 'name of the lock')
    .action(async (name: string, options: ClientOptions & RemovalOptions) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const path = `${lockListPath}/${encodeURIComponent(name)}`
      await removeResources({ paths: [path], client, options, out, ask })
    })
}

/** That nobody has the name comes first: it is mostly a slip, and the lock holds nobody. */
function tell(out: CliSurroundings['out'], sentence: string, { notes }: Pick<ChangeAnswer, 'notes'>): void {
  const isWarning = (note: string) => note.startsWith('There is no ')
  for (const note of notes.filter(isWarning)) out(printable(note))
  out(printable(sentence))
  for (const note of notes.filter((one) => !isWarning(one))) out(printable(note))
}
