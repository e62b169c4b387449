/** @module The kind `github`: GitHub, or an Enterprise server, through which people sign in. */
import { resourceError } from '../../api/resource/parse.js'
import { callbackUrl } from '../../core/connector/callback.js'
import type { GithubConnector } from '../../core/connector/github.js'
import { isLoopbackUrl } from '../../core/webhook/webhook.js'
import { forgetClientSecret } from '../../service/connectors/client-secret.js'
import type { Kind } from '../../service/resources/kind.js'
import type { ConnectorKindDeps } from '../oidc/kind.js'
import { assertOnlyConnector, findEndpointProblem, withSealedSecret } from '../shared/connector-fields.js'
import { describeUsersLeft, warnOfMapping } from '../shared/connector-words.js'
import { githubForm, parseGithubDocument } from './form.js'

const example = `kind: github
version: v3
metadata:
  name: github
spec:
  display: GitHub
  client_id: Iv1.example
  client_secret: the secret that GitHub shows with it
  teams_to_roles:
    - organization: example
      team: platform
      roles: [access]
`

export function createGithubKind({ sealer, publicUrl }: ConnectorKindDeps): Kind<GithubConnector> {
  const allowHttpLoopback = isLoopbackUrl(new URL(publicUrl))
  return {
    name: 'github',
    plural: 'github_connectors',
    title: 'GitHub connector',
    aliases: ['github_connector'],
    description: 'GitHub, through which people sign in, and the roles that teams give.',
    versions: ['v3'],
    example,
    schema: githubForm,
    parse: parseGithubDocument,
    audit: { create: 'github.created', update: 'github.updated', delete: 'github.deleted' },
    auditFields: ({ endpointUrl, clientId }) => ({ endpoint_url: endpointUrl, client_id: clientId }),
    columns: [
      { key: 'display', title: 'Shown as', of: ({ display, name }) => display ?? name },
      { key: 'upstream', title: 'Provider', of: ({ endpointUrl }) => endpointUrl },
      {
        key: 'mapping',
        title: 'Mapping',
        of: ({ mappings }) => `${mappings.length} ${mappings.length === 1 ? 'line' : 'lines'}`,
      },
    ],
    prepare: async (document, { before, after, catalog }, tx, { random }) => {
      assertOnlyConnector(document, 'github', catalog)
      if (after === undefined) return document
      for (const [path, url] of [
        ['spec.endpoint_url', after.endpointUrl],
        ['spec.api_endpoint_url', after.apiEndpointUrl],
      ] as const) {
        const message = findEndpointProblem(url, allowHttpLoopback)
        if (message !== undefined) throw resourceError('github', document, [{ path, message }])
      }
      const callback = callbackUrl(publicUrl, after)
      if (after.redirectUrl !== undefined && after.redirectUrl !== callback) {
        const message = `must be ${callback}, or be left out; register that address at GitHub`
        throw resourceError('github', document, [{ path: 'spec.redirect_url', message }])
      }
      const moves = before !== undefined && before.endpointUrl !== after.endpointUrl
      const movesTo = moves ? after.endpointUrl : undefined
      return await withSealedSecret(document, { kind: 'github', sealer, newId: random.uuid(), tx, movesTo })
    },
    effects: async ({ action, name, catalog, after }, tx) => {
      if (action === 'delete') {
        await forgetClientSecret(tx.notes, { kind: 'github', name })
        return { notes: describeUsersLeft(name, catalog) }
      }
      return action === 'create' && after !== undefined
        ? { notes: [`Register this address at GitHub: ${callbackUrl(publicUrl, after)}`] }
        : {}
    },
    warn: (value, catalog, authority) => warnOfMapping(value, catalog, authority),
  }
}
