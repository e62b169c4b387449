/**
 * @module The command line in this process: the real program with surroundings of the test's own, and whatever it
 * prints. Nobody sits at its terminal unless `answers` says what they would type.
 */
import { createHash } from 'node:crypto'
import { createProgram } from '../../src/cli/cli.js'
import { describeFailure } from '../../src/cli/exit.js'
import type { TestBrowser } from './people.js'
import type { TestGateway } from './test-gateway.js'

export interface CommandOutcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** What the person at the terminal types to each question; without it there is no terminal. */
  readonly answers?: readonly string[]
  readonly outIsTerminal?: boolean
  /** Hears each line of the error output as it comes. */
  readonly onErr?: (line: string) => void
}

/** Runs `gatehouse ARGS`. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const { env = {}, input = '', answers, outIsTerminal = false, onErr } = options
  const out: string[] = []
  const err: string[] = []
  const left = [...(answers ?? [])]
  let code = 0
  const program = createProgram(
    {
      env,
      out: (line) => out.push(`${line}\n`),
      err: (line) => {
        err.push(`${line}\n`)
        onErr?.(line)
      },
      setExitCode: (status) => (code = status),
      readInput: () => Promise.resolve(input),
      outIsTerminal,
      ask: answers && ((question) => (err.push(question), Promise.resolve(left.shift() ?? ''))),
    },
    'test',
  )
  try {
    await program.parseAsync(['node', 'gatehouse', ...args])
  } catch (error) {
    const { text, exitCode } = describeFailure(error)
    if (text !== '') err.push(`${text}\n`)
    code = exitCode
  }
  return { code, out: out.join(''), err: err.join('') }
}

/** Surroundings of a person whose command line is signed in, as `gatehouse login` does it from this browser. */
export async function signedInCommandLine(
  gateway: TestGateway,
  browser: TestBrowser,
): Promise<NodeJS.ProcessEnv> {
  const verifier = 'v'.repeat(64)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const port = 49_152
  const consent = { challenge, port, state: 's'.repeat(43), host: 'laptop' }
  const agreed = await browser.post('/v1/cli/authorizations', consent)
  const code = new URL((agreed.body as { redirectUrl: string }).redirectUrl).searchParams.get('code')
  const redeemed = await browser.post('/v1/cli/tokens', { code, verifier, port })
  const { token } = redeemed.body as { token: string }
  return { GATEHOUSE_URL: gateway.url, GATEHOUSE_TOKEN: token, XDG_CONFIG_HOME: gateway.dataDir }
}

/** Surroundings of a machine user with these roles, whom an administrator makes now. */
export async function machineUser(
  gateway: TestGateway,
  admin: TestBrowser,
  { name, roles }: { readonly name: string; readonly roles: readonly string[] },
): Promise<NodeJS.ProcessEnv> {
  const spec = { roles, ttl: '24h' }
  const made = await admin.post('/v1/resources', { kind: 'token', version: 'v1', metadata: { name }, spec })
  const { changes } = made.body as { changes?: { secret: string }[] }
  const secret = changes?.[0]?.secret
  if (secret === undefined) throw new Error(`no token was made: ${made.text.slice(0, 400)}`)
  return { GATEHOUSE_URL: gateway.url, GATEHOUSE_TOKEN: secret, XDG_CONFIG_HOME: gateway.dataDir }
}
