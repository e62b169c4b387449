/**
 * @module `gatehouse keys`: `ls` tells where a key rollover stands and what to do next, `rotate` takes the next step,
 * `export` prints a certificate to upload where nobody reads our metadata.
 */
import { Option, type Command } from 'commander'
import { paths, rotationSteps, signingKeysAnswer, type SigningKeysAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { describeStep } from '../../core/key/rollover.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { confirm } from '../confirm.js'
import { printable } from '../printable.js'

interface KeysOptions extends ClientOptions {
  readonly kind: SigningKeysAnswer['kind']
}

type Step = (typeof rotationSteps)[number]
type State = SigningKeysAnswer['keys'][number]['state']

export function addKeysCommands(program: Command, { env, out, ask, err }: CliSurroundings): void {
  const keys = program.command('keys').description('signing keys and their rollover')
  const clientOf = async (options: ClientOptions) => createClient(await findConnection(options, env))

  withKind(keys.command('ls').description('list the keys, where their rollover stands, and what to do next'))
    .option('--json', 'as one JSON object')
    .action(async (options: KeysOptions & { json?: true }) => {
      const answer = await read(await clientOf(options), options.kind)
      if (options.json) out(JSON.stringify(answer))
      else tell(answer, out)
    })

  withKind(
    withMfa(
      keys.command('rotate').description('take the next step of a key rollover, or the step that you name'),
    ),
  )
    .addOption(new Option('--step <step>', 'which step').choices([...rotationSteps]))
    .option('--yes', 'without asking')
    .action(async (options: KeysOptions & { step?: Step; yes?: true }) => {
      const client = await createConfirmingClient(options, { env, ask, err })
      const before = await read(client, options.kind)
      const step = options.step ?? before.possible[0]
      // The gateway says why a step is not possible; to ask before would be to ask in vain.
      if (step === undefined) throw new GatewayError('KEY_PHASE', 'no step is possible now')
      if (before.possible.includes(step) && !options.yes) {
        for (const line of before.advice) out(printable(line))
        if (!(await confirm(ask, `${step}: ${describeStep(options.kind, step)} Go ahead?`))) {
          out('Nothing was changed.')
          return
        }
      }
      const path = paths.keysRotate.replace(':kind', options.kind)
      const after = signingKeysAnswer.parse(await client.post(path, { step }))
      out(`${step}: done.`)
      tell(after, out)
    })

  withKind(keys.command('export').description('print a certificate (PEM)'))
    .addOption(
      new Option('--state <state>', 'of which key')
        .choices(['current', 'next', 'retired'])
        .default('current'),
    )
    .action(async (options: KeysOptions & { state: State }) => {
      const { keys: all } = await read(await clientOf(options), options.kind)
      const key = all.find(({ state }) => state === options.state)
      if (key === undefined) {
        throw new GatewayError(
          'NOT_FOUND',
          `there is no ${options.state} ${options.kind} key; see "gatehouse keys ls"`,
        )
      }
      if (key.certificatePem === undefined) {
        throw new GatewayError(
          'NOT_FOUND',
          `${options.kind} keys have no certificate; their public halves are read from the gateway`,
        )
      }
      out(key.certificatePem.trim())
    })
}

function withKind(command: Command): Command {
  const kind = new Option('--kind <kind>', 'what the keys sign')
    .choices(['saml', 'audit', 'oidc'])
    .default('saml')
  return withConnection(command).addOption(kind)
}

async function read(client: ApiClient, kind: SigningKeysAnswer['kind']): Promise<SigningKeysAnswer> {
  return signingKeysAnswer.parse(await client.get(paths.keys.replace(':kind', kind)))
}

function tell({ keys, phase, possible, advice }: SigningKeysAnswer, out: (line: string) => void): void {
  for (const { id, state, fingerprint, createdAt, notAfter } of keys) {
    const end = notAfter === undefined ? '' : `  until ${notAfter.slice(0, 10)}`
    out(printable(`${state.padEnd(8)} ${id}  made ${createdAt.slice(0, 10)}${end}`))
    if (fingerprint !== undefined) out(printable(`         SHA-256 ${fingerprint}`))
  }
  out(`phase: ${phase}; possible: ${possible.join(', ')}`)
  for (const line of advice) out(printable(`- ${line}`))
}
