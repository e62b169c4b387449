/**
 * @module `gatehouse awsic`: the connection to IAM Identity Center, from set-up to removal. Each group of commands is a
 * file beside this one; what they share is in `cli/awsic/`.
 */
import type { Command } from 'commander'
import type { CliSurroundings } from '../cli.js'
import { addEnrolCommand } from './awsic-enrol.js'
import { addImportCommands } from './awsic-import.js'
import { addPlanCommands } from './awsic-plan.js'
import { addPublishIssuer } from './awsic-publish-issuer.js'
import { addScimCommands } from './awsic-scim.js'
import { addScriptCommands } from './awsic-script.js'
import { addStatusCommands } from './awsic-status.js'
import { addUninstallCommand } from './awsic-uninstall.js'

export function addAwsicCommands(program: Command, surroundings: CliSurroundings): void {
  const awsic = program.command('awsic').description('AWS IAM Identity Center: set-up, plan, status, removal')
  addEnrolCommand(awsic, surroundings)
  addScriptCommands(awsic, surroundings)
  addPublishIssuer(awsic, surroundings)
  addImportCommands(awsic, surroundings)
  addScimCommands(awsic, surroundings)
  addPlanCommands(awsic, surroundings)
  addStatusCommands(awsic, surroundings)
  addUninstallCommand(awsic, surroundings)
}
