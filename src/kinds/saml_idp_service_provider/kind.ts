/**
 * @module The kind `saml_idp_service_provider`: applications that may receive assertions. Joins the YAML form with the
 * reading of SAML metadata, which is handed in. Whether metadata is still valid is judged when somebody hands it in,
 * not each time it is read: an application that works does not stop at midnight.
 */
import { findAt, resourceError, type ResourceProblem } from '../../api/resource/parse.js'
import { GatewayError } from '../../core/error.js'
import { assertAttributeMapping } from '../../core/saml/attributes.js'
import { findAddressProblem } from '../../core/saml/identity-center.js'
import type { ServiceProvider, ServiceProviderMetadata } from '../../core/saml/service-provider.js'
import type { Instant } from '../../core/time.js'
import type {
  buildMinimalServiceProviderMetadata,
  parseServiceProviderMetadata,
} from '../../saml/sp-metadata.js'
import { findOtherInstance, isBound } from '../../service/identity-center/other-instance.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { Kind, ResourceDocument } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'
import { parseServiceProviderDocument, serviceProviderForm, type ServiceProviderConfig } from './form.js'

export interface ServiceProviderKindDeps {
  /** Whether http addresses on this machine may receive assertions: for trials only. */
  readonly allowHttpLoopback: boolean
  readonly metadata: {
    readonly parse: typeof parseServiceProviderMetadata
    readonly buildMinimal: typeof buildMinimalServiceProviderMetadata
  }
}

const example = `kind: saml_idp_service_provider
version: v1
metadata:
  name: aws-identity-center
spec:
  preset: aws-identity-center
  entity_id: https://eu-west-1.signin.aws.amazon.com/platform/saml/d-1234567890
  acs_url: https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/1234567890
`

export function createServiceProviderKind(deps: ServiceProviderKindDeps): Kind<ServiceProvider> {
  return {
    name: 'saml_idp_service_provider',
    plural: 'saml_idp_service_providers',
    title: 'service provider',
    aliases: ['sp', 'saml_sp', 'service_provider', 'service_providers'],
    description: 'An application that people sign in to through this gateway by SAML.',
    versions: ['v1'],
    example,
    schema: serviceProviderForm,
    parse: (input, source) => {
      const { value, ...parsed } = readForm(input, source, deps)
      return { ...parsed, value: buildServiceProvider(value, deps, 0) }
    },
    uniqueKey: ({ entityId }) => entityId,
    audit: {
      create: 'saml.idp.service.provider.create',
      update: 'saml.idp.service.provider.update',
      delete: 'saml.idp.service.provider.delete',
    },
    auditFields: ({ name, entityId }) => ({
      service_provider_entity_id: entityId,
      service_provider_shortcut: name,
    }),
    columns: [
      { key: 'entity_id', title: 'Entity ID', of: ({ entityId }) => entityId },
      {
        key: 'acs_url',
        title: 'Receives assertions at',
        of: (sp) => describeAddresses(sp),
      },
      { key: 'preset', title: 'Preset', of: ({ preset }) => preset },
    ],
    prepare: async (document, { before, catalog }, tx, { clock }) => {
      const written = parseServiceProviderDocument(document).value
      const after = buildServiceProvider(written, deps, clock.now())
      if (before?.entityId !== after.entityId) await assertInstance(document, written, after, catalog, tx)
      return document
    },
  }
}

/**
 * What a plugin that is bound to its instance names stays that of the instance. An unbound one may be about to be pointed
 * at another, and looks itself.
 */
async function assertInstance(
  document: ResourceDocument,
  { entityDescriptor }: ServiceProviderConfig,
  after: ServiceProvider,
  catalog: CatalogView,
  tx: StoreTransaction,
): Promise<void> {
  for (const { value: plugin } of catalog.plugins()) {
    if (plugin.serviceProvider !== after.name) continue
    const message = await findOtherInstance(tx, plugin, after)
    if (message === undefined || !(await isBound(plugin.name, tx))) continue
    const path = entityDescriptor === undefined ? 'spec.entity_id' : 'spec.entity_descriptor'
    throw resourceError('saml_idp_service_provider', document, [{ path, message }])
  }
}

/** The first alone: metadata of some applications names dozens. */
function describeAddresses({ assertionConsumerServices: [first, ...more] }: ServiceProvider): string {
  return `${first?.url ?? ''}${more.length === 0 ? '' : ` +${more.length}`}`
}

/** The form; where that is wrong, what is wrong with the metadata is told with it. */
function readForm(
  input: unknown,
  source: string | undefined,
  { allowHttpLoopback, metadata: reader }: ServiceProviderKindDeps,
): ReturnType<typeof parseServiceProviderDocument> {
  try {
    return parseServiceProviderDocument(input, source)
  } catch (error) {
    const descriptor = findAt(input, ['spec', 'entity_descriptor'])
    if (!(error instanceof GatewayError) || typeof descriptor !== 'string' || descriptor === '') throw error
    // Put there by `parseWith`.
    const problems = (error.details['problems'] ?? []) as readonly ResourceProblem[]
    if (problems.some(({ path }) => path === '' || path === 'spec.entity_descriptor')) throw error
    try {
      reader.parse(descriptor, { allowHttpLoopback, now: 0 })
    } catch (cause) {
      if (!(cause instanceof GatewayError)) throw cause
      const found = locate(cause, 'spec.entity_descriptor')
      throw resourceError('saml_idp_service_provider', input, [...problems, found], source)
    }
    throw error
  }
}

function buildServiceProvider(
  config: ServiceProviderConfig,
  { allowHttpLoopback, metadata: reader }: ServiceProviderKindDeps,
  now: Instant,
): ServiceProvider {
  const { entityDescriptor, acsUrl, ...rest } = config
  at(config, 'spec.attribute_mapping', () => assertAttributeMapping(config.attributeMapping, config.preset))
  const metadata =
    entityDescriptor === undefined
      ? at(config, 'spec', () =>
          reader.buildMinimal(
            { entityId: config.entityId ?? '', acsUrl: acsUrl ?? '' },
            { allowHttpLoopback },
          ),
        )
      : at(config, 'spec.entity_descriptor', () => reader.parse(entityDescriptor, { allowHttpLoopback, now }))
  assertSameEntity(config, metadata)
  const serviceProvider = { ...rest, ...metadata }
  const problem = findAddressProblem(serviceProvider)
  if (problem === undefined) return serviceProvider
  const path = entityDescriptor === undefined ? 'spec.acs_url' : 'spec.entity_descriptor'
  throw resourceError('saml_idp_service_provider', { metadata: rest }, [{ path, message: problem }])
}

function assertSameEntity(
  { name, entityId }: ServiceProviderConfig,
  metadata: ServiceProviderMetadata,
): void {
  if (entityId === undefined || entityId === metadata.entityId) return
  const message = `is "${entityId}" but its metadata says "${metadata.entityId}"; leave entity_id out, or make them agree`
  const document = { metadata: { name } }
  throw resourceError('saml_idp_service_provider', document, [{ path: 'spec.entity_id', message }])
}

/** Says whose metadata or mapping it is that cannot be used, and where it stands: one file may hold that of many. */
function at<T>({ name }: ServiceProviderConfig, path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    const message = `saml_idp_service_provider "${name}": ${cause.message}`
    throw new GatewayError(
      cause.code,
      message,
      { ...cause.details, problems: [locate(cause, path)] },
      { cause },
    )
  }
}

/** Where the refusal names a field of the document, that is the place: `spec.attribute_mapping[0].value: ...`. */
function locate({ message, details }: GatewayError, path: string): ResourceProblem {
  const { field } = details
  const known = field === 'acs_url' || (typeof field === 'string' && field.startsWith('spec.'))
  if (!known) return { path, message }
  const full = field === 'acs_url' ? 'spec.acs_url' : field
  const says = message.startsWith(field) ? message.slice(field.length).replace(/^:?\s*/, '') : message
  return { path: full.replace(/\[(\d+)\]/g, '.$1'), message: says }
}
