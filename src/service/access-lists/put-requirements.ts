/**
 * @module What an access list asks of its members, which its owners may change: the document of the list is written by
 * the gateway in their name, and whoever would not count any more is told before.
 */
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type {
  putRequirementsAnswer,
  putRequirementsRequest,
  requirements,
} from '../../api/contract/access-lists.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { flattenLists } from '../../core/access-list/flatten.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { inTransaction } from '../resources/in-transaction.js'
import { confirmListChange } from './confirm-list-change.js'
import { assertChangedBy, assertNotLoosened } from './managed.js'
import { lookUpPerson } from './people-of.js'
import { readMembersBelow } from './read-below.js'
import { tellingRefusal } from './refused-change.js'
import { momentOf } from './review-summary.js'
import { assertManagesMembers, limitPreviews, loadViewer, readableList } from './rights.js'
import { writeListAs, type ListSpec } from './write-list.js'

const maxTold = 200

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `REVIEW_OVERDUE`, `REVISION_MISMATCH`,
 * `TOO_MANY_ATTEMPTS`, `INVALID_RESOURCE`, and as `confirmChange`.
 */
export async function putRequirements(
  deps: ResourceDeps,
  name: string,
  input: z.infer<typeof putRequirementsRequest>,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<z.infer<typeof putRequirementsAnswer>> {
  if (input.dryRun) await limitPreviews(deps, authority)
  await deps.catalog.read()
  const wanted = { list: name, event: 'access_list.update', dryRun: input.dryRun } as const
  return await tellingRefusal(deps, wanted, authority, origin, () =>
    putIn(deps, { name, input, authority, origin }),
  )
}

async function putIn(
  deps: ResourceDeps,
  {
    name,
    input,
    authority,
    origin,
  }: {
    readonly name: string
    readonly input: z.infer<typeof putRequirementsRequest>
    readonly authority: Authority
    readonly origin: RequestOrigin | undefined
  },
): Promise<z.infer<typeof putRequirementsAnswer>> {
  return await inTransaction(deps.store, input.dryRun, async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    const { sight } = assertManagesMembers(await loadViewer(deps, tx, catalog, authority), name)
    const list = readableList(catalog, name)
    assertChangedBy('people', catalog, list)
    const parsed = catalog.parsed('access_list').get(name)
    if (parsed === undefined) throw new Error('a list that was read is missing')
    const { revision } = parsed
    if (input.revision !== undefined && input.revision !== revision) {
      throw new GatewayError(
        'REVISION_MISMATCH',
        `access list "${name}" was changed since you read it; read it again and change that`,
        { kind: 'access_list', name, expectedRevision: input.revision, currentRevision: revision },
      )
    }
    const { dryRun } = input
    const change = await writeListAs(
      deps,
      tx,
      { catalog, name, change: (spec) => withRequirements(spec, input), dryRun },
      authority,
      origin,
    )
    const after = readableList(await deps.catalog.readIn(tx), name)
    await assertNotLoosened(tx, catalog, { list, after }, deps.clock.now())
    const lose = await findLosers(deps, tx, { catalog, before: list, after })
    if (!dryRun && change?.action !== 'none') await confirmListChange(deps, { tx, catalog }, authority)
    const told = sight === 'all' ? lose.slice(0, maxTold) : []
    return {
      revision: change?.revision ?? revision,
      lose: told,
      moreLose: lose.length - told.length,
      notes: [...(change?.notes ?? [])],
    }
  })
}

/** `spec` of a list that asks for this. */
export function withRequirements(
  { membership_requires: _, ...rest }: ListSpec,
  { roles, traits }: z.infer<typeof requirements>,
): ListSpec {
  const asks = roles.length > 0 || Object.keys(traits).length > 0
  return asks ? { ...rest, membership_requires: { roles, traits } } : rest
}

/** Who is reached by a membership in force, whether or not they counted before, and would not count. */
async function findLosers(
  { clock }: Pick<ResourceDeps, 'clock'>,
  tx: StoreTransaction,
  {
    catalog,
    before,
    after,
  }: { readonly catalog: CatalogView; readonly before: AccessList; readonly after: AccessList },
): Promise<string[]> {
  if (isDeepStrictEqual(before.membershipRequires, after.membershipRequires)) return []
  const rows = await readMembersBelow(tx, after.name)
  const below = [...new Set([after.name, ...rows.map(({ list }) => list)])]
    .filter((list) => catalog.parsed('access_list').has(list))
    .map((list) => (list === after.name ? after : (catalog.accessList(list) ?? { name: list })))
  const flat = flattenLists(below, rows, lookUpPerson(catalog), momentOf(catalog, clock.now())).lists.get(
    after.name,
  )
  return [...(flat?.ineligible ?? [])].flatMap(([name, { why }]) => (why.kind === 'frozen' ? [] : [name]))
}
