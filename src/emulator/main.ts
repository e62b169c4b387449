/**
 * @module IAM Identity Center at wire level, for demo, tests and trying things out: the other side of the
 * gateway. It is faithful or silent: what is built behaves as AWS documents or as observed (each limit and rule
 * cites its reason), what is not built answers an explicit error.
 *
 * It must never share code with the adapters that talk to it (`src/saml`, `src/aws`, `src/scim`): a mistake made
 * twice would pass every test. It imports only `src/lib` and packages, listens on loopback only, and keeps all
 * state in memory.
 *
 * Neighbours: `state/` holds the organisation (one file per aggregate), `saml-sp/` is the sign-in, `control/`
 * stands for the AWS console and for the needs of tests (`/_emulator/...`).
 */
import { Option, type Command } from 'commander'
import { ManualClock, systemClock } from '../lib/clock.js'
import { createLogger, type Logger } from '../lib/logger.js'
import { startEmulator } from './emulator.js'

export { startEmulator, type Emulator, type EmulatorOptions } from './emulator.js'

/** What the command needs of the process that runs it. */
export interface EmulatorCommandHost {
  readonly logger: Logger
  /** Prints one line for the person. */
  print(line: string): void
  /** Resolves when the process is asked to stop. */
  untilStopped(): Promise<unknown>
}

const processHost: EmulatorCommandHost = {
  logger: createLogger('warn'),
  print: (line) => process.stdout.write(`${line}\n`),
  untilStopped: () =>
    new Promise((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    }),
}

interface EmulatorFlags {
  readonly listen: string
  readonly org?: string
  readonly clock: 'real' | 'virtual'
}

/** Adds the command `emulator` to the program. */
export function addEmulatorCommand(program: Command, host: EmulatorCommandHost = processHost): void {
  program
    .command('emulator')
    .description('run a local stand-in for AWS IAM Identity Center')
    .option('--listen <address>', 'loopback address and port', '127.0.0.1:4599')
    .option('--org <file>', 'organisation file (YAML), such as fixtures/orgs/demo.yaml')
    .addOption(
      new Option('--clock <kind>', 'real, or virtual to move it by a call')
        .choices(['real', 'virtual'])
        .default('real'),
    )
    .action((flags: EmulatorFlags) => runEmulator(flags, host))
}

/** Runs until the process is asked to stop. */
async function runEmulator(flags: EmulatorFlags, host: EmulatorCommandHost): Promise<void> {
  const clock = flags.clock === 'virtual' ? new ManualClock(systemClock.now()) : systemClock
  const { logger } = host
  await using emulator = await startEmulator({ listen: flags.listen, orgFile: flags.org, clock, logger })
  host.print(`Identity Center emulator: ${emulator.url}/start (control under ${emulator.url}/_emulator/)`)
  await host.untilStopped()
}
