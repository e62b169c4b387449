/**
 * @module The commands `gatehouse emulator`, `gatehouse emulator generate` and `gatehouse emulator operations`.
 */
import { Option, type Command } from 'commander'
import { ManualClock, systemClock } from '../lib/clock.js'
import { createLogger, type Logger } from '../lib/logger.js'
import { systemRandom } from '../lib/random.js'
import { EmulatorError } from './error.js'
import { refuseContradictions, refuseUnverifiable, type EmulatorFlags } from './flags.js'
import { addGenerateCommand, parseNumber } from './generate/command.js'
import { generateOrganisation } from './generate/generate.js'
import { checkSeed, sizeNames, sizes } from './generate/size.js'
import { greet, printable } from './greeting.js'
import { seededRandom } from './seeded-random.js'
import { loadOrganisation } from './state/load-organisation.js'
import { emptyOrganisation, readOrganisation, type Organisation } from './state/organisation.js'
import { parseIssuerMap } from './sts/issuer-map.js'

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

/** A seeded run is the same twice, so its virtual clock cannot start at the present. */
const seededStart = Date.parse('2026-01-05T09:00:00Z')
const defaultSeed = 1

/** Adds the command `emulator` to the program. */
export function addEmulatorCommand(program: Command, host: EmulatorCommandHost = processHost): void {
  const emulator = program
    .command('emulator')
    .description('run a local stand-in for AWS IAM Identity Center')
    .option('--listen <address>', 'loopback address and port', '127.0.0.1:4599')
    .option('--org <file>', 'organisation file (YAML), such as fixtures/orgs/demo.yaml')
    .addOption(new Option('--size <name>', 'a generated organisation instead of a file').choices(sizeNames))
    .option('--seed <number>', 'of the generated organisation and of everything random', parseNumber)
    .addOption(
      new Option(
        '--clock <kind>',
        'real, or virtual to move it by a call; with --seed it starts at 2026-01-05T09:00:00Z',
      )
        .choices(['real', 'virtual'])
        .default('real'),
    )
    .addOption(
      new Option('--limits <switch>', "AWS's published rate limits; on where the file says nothing").choices([
        'on',
        'off',
      ]),
    )
    .option(
      '--verify-signatures',
      'check the signatures of AWS calls, not only their form; needs the real clock',
    )
    .option(
      '--issuer-map <https://name=url>',
      'where the issuer of web identity tokens is reached instead; may be repeated',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .action(async (flags: EmulatorFlags, command: Command) =>
      explained(command, async () => await runEmulator(flags, host)),
    )
  addGenerateCommand(emulator, host, explained)
  emulator
    .command('operations')
    .description('print the table of what the emulator answers, as Markdown')
    .action(async () => {
      const { supportTable } = await import('./support-table.js')
      for (const line of supportTable().trimEnd().split('\n')) host.print(line)
    })
}

/** What a person can mend is told in words, without a stack. */
async function explained(command: Command, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!(error instanceof EmulatorError) && !isTaken) throw error
    const words = isTaken
      ? `the address is taken, choose another with --listen (${error.message})`
      : error.message
    command.error(`gatehouse: ${printable(words)}`, { exitCode: 1 })
  }
}

/** Runs until the process is asked to stop. */
async function runEmulator(flags: EmulatorFlags, host: EmulatorCommandHost): Promise<void> {
  refuseContradictions(flags)
  // Loaded here, for it takes longer than most commands run, and they share a process with this one.
  const { startEmulator } = await import('./emulator.js')
  const issuers = parseIssuerMap(flags.issuerMap)
  const seed = flags.seed === undefined ? undefined : checkSeed(flags.seed)
  const { organisation, source } = await findOrganisation(flags)
  refuseUnverifiable(flags, organisation.settings)
  const start = seed === undefined ? systemClock.now() : seededStart
  const clock = flags.clock === 'virtual' ? new ManualClock(start) : systemClock
  await using emulator = await startEmulator({
    listen: flags.listen,
    organisation,
    issuers,
    settings: {
      ...(flags.limits !== undefined && { limits: flags.limits === 'on' }),
      ...(flags.verifySignatures === true && { verifySignatures: true }),
    },
    clock,
    random: seed === undefined ? systemRandom : seededRandom(seed),
    logger: host.logger,
  })
  for (const line of greet(emulator.url, organisation, source, clock)) host.print(printable(line))
  await host.untilStopped()
}

async function findOrganisation(
  flags: EmulatorFlags,
): Promise<{ readonly organisation: Organisation; readonly source: string }> {
  if (flags.org !== undefined) return { organisation: await loadOrganisation(flags.org), source: flags.org }
  if (flags.size === undefined)
    return {
      organisation: emptyOrganisation,
      source: 'none given (--org or --size), so an empty one in us-east-1',
    }
  const seed = flags.seed ?? defaultSeed
  const source = `the generated organisation "${flags.size}" of seed ${seed}`
  return { organisation: readOrganisation(generateOrganisation(sizes[flags.size], seed), source), source }
}
