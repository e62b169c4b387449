/**
 * @module The one way in which a stored request is changed: read, judged and written in one transaction, as things stand
 * in it. Who changed what meanwhile is told to whoever decides by a revision; others decide anew on what there is.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import type { Step } from '../../core/access-request/transition.js'
import { GatewayError, isCode, type ErrorCode } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { MfaMethod } from '../../core/mfa/proof.js'
import type { RequestOrigin } from '../context.js'
import { recordInvalidProof } from '../people/mfa-proofs.js'
import type { AccessRequestDeps } from './deps.js'
import { passTimeWithin } from './pass-time.js'
import { loadRequestViewer, noSuchRequest, seesRequest, type Asking, type RequestViewer } from './viewer.js'
import { writeStep } from './write-step.js'

export interface Standing {
  readonly tx: StoreTransaction
  readonly viewer: RequestViewer
  /** As it is now, with what time has done to it. */
  readonly request: AccessRequest
}

/** What became of it, and which second factor it was proved with. */
export type Decided = Step & { readonly mfa?: MfaMethod | undefined }

export interface ChangedRequest {
  readonly before: AccessRequest
  readonly request: AccessRequest
}

export interface Change {
  readonly id: string
  /** What whoever decides has seen; undefined: they decide on whatever there is. */
  readonly revision?: number | undefined
  readonly by: Asking
  readonly origin: RequestOrigin | undefined
}

/** Another replica may have written between our reading and our writing. */
const tries = 3

/**
 * Does one step; the sync looks for work after it.
 * @throws GatewayError `NOT_FOUND` for whoever may not see the request, `REVISION_MISMATCH`, and what the step refuses:
 * `FORBIDDEN`, `CONFLICT`, `INVALID_INPUT`, and where a decision takes a second factor what `requireMfa` refuses.
 */
export async function changeRequest(
  deps: AccessRequestDeps,
  change: Change,
  step: (standing: Standing) => Decided | Promise<Decided>,
): Promise<ChangedRequest> {
  // Outside of the transaction, so that what is parsed is kept.
  await deps.catalog.read()
  for (let left = tries; ; left -= 1) {
    try {
      const changed = await deps.store.transaction((tx) => changeWithin(deps, tx, change, step))
      deps.syncs.wakeAll()
      return changed
    } catch (error) {
      if (isCode(error, 'MFA_PROOF_INVALID')) await recordInvalidProof(deps, error, change.origin)
      if (left <= 1 || change.revision !== undefined || !isCode(error, 'REVISION_MISMATCH')) throw error
    }
  }
}

async function changeWithin(
  deps: AccessRequestDeps,
  tx: StoreTransaction,
  { id, revision, by, origin }: Change,
  step: (standing: Standing) => Decided | Promise<Decided>,
): Promise<ChangedRequest> {
  const view = await deps.catalog.readIn(tx)
  const viewer = await loadRequestViewer(deps, tx, view, by)
  const stored = await tx.accessRequests.find(id)
  if (stored === undefined || !seesRequest(viewer, stored)) throw noSuchRequest(id)
  if (revision !== undefined && revision !== stored.revision) throw changedMeanwhile(stored, revision)
  const request = await passTimeWithin(tx, view, stored, viewer.now)
  const made = await step({ tx, viewer, request })
  if (!made.ok) throw refusal(made)
  const proved = made.mfa && { by: by.authority.name, method: made.mfa }
  const write = { tx, view, now: viewer.now, origin, proved }
  return { before: stored, request: await writeStep(deps, write, stored, made.request) }
}

const codes = {
  forbidden: 'FORBIDDEN',
  conflict: 'CONFLICT',
  invalid: 'INVALID_INPUT',
} as const satisfies Record<Extract<Step, { ok: false }>['why'], ErrorCode>

export function refusal({ why, says }: Extract<Step, { ok: false }>): GatewayError {
  return new GatewayError(codes[why], says)
}

function changedMeanwhile({ id, revision: current }: AccessRequest, expected: number): GatewayError {
  return new GatewayError(
    'REVISION_MISMATCH',
    `access request "${id}" was changed since you read it (you have revision ${expected}, it is now ${current}); look at it again and decide once more`,
    { id, expectedRevision: expected, currentRevision: current },
  )
}
