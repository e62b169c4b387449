/**
 * @module What an access list asks of its members, which its owners may change: the document of the list is written by
 * the gateway in their name, and whoever would not count any more is told before.
 */
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { putRequirementsAnswer, putRequirementsRequest } from '../../api/contract/access-lists.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { flattenLists } from '../../core/access-list/flatten.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { applyWithin } from '../resources/apply.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { inTransaction } from '../resources/in-transaction.js'
import { parseDocuments } from '../resources/parse-documents.js'
import { isMap, shownDocument } from '../resources/present.js'
import { assertChangedBy } from './managed.js'
import { lookUpPerson } from './people-of.js'
import { readMembersBelow } from './read-below.js'
import { assertManagesMembers, loadViewer, readableList } from './rights.js'

const maxTold = 200

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `REVISION_MISMATCH`, `INVALID_RESOURCE`.
 */
export async function putRequirements(
  deps: ResourceDeps,
  name: string,
  input: z.infer<typeof putRequirementsRequest>,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<z.infer<typeof putRequirementsAnswer>> {
  await deps.catalog.read()
  return await inTransaction(deps.store, input.dryRun, async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    assertManagesMembers(await loadViewer(deps, tx, catalog, authority), name)
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
    const [document] = parseDocuments(deps.kinds, [
      {
        value: withRequirements(shownDocument(deps.kinds.known.access_list, parsed, catalog), input),
        source: undefined,
        lineOf: () => undefined,
      },
    ])
    if (document === undefined) throw new Error('one document is one')
    const options = { mode: 'update', documents: [document], dryRun: input.dryRun } as const
    // Owners have no right on the document; what they may write of it is all that is changed here.
    const writer: Authority = { ...authority, kind: 'system', roles: [] }
    const [change] = await applyWithin(deps, tx, options, writer, origin)
    const after = readableList(await deps.catalog.readIn(tx), name)
    const lose = await findLosers(deps, tx, { catalog, before: list, after })
    return {
      revision: change?.revision ?? revision,
      lose: lose.slice(0, maxTold),
      moreLose: Math.max(lose.length - maxTold, 0),
      notes: [...(change?.notes ?? [])],
    }
  })
}

function withRequirements(
  document: Readonly<Record<string, unknown>>,
  { roles, traits }: Pick<z.infer<typeof putRequirementsRequest>, 'roles' | 'traits'>,
): Record<string, unknown> {
  const spec = isMap(document['spec']) ? document['spec'] : {}
  const { membership_requires: _, ...rest } = spec
  const asks = roles.length > 0 || Object.keys(traits).length > 0
  return { ...document, spec: asks ? { ...rest, membership_requires: { roles, traits } } : rest }
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
  const flat = flattenLists(below, rows, lookUpPerson(catalog), clock.now()).lists.get(after.name)
  return [...(flat?.ineligible.keys() ?? [])]
}
