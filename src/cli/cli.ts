/**
 * @module The commands that talk to a running gateway. One file a command in `commands/`; each is given the
 * same surroundings and returns its exit status. `start` and `emulator` are added by `main.ts`, for they run a
 * server instead of asking one.
 */
import { Command } from 'commander'
import { addAuditCommands } from './commands/audit.js'
import { addUsersCommands } from './commands/users.js'

/** What a command may touch of the process around it. */
export interface CliSurroundings {
  readonly env: NodeJS.ProcessEnv
  readonly out: (line: string) => void
  readonly setExitCode: (code: number) => void
}

export function createProgram(surroundings: CliSurroundings, version: string): Command {
  const program = new Command('gatehouse')
    .description('Open identity gateway for AWS IAM Identity Center')
    .version(version)
    .showHelpAfterError('(add --help for the options of this command)')
  addAuditCommands(program, surroundings)
  addUsersCommands(program, surroundings)
  return program
}

/** Options of every command that asks a gateway. */
export function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'address of the gateway (default: the one running on this machine)')
    .option('--data-dir <dir>', 'data folder of the gateway on this machine (default: ./data)')
}
