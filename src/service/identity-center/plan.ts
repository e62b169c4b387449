/** @module The plan as of now, in words and by page. Changes nothing. */
import type { PlanAnswer } from '../../api/contract/identity-center.js'
import { describePlan } from '../../core/plan/describe.js'
import { formatInstant } from '../../core/time.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { pageInOrder, type PageInput } from './page.js'
import type { CurrentPlan } from './sync-port.js'

export interface PlanPageInput extends PageInput {
  readonly show: 'all' | 'held'
}

/** @throws GatewayError `NOT_FOUND`, and `INVALID_INPUT` for a cursor that no page gave. */
export async function readPlan(
  deps: IdentityCenterDeps,
  name: string,
  input: PlanPageInput,
): Promise<PlanAnswer> {
  await findPlugin(deps, name)
  const current = await (await deps.syncs.of(name)).plan()
  const { inventory } = await deps.catalog.read()
  return describeCurrent(current, inventory, input)
}

function describeCurrent(
  current: CurrentPlan,
  inventory: Parameters<typeof describePlan>[0]['inventory'],
  input: PlanPageInput,
): PlanAnswer {
  const { plan, settings } = current
  const words = describePlan({ ...current, inventory })
  const wanted = words.actions.filter(({ holds }) => input.show === 'all' || holds.length > 0)
  const page = pageInOrder(wanted, ({ says, because, key }) => `${says}\n${because}\n${key}`, input)
  return {
    ...(current.readAt !== undefined && { readAt: formatInstant(current.readAt) }),
    madeAt: formatInstant(current.madeAt),
    sync: settings.sync,
    heldDigest: plan.heldDigest,
    counts: words.counts.map((count) => ({ ...count })),
    actions: page.items.map((action) => ({ ...action, holds: action.holds.map((hold) => ({ ...hold })) })),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    effects: words.effects.map((effect) => ({ ...effect })),
    moreEffects: words.moreEffects,
    drift: words.drift.map((drift) => ({ ...drift })),
    setAside: words.setAside.map((one) => ({ ...one })),
    notes: [...words.notes],
  }
}
