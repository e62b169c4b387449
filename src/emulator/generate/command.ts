/**
 * @module `gatehouse emulator generate`: prints a believable organisation, or writes it to a file.
 */
import { writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { invalidInput } from '../error.js'
import { generateOrganisation } from './generate.js'
import { sizeNames, sizes, type SizeName } from './size.js'
import { writeOrganisation } from './write-organisation.js'

interface GenerateFlags {
  readonly size: SizeName
  readonly accounts?: number
  readonly permissionSets?: number
  readonly users?: number
  readonly groups?: number
  readonly seed: number
  readonly out?: string
}

/** Numbers of flags; whether they make sense is told where they are used. */
export function parseNumber(text: string): number {
  if (!/^\d{1,16}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.')
  return Number(text)
}

/** Adds the command `generate` below `emulator`; `explained` tells failures that a person can mend. */
export function addGenerateCommand(
  emulator: Command,
  host: { print(line: string): void },
  explained: (command: Command, run: () => Promise<void>) => Promise<void>,
): void {
  emulator
    .command('generate')
    .description('make up an organisation file; the same seed and numbers give the same file')
    .addOption(
      new Option('--size <name>', 'the numbers that are not given').choices(sizeNames).default('small'),
    )
    .option('--accounts <number>', 'accounts, the management account included', parseNumber)
    .option('--permission-sets <number>', 'permission sets', parseNumber)
    .option('--users <number>', 'users', parseNumber)
    .option('--groups <number>', 'groups', parseNumber)
    .option('--seed <number>', 'another number gives another organisation', parseNumber, 1)
    .option('--out <file>', 'write to this file, which must not exist, instead of printing')
    .action(async (_flags: unknown, command: Command) =>
      explained(command, async () => {
        refuseOtherFlags(emulator)
        // `emulator` knows --size and --seed too, and takes them wherever they stand.
        await generate(command.optsWithGlobals<GenerateFlags>(), host)
      }),
    )
}

/** Flags of an emulator that runs would do nothing here. */
function refuseOtherFlags(emulator: Command): void {
  const given = emulator.options.filter(
    (option) =>
      !['size', 'seed'].includes(option.attributeName()) &&
      emulator.getOptionValueSource(option.attributeName()) === 'cli',
  )
  if (given.length > 0) throw invalidInput(`generate takes no ${given.map(({ long }) => long).join(', ')}`)
}

async function generate(flags: GenerateFlags, host: { print(line: string): void }): Promise<void> {
  const named = sizes[flags.size]
  const size = {
    accounts: flags.accounts ?? named.accounts,
    permissionSets: flags.permissionSets ?? named.permissionSets,
    users: flags.users ?? named.users,
    groups: flags.groups ?? named.groups,
  }
  const text = writeOrganisation({ about: describe(flags), ...generateOrganisation(size, flags.seed) })
  if (flags.out === undefined) {
    host.print(text.trimEnd())
    return
  }
  try {
    await writeFile(flags.out, text, { flag: 'wx' })
  } catch (error) {
    throw invalidInput(`${flags.out} cannot be written: ${error instanceof Error ? error.message : ''}`)
  }
}

/** The command that makes this file again. */
function describe({ size, seed, accounts, permissionSets, users, groups }: GenerateFlags): string {
  const given = Object.entries({ accounts, 'permission-sets': permissionSets, users, groups }).flatMap(
    ([name, value]) => (value === undefined ? [] : [` --${name} ${value}`]),
  )
  return `gatehouse emulator generate --size ${size} --seed ${seed}${given.join('')}`
}
