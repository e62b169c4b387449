/**
 * @module Whether a user who is there already may be taken for the one whom the directory pushes now. Where the connector
 * compares ids, a name alone says nothing: whoever signed in first under a name that was theirs to choose would be given
 * the groups of the person who is pushed under it later.
 */
import type { Connector } from '../connector/connector.js'

export interface Adoption {
  /** Whether the user belongs to the connector of the directory. */
  readonly isOurs: boolean
  /** Whether the directory pushed somebody of this name already. */
  readonly isPushed: boolean
  /** Whether a subject of the upstream is bound to the user, so that somebody signed in. */
  readonly isBound: boolean
  readonly connector: Pick<Connector, 'scimExternalIdClaim'> | undefined
}

/** `taken`: another's name. `unproven`: of the same connector, but nobody compared who that is. */
export function judgeAdoption({
  isOurs,
  isPushed,
  isBound,
  connector,
}: Adoption): 'adopt' | 'taken' | 'unproven' {
  if (!isOurs || isPushed) return 'taken'
  return isBound && connector?.scimExternalIdClaim !== undefined ? 'unproven' : 'adopt'
}
