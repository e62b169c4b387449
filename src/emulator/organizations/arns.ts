/**
 * @module ARNs of organizations. All of them name the management account, also those of other accounts.
 */
import type { EmulatorState } from '../state/state.js'

type Names = Pick<EmulatorState, 'ids' | 'managementAccountId'>

export function organizationArn({ ids, managementAccountId }: Names): string {
  return `arn:aws:organizations::${managementAccountId}:organization/${ids.organizationId}`
}

/**
 * Of the root, a unit or an account, told by the form of the id. Policies do not exist here; theirs only tells which
 * id was asked for.
 */
export function arnOf({ ids, managementAccountId }: Names, id: string): string {
  const [, root, unit, account] = /^(r-)|^(ou-)|^(\d)/.exec(id) ?? []
  const kind = root ? 'root' : unit ? 'ou' : account ? 'account' : 'policy'
  return `arn:aws:organizations::${managementAccountId}:${kind}/${ids.organizationId}/${id}`
}
