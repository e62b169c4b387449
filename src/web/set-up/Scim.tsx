/** @module Step 4: SCIM, by which users and groups are written to Identity Center. */
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { ScimTokens } from '../components/ScimTokens.js'

export function Scim({ setUp: { plugin } }: { setUp: SetupAnswer }) {
  return <ScimTokens plugin={plugin} />
}
