/**
 * @module The commands that talk to a running gateway. One file a command in `commands/`; each is given the
 * same surroundings and returns its exit status. `start` and `emulator` are added by `main.ts`, for they run a
 * server instead of asking one.
 */
import { Command } from 'commander'
import type { Ask } from './confirm.js'
import { addAclCommands } from './commands/acl.js'
import { addAuditCommands } from './commands/audit.js'
import { addAwsProfileCommand } from './commands/aws-profile.js'
import { addAwsicCommands } from './commands/awsic.js'
import { addConnectorsCommands } from './commands/connectors.js'
import { addCreateCommand } from './commands/create.js'
import { addDeviceCommands } from './commands/device.js'
import { addDevicesCommands } from './commands/devices.js'
import { addEditCommand } from './commands/edit.js'
import { addExplainCommand } from './commands/explain.js'
import { addWhoCanCommand } from './commands/who-can.js'
import { addGetCommand } from './commands/get.js'
import { addKeysCommands } from './commands/keys.js'
import { addKindsCommand } from './commands/kinds.js'
import { addLocksCommands } from './commands/locks.js'
import { addLoginCommand } from './commands/login.js'
import { addLogoutCommand } from './commands/logout.js'
import { addOnCallCommands } from './commands/oncall.js'
import { addRequestsCommands } from './commands/requests.js'
import { addRmCommand } from './commands/rm.js'
import { addSamlCommands } from './commands/saml.js'
import { addStatusCommand } from './commands/status.js'
import { addTokensCommands } from './commands/tokens.js'
import { addUsersCommands } from './commands/users.js'
import { addWebhooksCommands } from './commands/webhooks.js'

/** What a command may touch of the process around it. */
export interface CliSurroundings {
  readonly env: NodeJS.ProcessEnv
  readonly out: (line: string) => void
  /** For what is not the answer itself: warnings, and where there is more. */
  readonly err: (line: string) => void
  readonly setExitCode: (code: number) => void
  /** All of standard input, to its end. */
  readonly readInput: () => Promise<string>
  /** Whether `out` writes to a terminal rather than to a file or a program. */
  readonly outIsTerminal: boolean
  /** Asks the person at the terminal; undefined where nobody sits there. */
  readonly ask: Ask | undefined
}

export function createProgram(surroundings: CliSurroundings, version: string): Command {
  const program = new Command('gatehouse')
    .description('Open identity gateway for AWS IAM Identity Center')
    .version(version)
    .showHelpAfterError('(add --help for the options of this command)')
    // Thrown, so that `exit.ts` says the exit status of a wrong command line too; commands inherit both.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.out(text.trimEnd()),
      writeErr: (text) => surroundings.err(text.trimEnd()),
    })
  addLoginCommand(program, surroundings)
  addLogoutCommand(program, surroundings)
  addStatusCommand(program, surroundings)
  addGetCommand(program, surroundings)
  addCreateCommand(program, surroundings)
  addEditCommand(program, surroundings)
  addRmCommand(program, surroundings)
  addKindsCommand(program, surroundings)
  addAuditCommands(program, surroundings)
  addUsersCommands(program, surroundings)
  addTokensCommands(program, surroundings)
  addDevicesCommands(program, surroundings)
  addDeviceCommands(program, surroundings)
  addLocksCommands(program, surroundings)
  addConnectorsCommands(program, surroundings)
  addExplainCommand(program, surroundings)
  addWhoCanCommand(program, surroundings)
  addKeysCommands(program, surroundings)
  addSamlCommands(program, surroundings)
  addAwsicCommands(program, surroundings)
  addAclCommands(program, surroundings)
  addRequestsCommands(program, surroundings)
  addOnCallCommands(program, surroundings)
  addWebhooksCommands(program, surroundings)
  addAwsProfileCommand(program, surroundings)
  return program
}

/** Options of every command that asks a gateway. */
export function withConnection(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'address of the gateway (default: the one signed in to, else the one on this machine)',
    )
    .option('--data-dir <dir>', 'act as operator of the gateway on this machine, whose data folder this is')
}
