/**
 * @module Where an access list comes from: made here, or from a group of Identity Center. The import alone says so, and
 * it stays said whatever people edit; the label tells searches and roles the same.
 */
import { resourceError } from '../../api/resource/parse.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { identityCenterPreset, originLabel } from '../../core/saml/identity-center.js'
import type { Authority } from '../../service/authority.js'
import type { ResourceDocument } from '../../service/resources/kind.js'
import type { AccessListDocument } from './form.js'

type Origin = AccessList['origin']

/**
 * The document with the origin that the list has. One that is left out stays as it was.
 * @throws GatewayError `INVALID_RESOURCE` where a person writes another one.
 */
export function keepOrigin(
  document: ResourceDocument,
  { before, authority }: { readonly before: AccessList | undefined; readonly authority: Authority },
): ResourceDocument {
  const { metadata, spec } = document as AccessListDocument // the form of this kind made it
  const had: Origin = before?.origin ?? { kind: 'local' }
  const asked: Origin = spec.origin === undefined ? had : { kind: 'imported', plugin: spec.origin.plugin }
  if (authority.kind !== 'system' && !isSame(had, asked)) {
    const message = 'is written by the import of Identity Center alone; leave it out, or as it was'
    throw resourceError('access_list', document, [{ path: 'spec.origin', message }])
  }
  const labels = labelsOf(document, metadata.labels, asked)
  const { origin: _, ...rest } = spec
  return {
    ...document,
    metadata: { ...metadata, ...(labels !== undefined && { labels }) },
    spec: { ...rest, ...(asked.kind === 'imported' && { origin: { plugin: asked.plugin } }) },
  }
}

function isSame(one: Origin, other: Origin): boolean {
  const pluginOf = (origin: Origin) => (origin.kind === 'imported' ? origin.plugin : undefined)
  return pluginOf(one) === pluginOf(other)
}

function labelsOf(
  document: ResourceDocument,
  labels: Readonly<Record<string, string>> | undefined,
  origin: Origin,
): Readonly<Record<string, string>> | undefined {
  if (origin.kind === 'imported') return { ...labels, [originLabel]: identityCenterPreset }
  if (labels !== undefined && Object.hasOwn(labels, originLabel)) {
    const path = `metadata.labels.${originLabel}`
    const message = 'the gateway alone sets this label, on lists that an import made; use another one'
    throw resourceError('access_list', document, [{ path, message }])
  }
  return labels
}
