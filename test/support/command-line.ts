/**
 * @module The command line in this process: the real program with surroundings of the test's own, and whatever it
 * prints. Nobody sits at its terminal unless `answers` says what they would type.
 */
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
}

/** Runs `gatehouse ARGS`. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const { env = {}, input = '', answers, outIsTerminal = false } = options
  const out: string[] = []
  const err: string[] = []
  const left = [...(answers ?? [])]
  let code = 0
  const program = createProgram(
    {
      env,
      out: (line) => out.push(`${line}\n`),
      err: (line) => err.push(`${line}\n`),
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
