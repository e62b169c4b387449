/**
 * @module `gatehouse login`: signs this command line in through the browser (RFC 8252 with PKCE), or takes an API
 * token with `--token`, and remembers it for the gateway that gave it.
 */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import open from 'open'
import { cliTokenAnswer, paths, sessionAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { systemRandom } from '../../lib/random.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, dataDirOf, type ClientOptions } from '../client.js'
import { operatorFileName, originOf, readOperatorFile, urlOf } from '../connection.js'
import {
  credentialsFile,
  readCredentials,
  withCredential,
  writeCredentials,
  type Credential,
} from '../credentials.js'
import { listenOnLoopback } from '../loopback.js'
import { printable } from '../printable.js'

interface LoginOptions extends ClientOptions {
  readonly token?: true
  readonly browser: boolean
}

export function addLoginCommand(program: Command, surroundings: CliSurroundings): void {
  const { env, out } = surroundings
  withConnection(program.command('login').description('sign this command line in, through the browser'))
    .option('--token', 'take an API token from GATEHOUSE_TOKEN or standard input instead')
    .option('--no-browser', 'only print the address to open')
    .action(async (options: LoginOptions) => {
      const file = credentialsFile(env)
      const known = await readCredentials(file)
      const origin = originOf(await findGateway(options, env, known.current))
      const { clusterName } = sessionAnswer.parse(
        await createClient({ url: origin, token: undefined }).get(paths.session),
      )
      const credential = options.token
        ? await takeToken(origin, surroundings)
        : await signInByBrowser(origin, options, out)
      await writeCredentials(file, withCredential(await readCredentials(file), origin, credential))
      const until = credential.expiresAt === undefined ? '' : ` until ${credential.expiresAt}`
      out(printable(`Signed in to ${clusterName} (${origin}) as ${credential.user}${until}.`))
    })
}

/** The gateway that is named, else the one signed in to last, else the one on this machine. */
async function findGateway(
  options: LoginOptions,
  env: NodeJS.ProcessEnv,
  current: string | undefined,
): Promise<string> {
  const named = urlOf(options, env) ?? (options.dataDir === undefined ? current : undefined)
  if (named !== undefined) return named
  const here = await readOperatorFile(join(dataDirOf(options, env), operatorFileName))
  if (here?.publicUrl !== undefined) return here.publicUrl
  throw new GatewayError('INVALID_INPUT', 'say which gateway: gatehouse login --url https://YOUR-GATEWAY')
}

/** RFC 8252 with RFC 7636: the code is worth nothing without the verifier, which never leaves this process. */
async function signInByBrowser(
  origin: string,
  options: LoginOptions,
  out: CliSurroundings['out'],
): Promise<Credential> {
  const verifier = systemRandom.secret()
  const state = systemRandom.secret()
  await using listener = await listenOnLoopback(state)
  const page = new URL('/cli-sign-in', origin)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const host = printable(hostname()).slice(0, 100)
  const query = { challenge, port: String(listener.port), state, host }
  for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value)
  out('Open this page in a browser on this machine and agree to sign in:')
  out(`  ${page.href}`)
  // Not awaited: a quick person must not come back before somebody listens.
  if (options.browser) void openBrowser(page.href)
  return await listener.redeemCode(async (code) => {
    const body = { code, verifier, port: listener.port }
    const answer = await createClient({ url: origin, token: undefined }).post(paths.cliTokens, body)
    const { token, user, expiresAt } = cliTokenAnswer.parse(answer)
    return { token, user, kind: 'session', expiresAt }
  })
}

/** Best effort, never fails: the address is on the screen already. */
async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url)
    child.once('error', () => undefined)
  } catch {
    // No browser here, or no desktop.
  }
}

/** Checks an API token before it is remembered, and learns whom it stands for. */
async function takeToken(origin: string, { env, readInput }: CliSurroundings): Promise<Credential> {
  const fromEnvironment = env.GATEHOUSE_TOKEN ?? ''
  const token = (fromEnvironment === '' ? await readInput() : fromEnvironment).trim()
  if (!/^[\w-]{20,200}$/.test(token)) {
    throw new GatewayError(
      'INVALID_INPUT',
      'that is no API token; give one in GATEHOUSE_TOKEN or on standard input',
    )
  }
  const answer = sessionAnswer.parse(await createClient({ url: origin, token }).get(paths.session))
  const { actor, expiresAt } = answer
  if (actor === undefined || actor.kind === 'operator') {
    throw new GatewayError(
      'NOT_SIGNED_IN',
      `${origin} does not know this token, or it has expired; ask for a new one`,
    )
  }
  return {
    token,
    user: actor.name,
    kind: actor.kind === 'machine' ? 'token' : 'session',
    ...(expiresAt !== undefined && { expiresAt }),
  }
}
