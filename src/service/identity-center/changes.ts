/** @module What was changed in AWS, newest first, in words: intents with their outcomes. */
import type { z } from 'zod'
import type { changesAnswer } from '../../api/contract/identity-center.js'
import { becauseWords, describeAction, planNames, type PlanNames } from '../../core/plan/describe.js'
import type { Action } from '../../core/plan/plan.js'
import { formatInstant } from '../../core/time.js'
import type { ChangeRecord } from '../../store/store.js'
import { isMap } from '../resources/present.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'

export interface ChangesInput {
  readonly state?: ChangeRecord['state'] | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** @throws GatewayError `NOT_FOUND`. */
export async function listChanges(
  deps: IdentityCenterDeps,
  name: string,
  { state, cursor, limit }: ChangesInput,
): Promise<z.infer<typeof changesAnswer>> {
  await findPlugin(deps, name)
  const rows = await deps.store.changes.list(name, {
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
    ...(cursor !== undefined && { before: cursor }),
    ...(state !== undefined && { state }),
  })
  const names = await namesOf(deps, name)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: foldAttempts(shown).map(({ row, attempts }) => {
      const action = readAction(row.action)
      return {
        id: row.id,
        says: action === undefined ? row.key : describeAction(action, names),
        because: action === undefined ? '' : becauseWords(action, names),
        state: row.state,
        begunAt: formatInstant(row.begunAt),
        ...(row.endedAt !== undefined && { endedAt: formatInstant(row.endedAt) }),
        ...(row.error !== undefined && { error: row.error }),
        ...(row.remedy !== undefined && { remedy: row.remedy }),
        ...(attempts > 1 && { attempts }),
      }
    }),
    ...(rows.length > limit && last !== undefined && { nextCursor: last.id }),
  }
}

/**
 * One row for each change: attempts that did not succeed stand in the row of the one that came after them, which tells
 * how it is now. A change that was made, undone and made again is two.
 */
function foldAttempts(
  rows: readonly ChangeRecord[],
): { readonly row: ChangeRecord; readonly attempts: number }[] {
  const folded: { row: ChangeRecord; attempts: number }[] = []
  const latest = new Map<string, { row: ChangeRecord; attempts: number }>()
  for (const row of rows) {
    const later = latest.get(row.key)
    if (later !== undefined && row.state !== 'succeeded') {
      later.attempts += 1
      continue
    }
    const one = { row, attempts: 1 }
    latest.set(row.key, one)
    folded.push(one)
  }
  return folded
}

async function namesOf(deps: IdentityCenterDeps, name: string): Promise<PlanNames> {
  const current = await (await deps.syncs.of(name)).plan()
  const { inventory } = await deps.catalog.read()
  return planNames({ ...current, inventory })
}

const kinds =
  /^(?:user\.(?:create|adopt|update|activate|deactivate|delete)|group\.(?:create|adopt|rename|delete)|members\.(?:add|remove)|assignment\.(?:create|delete)|ledger\.update|link\.forget)$/

function readAction(stored: unknown): Action | undefined {
  if (!isMap(stored) || typeof stored['kind'] !== 'string' || !kinds.test(stored['kind'])) return undefined
  if (typeof stored['key'] !== 'string' || typeof stored['because'] !== 'string') return undefined
  // Written by our own executor as it stands; nobody else writes this table.
  return stored as unknown as Action
}
