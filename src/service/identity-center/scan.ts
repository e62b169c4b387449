/** @module Reads AWS to the end, in the background, because a person asks. */
import type { JobItem } from '../../api/contract/identity-center.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { jobAnswerOf, withAws } from './words.js'

/** Answers the job, which may be one that runs already. @throws GatewayError `NOT_FOUND`, `CONFLICT`, `AWS_REFUSED`, `AWS_UNREACHABLE`. */
export async function startScan(deps: IdentityCenterDeps, name: string): Promise<JobItem> {
  await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  return jobAnswerOf(await withAws(async () => await sync.scan()))
}
