/** @module The document of a token as people see it: what conditions of rights are judged on. */
import { GatewayError } from '../../core/error.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { ResourceDocument } from '../resources/kind.js'
import { shownDocument } from '../resources/present.js'

/** Undefined where there is no token of this name. */
export function shownToken(
  { kinds }: Pick<ResourceDeps, 'kinds'>,
  catalog: CatalogView,
  name: string,
): ResourceDocument | undefined {
  const kind = kinds.find('token')
  if (kind === undefined) throw new GatewayError('INTERNAL', 'the kind "token" is missing')
  const parsed = catalog.parsed('token').get(name)
  return parsed && shownDocument(kind, parsed, catalog)
}
