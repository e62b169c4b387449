/** @module Takes one step of a key rollover on somebody's word, and tells where it stands then. */
import type { KeyRolloverPurpose, RolloverStep } from '../../core/key/rollover.js'
import type { RequestOrigin } from '../context.js'
import type { Authority } from '../authority.js'
import { confirmBefore } from '../people/confirm-change.js'
import { originFields } from '../people/record.js'
import type { KeysDeps } from './deps.js'
import { describeKeys, type DescribedKeys } from './describe-keys.js'

/** @throws GatewayError `KEY_PHASE` with the steps that are possible. */
export async function rotateKeys(
  deps: KeysDeps,
  input: { readonly purpose: KeyRolloverPurpose; readonly step: RolloverStep },
  authority: Authority,
  origin: RequestOrigin,
): Promise<DescribedKeys> {
  const actor = authority.name
  // Before the step, which writes in a transaction of its own: one that is not possible spends the proof, too.
  await confirmBefore(deps, [{ resource: 'cert_authority', verb: 'rotate' }], authority, origin)
  const keys = deps.managedKeys[input.purpose]
  const fields = originFields(origin)
  switch (input.step) {
    case 'prepare':
      await keys.addNext(actor, fields)
      break
    case 'switch':
      await keys.promoteNext(actor, fields)
      break
    case 'finish':
      await keys.finish(actor, fields)
      break
    case 'cancel':
      await keys.cancelNext(actor, fields)
      break
  }
  return await describeKeys(deps, input.purpose)
}
