/** @module The document of a device as people see it: what conditions of rights are judged on. */
import { GatewayError } from '../../core/error.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { ResourceDocument } from '../resources/kind.js'
import { shownDocument } from '../resources/present.js'

/** Undefined where there is no device of this name. */
export function shownDevice(
  { kinds }: Pick<ResourceDeps, 'kinds'>,
  catalog: CatalogView,
  name: string,
): ResourceDocument | undefined {
  const kind = kinds.find('device')
  if (kind === undefined) throw new GatewayError('INTERNAL', 'the kind "device" is missing')
  const parsed = catalog.parsed('device').get(name)
  return parsed && shownDocument(kind, parsed, catalog)
}
