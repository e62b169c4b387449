/**
 * @module `gatehouse audit`: `ls` prints events one a line, `verify` checks the chain here, on the reader's
 * side, with the keys and heads that the gateway serves and, better, copies kept elsewhere, `sinks` shows who else gets it.
 */
import type { Command } from 'commander'
import type { CliSurroundings } from '../cli.js'
import { addAuditEvidence } from './audit-evidence.js'
import { addAuditExport } from './audit-export.js'
import { addAuditLs } from './audit-ls.js'
import { addAuditSinks } from './audit-sinks.js'
import { addAuditVerify } from './audit-verify.js'

export function addAuditCommands(program: Command, surroundings: CliSurroundings): void {
  const audit = program.command('audit').description('read and verify the audit log')
  addAuditLs(audit, surroundings)
  addAuditExport(audit, surroundings)
  addAuditEvidence(audit, surroundings)
  addAuditVerify(audit, surroundings)
  addAuditSinks(audit, surroundings)
}
