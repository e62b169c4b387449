/** @module Step 5: the first plan, looked at and applied. It is the very page that stays afterwards. */
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { PlanView } from '../components/PlanView.js'

export function FirstPlan({ setUp: { plugin } }: { setUp: SetupAnswer }) {
  return <PlanView plugin={plugin} />
}
