#!/usr/bin/env node
/**
 * @module The process. The only reader of `process.*`: it finds the command, gives it its surroundings and
 * turns a failure into words and an exit status. `start` and `emulator` run servers until a signal comes.
 */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { createProgram } from './cli/cli.js'
import { askOnTerminal } from './cli/confirm.js'
import { describeFailure } from './cli/exit.js'
import { addEmulatorCommand } from './emulator/command.js'
import { createLogger } from './lib/logger.js'
import { addOfflineCommands } from './offline/commands.js'
import { addStartCommand } from './start.js'

// Whoever reads the output may stop early, as `head` does: that is no failure, and nothing is left to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'

const program = createProgram(
  {
    env: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    outIsTerminal: process.stdout.isTTY,
    ask: process.stdin.isTTY ? askOnTerminal : undefined,
    readInput: async () => await text(process.stdin),
    setExitCode: (code) => {
      process.exitCode = code
    },
  },
  version,
)
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const untilStopped = async (): Promise<unknown> =>
  await new Promise<void>((resolve) => {
    // Once for both: the second signal, whichever it is, ends the process at once.
    const stop = () => {
      process.removeListener('SIGTERM', stop)
      process.removeListener('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
const onHangup = (act: () => void): void => void process.on('SIGHUP', act)
addStartCommand(program, { env: process.env, cwd: process.cwd(), print, untilStopped, onHangup })
addOfflineCommands(program, {
  ...{ env: process.env, cwd: process.cwd(), version, print },
  tell: (line) => process.stderr.write(`${line}\n`),
})
addEmulatorCommand(program, { logger: createLogger('warn'), print, untilStopped })

try {
  await program.parseAsync(process.argv)
} catch (error) {
  const { text, exitCode } = describeFailure(error)
  if (text !== '') process.stderr.write(`${text}\n`)
  process.exitCode = exitCode
}
