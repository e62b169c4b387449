/**
 * @module All migrations in the order in which they run. The list is written by hand; a released migration is never
 * edited, a change of mind is a new one.
 */
import { init } from './0001-init.js'
import { tokens } from './0002-tokens.js'
import { auditSummary } from './0003-audit-summary.js'
import { identityCenter } from './0004-identity-center.js'
import { guardCounts } from './0005-guard-counts.js'
import { accessLists } from './0006-access-lists.js'
import { listDepartures } from './0007-list-departures.js'
import { accessRequests } from './0008-access-requests.js'
import { onCallLists } from './0009-on-call-lists.js'
import { lastSignIns } from './0010-last-sign-ins.js'
import { finishedDecisions } from './0011-finished-decisions.js'
import { resourceWriters } from './0012-resource-writers.js'
import { mfaProofs } from './0013-mfa-proofs.js'
import { passkeys } from './0014-passkeys.js'
import { connectors } from './0015-connectors.js'
import { samlConnectors } from './0016-saml-connectors.js'
import { directories } from './0017-directories.js'
import { devices } from './0018-devices.js'
import { recoveryCodes } from './0019-recovery-codes.js'
import { auditSinks } from './0020-audit-sinks.js'
import { auditCheckpoints } from './0021-audit-checkpoints.js'
import type { Migration } from './migration.js'

export const migrations: readonly Migration[] = [
  init,
  tokens,
  auditSummary,
  identityCenter,
  guardCounts,
  accessLists,
  listDepartures,
  accessRequests,
  onCallLists,
  lastSignIns,
  finishedDecisions,
  resourceWriters,
  mfaProofs,
  passkeys,
  connectors,
  samlConnectors,
  directories,
  devices,
  recoveryCodes,
  auditSinks,
  auditCheckpoints,
]
