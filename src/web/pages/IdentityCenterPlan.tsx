/** @module The plan of an instance: what differs between Gatehouse and AWS now, and what is done about it. */
import { PlanView } from '../components/PlanView.js'
import { WithPlugin } from '../components/WithPlugin.js'
import { PageTitle } from '../ui/PageTitle.js'

export function IdentityCenterPlan() {
  return (
    <>
      <PageTitle title="Plan" lead="What differs between Gatehouse and AWS now, and what is done about it." />
      <WithPlugin>{(plugin) => <PlanView plugin={plugin} />}</WithPlugin>
    </>
  )
}
