/**
 * @module The YAML form of `saml_idp_service_provider` (v1). Its metadata stays text here: `kind.ts` has the
 * XML parsed and checks that `entity_id` agrees with it. Addresses are checked here too, because an assertion is posted
 * to them: https, or http on this machine, and no other scheme.
 */
import { z } from 'zod'
import { listSchema, textSchema } from '../../api/resource/field-schemas.js'
import {
  metadataSchema,
  optionalSection,
  readField,
  readText,
  readTexts,
  storedMetadata,
  type Report,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import type { Labels } from '../../core/role/role.js'
import { findOriginLabelProblem, identityCenterPreset, originLabel } from '../../core/saml/identity-center.js'
import type { AttributeMapping, AttributeNameFormat } from '../../core/saml/service-provider.js'

/** The presets of service providers; all but that of Identity Center have no effect here beside their name. */
const presets: readonly string[] = [
  'unspecified',
  identityCenterPreset,
  'gcp-workforce',
  'microsoft-entra-external-id',
]

/** A service provider as configured, before its metadata is parsed. */
export interface ServiceProviderConfig {
  readonly name: string
  readonly labels: Labels
  /** SAML metadata; where present it wins over `entityId` and `acsUrl`. */
  readonly entityDescriptor: string | undefined
  readonly entityId: string | undefined
  readonly acsUrl: string | undefined
  readonly attributeMapping: readonly AttributeMapping[]
  readonly preset: string
  readonly relayState: string | undefined
  readonly launchUrls: readonly string[]
}

const longest = { descriptor: 512 * 1024, entityId: 1024, url: 2048, relayState: 4096 } as const

function bounded(maxLength: number) {
  return readField((value, report): string => {
    const written = readText(value, report)
    if (written.length > maxLength) report(`must have at most ${maxLength} characters`)
    return written
  }, textSchema({ maxLength }))
}

/** Reports an address to which no browser should be sent. */
function checkUrl(written: string, report: Report, ...path: number[]): void {
  const url = written.length <= longest.url && URL.canParse(written) ? new URL(written) : null
  const isLoopback = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)
  if (!isAllowed || url.username !== '' || url.password !== '') {
    report(`must be an https address without a password, at most ${longest.url} characters long`, ...path)
  }
}

const acsUrl = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written !== '') checkUrl(written, report)
    return written
  },
  textSchema({ maxLength: longest.url }),
)

const launchUrls = readField(
  (value, report): string[] => {
    const all = readTexts(value, report)
    for (const [index, one] of all.entries()) checkUrl(one, report, index)
    return all
  },
  listSchema({ type: 'string', maxLength: longest.url }),
)

const nameFormats: Readonly<Record<string, AttributeNameFormat>> = {
  '': 'unspecified',
  unspecified: 'unspecified',
  basic: 'basic',
  uri: 'uri',
  'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified': 'unspecified',
  'urn:oasis:names:tc:SAML:2.0:attrname-format:basic': 'basic',
  'urn:oasis:names:tc:SAML:2.0:attrname-format:uri': 'uri',
}

const nameFormat = readField(
  (value, report): AttributeNameFormat => {
    const written = readText(value, report)
    const format = Object.hasOwn(nameFormats, written) ? nameFormats[written] : undefined
    if (format === undefined) report('must be unspecified, basic, uri or the full URN of one of them')
    return format ?? 'unspecified'
  },
  { enum: Object.keys(nameFormats) },
)

const attributeName = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written === '' || written.length > 512) report('must have 1 to 512 characters')
    return written
  },
  textSchema({ minLength: 1, maxLength: 512 }),
)

const preset = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written !== '' && !presets.includes(written)) {
      report(`"${written.slice(0, 60)}" is not a preset; this version knows ${presets.join(', ')}`)
    }
    return written
  },
  { enum: [...presets, ''] },
)

const attributeMapping = z.array(
  z.strictObject({
    name: attributeName.describe('Name of the SAML attribute'),
    name_format: nameFormat.optional().describe('NameFormat of the attribute; unspecified without one'),
    value: bounded(4096).describe('Expression or template that gives its values'),
  }),
)

export const serviceProviderForm = z.strictObject({
  kind: z.literal('saml_idp_service_provider').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      entity_descriptor: bounded(longest.descriptor)
        .optional()
        .describe('SAML metadata of the application; it wins over entity_id and acs_url'),
      entity_id: bounded(longest.entityId)
        .optional()
        .describe('Entity ID of the application; needed with acs_url where there is no metadata'),
      acs_url: acsUrl.optional().describe('Where assertions are posted to: an https address'),
      attribute_mapping: optionalSection(attributeMapping).describe(
        'SAML attributes that the application is told beside its own',
      ),
      preset: preset.optional().describe('What application it is; that of AWS changes what is asserted'),
      relay_state: bounded(longest.relayState).optional().describe('RelayState of sign-ins that start here'),
      launch_urls: optionalSection(launchUrls.optional()).describe(
        'Addresses of the application that a sign-in may start from',
      ),
    })
    .describe('The application and what it is told'),
})

export type ServiceProviderDocument = Omit<z.output<typeof serviceProviderForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

function findSpecProblems(input: unknown): ResourceProblem[] {
  const problems: ResourceProblem[] = []
  const isSet = (field: string) => (findAt(input, ['spec', field]) ?? '') !== ''
  if (!isSet('entity_descriptor') && !(isSet('entity_id') && isSet('acs_url'))) {
    const message = 'needs entity_descriptor (the metadata of the service provider), or entity_id and acs_url'
    problems.push({ path: 'spec', message })
  }
  const label = findAt(input, ['metadata', 'labels', originLabel])
  const labelProblem = findOriginLabelProblem(label, findAt(input, ['spec', 'preset']))
  if (labelProblem !== undefined) {
    problems.push({ path: `metadata.labels.${originLabel}`, message: labelProblem })
  }
  const mapping = findAt(input, ['spec', 'attribute_mapping'])
  const names = Array.isArray(mapping) ? mapping.map((entry: unknown) => findAt(entry, ['name'])) : []
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || names.indexOf(name) === index) continue
    const message = `the attribute "${name}" is mapped twice`
    problems.push({ path: `spec.attribute_mapping.${index}.name`, message })
  }
  return problems
}

/**
 * Parses a service provider document. One with the preset of Identity Center gets its label where it has none, so
 * that the roles of the guide match it.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseServiceProviderDocument(
  input: unknown,
  source?: string,
): ParsedDocument<ServiceProviderDocument, ServiceProviderConfig> {
  const parsed = parseWith(serviceProviderForm, 'saml_idp_service_provider', input, source, findSpecProblems)
  const metadata = storedMetadata(parsed.metadata)
  const isIdentityCenter = parsed.spec.preset === identityCenterPreset
  const labels = { ...(isIdentityCenter ? { [originLabel]: identityCenterPreset } : {}), ...metadata.labels }
  const labelled = isIdentityCenter || metadata.labels !== undefined ? { ...metadata, labels } : metadata
  const document = toPlain({ ...parsed, metadata: labelled })
  const { spec } = document
  return {
    document,
    value: {
      name: document.metadata.name,
      labels,
      entityDescriptor: spec.entity_descriptor === '' ? undefined : spec.entity_descriptor,
      entityId: spec.entity_id === '' ? undefined : spec.entity_id,
      acsUrl: spec.acs_url === '' ? undefined : spec.acs_url,
      attributeMapping: (spec.attribute_mapping ?? []).map((entry) => ({
        name: entry.name,
        nameFormat: entry.name_format ?? 'unspecified',
        value: entry.value,
      })),
      preset: spec.preset === undefined || spec.preset === '' ? 'unspecified' : spec.preset,
      relayState: spec.relay_state === '' ? undefined : spec.relay_state,
      launchUrls: spec.launch_urls ?? [],
    },
    ignored: [],
    revision: parsed.metadata.revision,
  }
}
