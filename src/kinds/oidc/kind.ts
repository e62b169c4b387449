/** @module The kind `oidc`: an OpenID Connect provider through which people sign in. */
import { resourceError } from '../../api/resource/parse.js'
import { callbackUrl } from '../../core/connector/callback.js'
import type { OidcConnector } from '../../core/connector/oidc.js'
import { isLoopbackUrl } from '../../core/webhook/webhook.js'
import type { Sealer } from '../../keys/keys.js'
import { forgetClientSecret } from '../../service/connectors/client-secret.js'
import type { Kind } from '../../service/resources/kind.js'
import { assertOnlyConnector, findEndpointProblem, withSealedSecret } from '../shared/connector-fields.js'
import { describeUsersLeft, warnOfMapping } from '../shared/connector-words.js'
import { oidcForm, parseOidcDocument } from './form.js'

export interface ConnectorKindDeps {
  readonly sealer: Sealer
  readonly publicUrl: string
}

const example = `kind: oidc
version: v3
metadata:
  name: okta
spec:
  display: Okta
  issuer_url: https://example.okta.com
  client_id: 0oa1example
  client_secret: the secret that Okta shows with it
  scope: [email, profile, groups]
  claims_to_roles:
    - claim: groups
      value: platform
      roles: [access]
    - claim: groups
      value: aws-*
      roles: [$1]
`

export function createOidcKind({ sealer, publicUrl }: ConnectorKindDeps): Kind<OidcConnector> {
  const allowHttpLoopback = isLoopbackUrl(new URL(publicUrl))
  return {
    name: 'oidc',
    plural: 'oidc_connectors',
    title: 'OIDC connector',
    aliases: ['oidc_connector'],
    description:
      'An OpenID Connect provider through which people sign in, and the roles that its claims give.',
    versions: ['v3'],
    example,
    schema: oidcForm,
    parse: parseOidcDocument,
    audit: { create: 'oidc.created', update: 'oidc.updated', delete: 'oidc.deleted' },
    auditFields: ({ issuerUrl, clientId }) => ({ issuer_url: issuerUrl, client_id: clientId }),
    columns: [
      { key: 'display', title: 'Shown as', of: ({ display, name }) => display ?? name },
      { key: 'upstream', title: 'Provider', of: ({ issuerUrl }) => issuerUrl },
      {
        key: 'mapping',
        title: 'Mapping',
        of: ({ mappings }) => `${mappings.length} ${mappings.length === 1 ? 'line' : 'lines'}`,
      },
    ],
    prepare: async (document, { before, after, catalog }, tx, { random }) => {
      assertOnlyConnector(document, 'oidc', catalog)
      if (after === undefined) return document
      const problem = findEndpointProblem(after.issuerUrl, allowHttpLoopback)
      if (problem !== undefined)
        throw resourceError('oidc', document, [{ path: 'spec.issuer_url', message: problem }])
      const callback = callbackUrl(publicUrl, after)
      if (after.redirectUrl !== undefined && after.redirectUrl !== callback) {
        const message = `must be ${callback}, or be left out; register that address at the provider`
        throw resourceError('oidc', document, [{ path: 'spec.redirect_url', message }])
      }
      const moves = before !== undefined && before.issuerUrl !== after.issuerUrl
      const movesTo = moves ? after.issuerUrl : undefined
      return await withSealedSecret(document, { kind: 'oidc', sealer, newId: random.uuid(), tx, movesTo })
    },
    effects: async ({ action, name, catalog, after }, tx) => {
      if (action === 'delete') {
        await forgetClientSecret(tx.notes, { kind: 'oidc', name })
        return { notes: describeUsersLeft(name, catalog) }
      }
      return action === 'create' && after !== undefined
        ? { notes: [`Register this address at the provider: ${callbackUrl(publicUrl, after)}`] }
        : {}
    },
    warn: (value, catalog, authority) => warnOfMapping(value, catalog, authority),
  }
}
