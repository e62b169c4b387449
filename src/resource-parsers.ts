/**
 * @module Joins the YAML forms of `api/resource` with the XML of the SAML room: the parsers that the catalog is
 * given, and the reading of a bootstrap file. Part of the composition root, for no room may import both.
 */
import { parseClusterAuthPreferenceDocument } from './api/resource/cluster-auth-preference.js'
import { parseResourceDocument, parseYamlDocuments, type ParsedResource } from './api/resource/documents.js'
import { parseRoleDocument } from './api/resource/role.js'
import {
  parseServiceProviderDocument,
  type ServiceProviderConfig,
} from './api/resource/saml-idp-service-provider.js'
import { parseUserDocument } from './api/resource/user.js'
import { GatewayError } from './core/error.js'
import { assertAttributeMapping } from './core/saml/attributes.js'
import type { ServiceProvider } from './core/saml/service-provider.js'
import type { Instant } from './core/time.js'
import { buildMinimalServiceProviderMetadata, parseServiceProviderMetadata } from './saml/sp-metadata.js'
import type { BootstrapResource } from './service/resources/bootstrap.js'
import type { ResourceParsers } from './service/resources/catalog.js'

export interface ParserRules {
  /** Whether http addresses on this machine may receive assertions: for trials only. */
  readonly allowHttpLoopback: boolean
}

/** Parsers for what is stored. A `validUntil` is judged when metadata is handed in, not at each reading. */
export function createResourceParsers(rules: ParserRules): ResourceParsers {
  return {
    user: parseUserDocument,
    role: parseRoleDocument,
    preference: parseClusterAuthPreferenceDocument,
    serviceProvider: (document) => {
      const parsed = parseServiceProviderDocument(document)
      return { ...parsed, value: buildServiceProvider(parsed.value, rules, 0) }
    },
  }
}

/** @throws GatewayError `INVALID_RESOURCE`, `INVALID_METADATA`, with every problem of the file. */
export function parseBootstrapFile(
  text: string,
  fileName: string,
  rules: ParserRules,
  now: Instant,
): BootstrapResource[] {
  const problems: GatewayError[] = []
  const resources = parseYamlDocuments(text, fileName).flatMap((resource) => {
    try {
      return [toBootstrapResource(resource, rules, now)]
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      problems.push(error)
      return []
    }
  })
  const [first] = problems
  if (first === undefined) return resources
  const message = problems.map((problem) => `${fileName}: ${problem.message}`).join('\n')
  throw new GatewayError(first.code, message, first.details, { cause: first })
}

/** @throws as {@link parseBootstrapFile}. */
export function parseBootstrapDocument(
  document: unknown,
  rules: ParserRules,
  now: Instant,
): BootstrapResource {
  return toBootstrapResource(parseResourceDocument(document), rules, now)
}

function toBootstrapResource(resource: ParsedResource, rules: ParserRules, now: Instant): BootstrapResource {
  const { kind, name, document } = resource
  if (kind !== 'saml_idp_service_provider') return { kind, name, document }
  return { kind, name, document, uniqueKey: buildServiceProvider(resource.value, rules, now).entityId }
}

function buildServiceProvider(
  config: ServiceProviderConfig,
  rules: ParserRules,
  now: Instant,
): ServiceProvider {
  const { entityDescriptor, acsUrl, ...rest } = config
  const metadata = ofServiceProvider(config.name, () => {
    assertAttributeMapping(config.attributeMapping, config.preset)
    return entityDescriptor === undefined
      ? buildMinimalServiceProviderMetadata({ entityId: config.entityId ?? '', acsUrl: acsUrl ?? '' }, rules)
      : parseServiceProviderMetadata(entityDescriptor, { ...rules, now })
  })
  if (config.entityId !== undefined && config.entityId !== metadata.entityId) {
    throw new GatewayError(
      'INVALID_RESOURCE',
      `saml_idp_service_provider "${config.name}": spec.entity_id is "${config.entityId}" but its metadata says "${metadata.entityId}"; leave entity_id out, or make them agree`,
    )
  }
  return { ...rest, ...metadata }
}

/** Says whose metadata or mapping it is that cannot be used: one file may hold that of many. */
function ofServiceProvider<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    const message = `saml_idp_service_provider "${name}": ${cause.message}`
    throw new GatewayError(cause.code, message, cause.details, { cause })
  }
}
