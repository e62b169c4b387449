/** @module The plugin resource that a use case is about, and what other resources say of it. */
import { GatewayError } from '../../core/error.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { CatalogView, Entry } from '../resources/catalog-view.js'
import type { Catalog } from '../resources/catalog.js'

export interface FoundPlugin {
  readonly settings: PluginSettings
  readonly entry: Entry<PluginSettings>
  /** All resources of the same moment. */
  readonly catalog: CatalogView
}

/** @throws GatewayError `NOT_FOUND`, and `INVALID_RESOURCE` for one that cannot be read as it is stored. */
export async function findPlugin(deps: { readonly catalog: Catalog }, name: string): Promise<FoundPlugin> {
  const catalog = await deps.catalog.read()
  const entry = catalog.plugins().find(({ value }) => value.name === name)
  if (entry !== undefined) return { settings: entry.value, entry, catalog }
  const shown = name.slice(0, 100)
  if (catalog.parsed('plugin').has(name)) {
    const message = `plugin "${shown}" cannot be read as it is stored, so nothing is done for it; correct the document`
    throw new GatewayError('INVALID_RESOURCE', message)
  }
  const advice = 'connect Identity Center first, under Integrations or with gatehouse awsic enrol'
  throw new GatewayError('NOT_FOUND', `there is no plugin named "${shown}"; ${advice}`)
}
