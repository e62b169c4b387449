/** @module What import would do, by page, with the filters that are saved or with some that are tried out. */
import type { PreviewAnswer } from '../../api/contract/identity-center.js'
import { previewImport, type ImportKind, type PreviewItem } from '../../core/import/preview.js'
import { formatInstant } from '../../core/time.js'
import type { IdentityCenterDeps } from './deps.js'
import { tryFilters } from './edit-plugin.js'
import { findPlugin } from './find-plugin.js'
import { collectImportFacts } from './import-facts.js'
import { pageOf, type PageInput } from './page.js'

export interface PreviewInput extends PageInput {
  readonly kind: ImportKind
  readonly show: 'all' | 'imported' | 'skipped'
  /** JSON of filters in the YAML form. */
  readonly filters?: string | undefined
}

/** @throws GatewayError `NOT_FOUND`, and `INVALID_INPUT` or `INVALID_RESOURCE` for filters that cannot be read. */
export async function preview(
  deps: IdentityCenterDeps,
  name: string,
  input: PreviewInput,
): Promise<PreviewAnswer> {
  const settings = tryFilters(deps, await findPlugin(deps, name), input.filters)
  const { facts, current } = await collectImportFacts(deps, settings)
  const { counts, items, notImported } = previewImport(facts, input.kind)
  const shown = items.filter(
    ({ imported }) => input.show === 'all' || imported === (input.show === 'imported'),
  )
  const page = pageOf(
    shown,
    (item) => [item.name, item.id],
    (item) => `${item.name}\n${item.id}\n${item.facts}`,
    input,
  )
  return {
    ...(current.readAt !== undefined && { readAt: formatInstant(current.readAt) }),
    counts: { ...counts },
    items: page.items.map(toAnswer),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    notImported: [...notImported],
  }
}

function toAnswer({ members, ...item }: PreviewItem): PreviewAnswer['items'][number] {
  return { ...item, ...(members !== undefined && { members: members.map((member) => ({ ...member })) }) }
}
