/** @module Roles and applications that a person may ask for, and the terms that go with asking. */
import type { ItemTerms, Requestable } from '../../core/access-request/access-request.js'
import { canSignIn, requestJudge } from '../../core/access-request/may-request.js'
import {
  pickerRows,
  preparePicker,
  sourcesIn,
  type PickerPerson,
} from '../../core/access-request/picker-rows.js'
import { combineTerms } from '../../core/access-request/terms.js'
import type { RequestWorld } from '../../core/access-request/world.js'
import { keepBits, nextBit } from '../../core/bits.js'
import { indexInventory } from '../../core/inventory/inventory-index.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { DurationMs } from '../../core/time.js'
import { workInSlices } from '../access/prepare-reach.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { shownDocument } from '../resources/present.js'
import { loadPickerPerson, type PickerDeps } from './picker.js'
import { requestWorld } from './world.js'

export interface RequestCaps {
  /** By name; account assignment roles are in the picker. */
  readonly roles: readonly {
    readonly name: string
    readonly description: string | undefined
    readonly held: boolean
  }[]
  readonly apps: readonly { readonly app: ServiceProvider; readonly held: boolean }[]
  readonly assignments: boolean
  /** Of whatever may be asked for longest; 0 where nothing may be. */
  readonly maxDurationMs: DurationMs
  /** Whether something of it takes a reason. */
  readonly reasonRequired: boolean
  readonly prompts: readonly string[]
}

/** Nobody reads more, and an answer stays small. */
const maxRoles = 1000

/** @throws GatewayError `NOT_FOUND` for a person who is gone. */
export async function listRequestCaps(
  deps: PickerDeps,
  { name }: Pick<Authority, 'name'>,
): Promise<RequestCaps> {
  const view = await deps.catalog.read()
  const world = requestWorld(view)
  const person = await loadPickerPerson(deps, view, name)
  const { requester } = person
  await workInSlices(preparePicker(person, world))
  const judge = requestJudge(requester, world)
  const terms: ItemTerms[] = []
  const isAllowed = (asked: Requestable): boolean => {
    const verdict = judge.judgeAgain(asked)
    if (verdict.ok) terms.push(verdict.terms)
    return verdict.ok
  }
  const roles = view.roles().filter(({ value }) => isAllowed({ kind: 'role', name: value.name }))
  const apps = world.apps().filter((app) => isAllowed({ kind: 'app', name: app.name }))
  const assignments = sampleAssignments(person, world)
  for (const sample of assignments) isAllowed(sample)
  const heldNames = new Set(requester.roles.map((role) => role.name))
  const { reasonRequired, prompts } = combineTerms(terms, requester, world)
  return {
    roles: roles.slice(0, maxRoles).map(({ value }) => ({
      name: value.name,
      description: descriptionOf(value.name, view),
      held: heldNames.has(value.name),
    })),
    apps: apps.map((app) => ({ app, held: canSignIn(requester, app, world) })),
    assignments: assignments.length > 0,
    maxDurationMs: Math.max(0, ...terms.map((one) => combineTerms([one], requester, world).maxDurationMs)),
    reasonRequired,
    prompts,
  }
}

function descriptionOf(role: string, view: CatalogView): string | undefined {
  const parsed = view.parsed('role').get(role)
  return parsed && shownDocument({}, parsed, view).metadata.description
}

/** One account assignment for each role that lets the person ask for any: what it says of one it says of all. */
function sampleAssignments(person: PickerPerson, world: RequestWorld): Requestable[] {
  const { accounts, permissionSets } = indexInventory(world.inventory)
  const { requestable, allowing } = pickerRows({ ...person, held: [], grants: [] }, world)
  return allowing.flatMap((source): Requestable[] => {
    for (const [account, row] of requestable) {
      const [named] = sourcesIn([source], account, permissionSets.length)
      if (named === undefined) continue
      keepBits(named.sets, row)
      const accountId = accounts[account]?.id
      const permissionSetArn = permissionSets[nextBit(named.sets, 0)]?.arn
      if (accountId !== undefined && permissionSetArn !== undefined) {
        return [{ kind: 'assignment', accountId, permissionSetArn }]
      }
    }
    return []
  })
}
