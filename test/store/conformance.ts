/**
 * @module What every engine must do, whatever it is made of: one suite, run by `sqlite.test.ts` and
 * `postgres.test.ts`. One file for each group of aggregates in `conformance/`; races are in `concurrency.ts`.
 */
import { describe } from 'vitest'
import { accessRequestConformance } from './conformance/access-requests.js'
import { auditConformance } from './conformance/audit.js'
import { auditSinkConformance } from './conformance/audit-sinks.js'
import { connectorConformance } from './conformance/connectors.js'
import { deviceConformance } from './conformance/devices.js'
import { directoryConformance } from './conformance/directories.js'
import type { Engine } from './conformance/engine.js'
import { identityCenterConformance } from './conformance/identity-center.js'
import { memberConformance } from './conformance/members.js'
import { mfaProofConformance } from './conformance/mfa-proofs.js'
import { outboxConformance } from './conformance/outbox.js'
import { recoveryCodeConformance } from './conformance/recovery-codes.js'
import { passkeyConformance } from './conformance/passkeys.js'
import { peopleConformance } from './conformance/people.js'
import { resourceConformance } from './conformance/resources.js'
import { reviewConformance } from './conformance/reviews.js'
import { samlConnectorConformance } from './conformance/saml-connectors.js'
import { signInConformance } from './conformance/sign-ins.js'
import { tokenConformance } from './conformance/tokens.js'
import { transactionConformance } from './conformance/transactions.js'

export function storeConformance(name: string, engine: Engine): void {
  describe(`${name} store`, () => {
    resourceConformance(engine)
    peopleConformance(engine)
    passkeyConformance(engine)
    recoveryCodeConformance(engine)
    deviceConformance(engine)
    signInConformance(engine)
    samlConnectorConformance(engine)
    tokenConformance(engine)
    directoryConformance(engine)
    mfaProofConformance(engine)
    connectorConformance(engine)
    auditConformance(engine)
    auditSinkConformance(engine)
    memberConformance(engine)
    reviewConformance(engine)
    outboxConformance(engine)
    accessRequestConformance(engine)
    identityCenterConformance(engine)
    transactionConformance(engine)
  })
}
