/**
 * @module The kind `saml`: connectors to upstream identity providers that speak SAML. Joins the YAML form with the reading
 * of metadata, which is handed in. Metadata that is fetched is not looked at here: a write must not depend on a host.
 */
import { resourceError } from '../../api/resource/parse.js'
import { callbackUrl } from '../../core/connector/callback.js'
import { GatewayError } from '../../core/error.js'
import { samlEntityId, type SamlConnector } from '../../core/connector/saml.js'
import { isOver, type UpstreamIdp } from '../../core/saml/upstream-idp.js'
import { isLoopbackUrl } from '../../core/webhook/webhook.js'
import type { buildUpstreamIdp, parseUpstreamMetadata } from '../../saml/sp/upstream-metadata.js'
import type { Kind } from '../../service/resources/kind.js'
import { assertOnlyConnector } from '../shared/connector-fields.js'
import { describeUsersLeft, warnOfMapping } from '../shared/connector-words.js'
import { parseSamlDocument, samlForm, type SamlConnectorConfig } from './form.js'

export interface SamlKindDeps {
  readonly publicUrl: string
  /** Whether identity providers may be on this machine: for trials only. */
  readonly allowHttpLoopback: boolean
  readonly upstream: {
    readonly parse: typeof parseUpstreamMetadata
    readonly build: typeof buildUpstreamIdp
  }
}

const example = `kind: saml
version: v2
metadata:
  name: corp
spec:
  display: Corporate sign-in
  entity_descriptor_url: https://idp.example.com/metadata
  attributes_to_roles:
    - name: groups
      value: platform
      roles: [access]
`

export function createSamlKind(deps: SamlKindDeps): Kind<SamlConnector> {
  return {
    name: 'saml',
    plural: 'saml_connectors',
    title: 'SAML connector',
    aliases: ['saml_connector'],
    description: 'An identity provider through which people sign in by SAML.',
    versions: ['v2'],
    example,
    schema: samlForm,
    parse: (input, source) => {
      const { value, ...parsed } = parseSamlDocument(input, source)
      return { ...parsed, value: buildConnector(value, deps) }
    },
    audit: { create: 'saml.created', update: 'saml.updated', delete: 'saml.deleted' },
    auditFields: ({ idp, metadataUrl, mappings, allowsIdpInitiated, createsUsers }) => ({
      issuer: idp?.entityId,
      metadata_host: metadataUrl && new URL(metadataUrl).host,
      mappings: mappings.length,
      allow_idp_initiated: allowsIdpInitiated,
      create_users: createsUsers,
    }),
    columns: [
      { key: 'display', title: 'Button', of: ({ display, name }) => display ?? name },
      {
        key: 'idp',
        title: 'Identity provider',
        of: ({ idp, metadataUrl }) => idp?.entityId ?? metadataUrl ?? '',
      },
      {
        key: 'mappings',
        title: 'Gives roles by',
        of: ({ mappings }) => [...new Set(mappings.map(({ claim }) => claim))].join(', ') || 'nothing',
      },
    ],
    prepare: (document, { after, catalog }, _tx, { clock }) => {
      assertOnlyConnector(document, 'saml', catalog)
      const { name, acs } = parseSamlDocument(document).value
      const ours = callbackUrl(deps.publicUrl, { kind: 'saml', name })
      if (acs !== undefined && acs !== ours) {
        throw resourceError('saml', document, [{ path: 'spec.acs', message: `must be ${ours}, or left out` }])
      }
      if (after?.idp !== undefined && isOver(after.idp, clock.now())) {
        const message = 'is no longer valid (validUntil); fetch a fresh copy from the identity provider'
        throw resourceError('saml', document, [{ path: 'spec.entity_descriptor', message }])
      }
      return Promise.resolve(document)
    },
    effects: async ({ action, name, before, after, catalog }, tx) => {
      // Whoever points it elsewhere must not wait for the copy of another place to age.
      if (action !== 'create' && before?.metadataUrl !== after?.metadataUrl) {
        await tx.samlConnectors.forgetMetadata(name)
      }
      if (action === 'delete') return { notes: describeUsersLeft(name, catalog) }
      if (action === 'update') return {}
      const ours = samlEntityId(deps.publicUrl, name)
      return { notes: [`Give the identity provider our metadata: ${ours}`] }
    },
    warn: (value, catalog, authority) => [
      ...warnOfMapping(value, catalog, authority),
      ...(value.allowsIdpInitiated
        ? [
            'Somebody with an account at the identity provider can make another browser sign in as him (allow_idp_initiated).',
          ]
        : []),
    ],
  }
}

function buildConnector(config: SamlConnectorConfig, deps: SamlKindDeps): SamlConnector {
  const { name, display, mappings, createsUsers, metadataUrl } = config
  const { allowsPrivateNetwork, allowsIdpInitiated, usernameAttribute, subjectAttribute } = config
  if (metadataUrl !== undefined && !mayFetch(new URL(metadataUrl), deps)) {
    throw problem(name, 'spec.entity_descriptor_url', 'must be an https address')
  }
  return {
    kind: 'saml',
    name,
    display,
    mappings,
    createsUsers,
    scimExternalIdClaim: config.scimExternalIdAttribute,
    idp: metadataUrl === undefined ? readIdp(config, deps) : undefined,
    metadataUrl,
    allowsPrivateNetwork,
    allowsIdpInitiated,
    usernameAttribute,
    subjectAttribute,
  }
}

/** https, or http on this machine for a gateway that is on trial. */
function mayFetch(url: URL, { allowHttpLoopback }: SamlKindDeps): boolean {
  return url.protocol === 'https:' || (allowHttpLoopback && isLoopbackUrl(url))
}

function readIdp(
  { name, entityDescriptor, issuer, sso, certificates }: SamlConnectorConfig,
  { upstream, allowHttpLoopback }: SamlKindDeps,
): UpstreamIdp {
  const rules = { allowHttpLoopback }
  try {
    return entityDescriptor === undefined
      ? upstream.build({ issuer: issuer ?? '', ssoUrl: sso ?? '', certificates }, rules)
      : upstream.parse(entityDescriptor, rules)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'INVALID_METADATA') throw error
    throw problem(name, entityDescriptor === undefined ? 'spec' : 'spec.entity_descriptor', error.message)
  }
}

function problem(name: string, path: string, message: string): GatewayError {
  return resourceError('saml', { metadata: { name } }, [{ path, message }])
}
