/**
 * @module The built program as people run it: `dist/main.js` in a process of its own, with nothing of this one's
 * environment but the path. `npm test` builds it first.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const builtProgram = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd: string
  /** Where the program is, when it is not the checkout's own. */
  readonly program?: string
  /** What Node is given instead of the program. */
  readonly instead?: readonly string[]
}

function launch(
  args: readonly string[],
  { env = {}, cwd, program = builtProgram, instead = [program] }: RunOptions,
) {
  const child = spawn(process.execPath, [...instead, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (data: string) => (text.out += data))
  child.stderr.setEncoding('utf8').on('data', (data: string) => (text.err += data))
  return { child, text }
}

/** Runs a command to its end. */
export async function run(args: readonly string[], options: RunOptions): Promise<Outcome> {
  const { child, text } = launch(args, options)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...text }
}

export interface RunningGateway extends AsyncDisposable {
  readonly child: ChildProcess
  readonly url: string
  readonly text: { out: string; err: string }
  /** Asks it to stop and waits for its end. */
  stop(): Promise<number | null>
}

/** Starts a gateway and waits until it says where it listens. */
export async function startGateway(options: RunOptions): Promise<RunningGateway> {
  return await startServer(['start'], options, /listening on (https?:\S+)\)/)
}

/** Starts an emulator and waits until it says where it is. */
export async function startEmulatorProcess(
  args: readonly string[],
  options: RunOptions,
): Promise<RunningGateway> {
  return await startServer(['emulator', ...args], options, /(http:\/\/127\.0\.0\.1:\d+)/)
}

/** @param says What it prints once it serves, with its address. */
async function startServer(
  args: readonly string[],
  options: RunOptions,
  says: RegExp,
): Promise<RunningGateway> {
  const { child, text } = launch(args, options)
  const closed = once(child, 'close') as Promise<[number | null]>
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = says.exec(text.out)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', look)
    child.once('close', () => reject(new Error(`it did not start: ${text.out}${text.err}`)))
  })
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return (await closed)[0]
  }
  return {
    child,
    url,
    text,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
