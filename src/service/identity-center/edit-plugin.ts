/**
 * @module The plugin resource with other settings: to try filters before they are saved, and to write one setting
 * that a use case changes. Always through the parser of the kind, so that nothing gets in here that a person could not
 * write.
 */
import { GatewayError } from '../../core/error.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { isMap, readStored } from '../resources/present.js'
import type { ParsedResource } from '../resources/parse-documents.js'
import type { IdentityCenterDeps } from './deps.js'
import type { FoundPlugin } from './find-plugin.js'

/** Values by their names in the YAML form, below `aws_ic`; a map is merged into what is there. */
export type PluginEdit = Readonly<Record<string, unknown>>

/**
 * The stored document with these settings, parsed. @throws GatewayError `INVALID_RESOURCE` where they do not fit.
 */
export function editPlugin(
  deps: Pick<IdentityCenterDeps, 'kinds'>,
  { entry }: FoundPlugin,
  edit: PluginEdit,
): { readonly parsed: ParsedResource; readonly settings: PluginSettings } {
  const value = withSettings(readStored(entry.stored), edit)
  const kind = deps.kinds.known.plugin
  const { document, value: settings, ignored, revision } = kind.parse(value)
  const generic = deps.kinds.find(kind.name)
  if (generic === undefined) throw new GatewayError('INTERNAL', 'plugins are no kind of resource')
  const written = { value, source: undefined, lineOf: () => undefined }
  const parsed = {
    kind: generic,
    name: document.metadata.name,
    document,
    value: settings,
    ignored,
    revision,
    written,
  }
  return { parsed, settings }
}

function withSettings(document: Readonly<Record<string, unknown>>, edit: PluginEdit): ResourceMap {
  const spec = mapOf(document['spec'])
  // The reference writes a capital letter here; either is read.
  const key = isMap(spec['Settings']) ? 'Settings' : 'settings'
  const settings = mapOf(spec[key])
  return {
    ...document,
    spec: { ...spec, [key]: { ...settings, aws_ic: merge(mapOf(settings['aws_ic']), edit) } },
  }
}

type ResourceMap = Readonly<Record<string, unknown>>

function merge(before: ResourceMap, edit: PluginEdit): ResourceMap {
  const result: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(edit)) {
    const old = result[key]
    result[key] = isMap(value) && isMap(old) ? { ...old, ...value } : value
  }
  return result
}

function mapOf(value: unknown): ResourceMap {
  return isMap(value) ? value : {}
}

const triedKeys = ['user_sync_filters', 'aws_accounts_filters', 'group_sync_filters', 'roles_sync_mode']

/**
 * The settings with filters that somebody tries out: JSON of the fields of the YAML form.
 * @throws GatewayError `INVALID_INPUT`, `INVALID_RESOURCE`.
 */
export function tryFilters(
  deps: Pick<IdentityCenterDeps, 'kinds'>,
  plugin: FoundPlugin,
  json: string | undefined,
): PluginSettings {
  if (json === undefined) return plugin.settings
  const edit = parseJson(json)
  if (!isMap(edit) || Object.keys(edit).some((key) => !triedKeys.includes(key))) {
    const message = `filters: a JSON object with ${triedKeys.join(', ')} is expected`
    throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query.filters', message }] })
  }
  return editPlugin(deps, plugin, edit).settings
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is refused with everything else that is no map of filters.
    return undefined
  }
}
