/**
 * @module What a person lays aside for their next request: favourites, templates, and what they asked for last. It is
 * kept as it was written, so that it goes on meaning the same names; what of it the person may not know is not resolved.
 */
import { z } from 'zod'
import type { RequestableInput, RequestableShown } from '../../api/contract/access-requests.js'
import { itemIdOf, type Requestable } from '../../core/access-request/access-request.js'
import { requestJudge, type RequestJudge } from '../../core/access-request/may-request.js'
import type { PickerPerson } from '../../core/access-request/picker-rows.js'
import type { RequestWorld } from '../../core/access-request/world.js'
import { GatewayError } from '../../core/error.js'
import { pairKey } from '../../core/identity-center/observation.js'
import { decidePair } from '../../core/role/pair-access.js'
import { parseDuration } from '../../core/time.js'
import type { ShelfItem } from '../../store/store.js'
import type { Authority } from '../authority.js'
import { personSince } from './people.js'
import { loadPickerPerson, type PickerDeps } from './picker.js'
import { resolveItems } from './resolve-input.js'
import { shownItem } from './shown-items.js'
import { requestWorld } from './world.js'

/** Of each kind, for one person. */
export const shelfLimit = 100
/** Requests that are looked through for what was asked for last, and items that are told. */
const lookedThrough = 20
const maxRecents = 20

export interface ShelfView {
  readonly items: readonly {
    readonly kind: ShelfItem['kind']
    readonly name: string
    readonly content: ShelfContent
    readonly shown: readonly RequestableShown[]
  }[]
  /** Each item once, newest first. */
  readonly recents: readonly RequestableShown[]
}

/** What is kept of one: items as they were written, and what goes with them. */
export interface ShelfContent {
  readonly items: readonly RequestableInput[]
  readonly reason: string
  readonly duration?: string | undefined
}

const named = z.object({ kind: z.enum(['role', 'app']), name: z.string() })
const assignment = z.object({
  kind: z.literal('assignment'),
  account: z.string(),
  permissionSet: z.string(),
})
const storedContent = z.object({
  items: z.array(z.discriminatedUnion('kind', [named, assignment])),
  reason: z.string(),
  duration: z.string().optional(),
})

/** @throws GatewayError `NOT_FOUND` for a person who is gone. */
export async function readShelf(deps: PickerDeps, { name }: Pick<Authority, 'name'>): Promise<ShelfView> {
  const view = await deps.catalog.read()
  const world = requestWorld(view)
  const person = await loadPickerPerson(deps, view, name)
  const judge = requestJudge(person.requester, world)
  const kept = await deps.store.shelf.list(name)
  const requests = await deps.store.accessRequests.list({ user: name, limit: lookedThrough })
  // What somebody before them asked for under their name is not theirs.
  const own = requests.filter(({ createdAt }) => createdAt >= personSince(view, name))
  const recents = new Map(own.flatMap(({ items }) => items).map((item) => [item.id, item]))
  return {
    items: kept.flatMap((item) => {
      const content = readContent(item)
      if (content === undefined) return []
      const shown = content.items.map((one) => show(one, person, judge, world))
      return [{ kind: item.kind, name: item.name, content, shown }]
    }),
    recents: [...recents.values()].slice(0, maxRecents).map((item) => shownItem(item, { world }, true)),
  }
}

/** @throws GatewayError `INVALID_INPUT` for a favourite of several items, a duration that is none, or one too many. */
export async function putOnShelf(
  { store, clock }: Pick<PickerDeps, 'store' | 'clock'>,
  {
    kind,
    name,
    content,
  }: { readonly kind: ShelfItem['kind']; readonly name: string; readonly content: ShelfContent },
  { name: user }: Pick<Authority, 'name'>,
): Promise<void> {
  if (kind === 'favourite' && content.items.length > 1) {
    throw new GatewayError('INVALID_INPUT', 'a favourite is one item; keep several as a template')
  }
  if (content.duration !== undefined) parseDuration(content.duration, 'duration')
  const item = { user, kind, name, document: content, updatedAt: clock.now() }
  if (await store.shelf.put(item, shelfLimit)) return
  throw new GatewayError(
    'INVALID_INPUT',
    `you have ${shelfLimit} ${kind}s already; remove one that you no longer need`,
  )
}

/** @throws GatewayError `NOT_FOUND`. */
export async function removeFromShelf(
  { store }: Pick<PickerDeps, 'store'>,
  { kind, name }: Pick<ShelfItem, 'kind' | 'name'>,
  { name: user }: Pick<Authority, 'name'>,
): Promise<void> {
  if (await store.shelf.delete(user, kind, name)) return
  throw new GatewayError('NOT_FOUND', `you have no ${kind} "${name.slice(0, 100)}"`, {
    kind,
    name: name.slice(0, 100),
  })
}

/** Undefined for one that is damaged: it is no reason to show nothing of the others. */
function readContent(item: ShelfItem): ShelfContent | undefined {
  try {
    return storedContent.safeParse(item.document).data
  } catch {
    return undefined
  }
}

/** With names of now where the person has it or may ask for it; else as they wrote it. */
function show(
  asked: RequestableInput,
  person: PickerPerson,
  judge: RequestJudge,
  world: RequestWorld,
): RequestableShown {
  const [found] = resolveItems([asked], world, (one) => judge.judge(one).ok).items
  if (found !== undefined && (found.kind !== 'assignment' || isKnown(found, person, judge))) {
    return shownItem({ id: itemIdOf(found), asked: found }, { world }, true)
  }
  if (asked.kind !== 'assignment') return { id: itemIdOf(asked), kind: asked.kind, name: asked.name }
  const { account, permissionSet } = asked
  return {
    id: `assignment/${account}/${permissionSet}`,
    kind: 'assignment',
    name: `${permissionSet} on ${account}`,
  }
}

function isKnown(
  asked: Extract<Requestable, { kind: 'assignment' }>,
  { held, grants }: PickerPerson,
  judge: RequestJudge,
): boolean {
  const key = pairKey(asked.accountId, asked.permissionSetArn)
  return (
    grants.some(({ pair }) => pair === key) ||
    decidePair(
      held.map(({ role }) => role),
      asked,
    ).effect === 'allow' ||
    judge.judgeAgain(asked).ok
  )
}
