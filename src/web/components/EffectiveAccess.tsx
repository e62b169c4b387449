/**
 * @module What a person may open in effect, or what a role gives by itself: applications and AWS accounts, each with
 * the way there, the reason, and what would change it.
 */
import { useState } from 'react'
import type { AccessOf } from '../api/access.js'
import type { ExplainView } from '../path-builder.js'
import { AccessList, type Pair } from './AccessList.js'
import { AccessPath } from './AccessPath.js'
import { ApplicationList } from './ApplicationList.js'
import { Explanation } from './Explanation.js'
import { WhyNot } from './WhyNot.js'

export function EffectiveAccess({ of }: { of: AccessOf }) {
  const [pair, setPair] = useState<Pair>()
  const [why, setWhy] = useState<ExplainView>()
  const whom = of.kind === 'user' ? { user: of.name } : { role: of.name }
  return (
    <>
      <ApplicationList of={of} onWhy={({ name }) => setWhy({ ...whom, app: name })} />
      <AccessList
        of={of}
        onPick={setPair}
        picked={pair}
        none={<WhyNot of={of} onWhy={(asked) => setWhy({ ...whom, ...asked })} />}
      />
      {pair ? (
        <AccessPath
          of={of}
          pair={pair}
          onWhy={() => setWhy({ ...whom, account: pair.account.id, permissionSet: pair.permissionSet.arn })}
          onClose={() => setPair(undefined)}
        />
      ) : null}
      <Explanation view={why} onClose={() => setWhy(undefined)} />
    </>
  )
}
