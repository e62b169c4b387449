/** @module The chapters of the interface's description: each route belongs to one, by where its path begins. */

interface Chapter {
  readonly name: string
  readonly description: string
  readonly paths: readonly string[]
}

const chapters: readonly Chapter[] = [
  {
    name: 'SAML',
    description: 'Sign-in to applications, and trying it without a sign-in',
    paths: [
      '/saml/',
      '/v1/saml/',
      '/v1/pending-sign-ins/',
      '/v1/step-up',
      '/v1/device-steps',
      '/v1/device-challenges',
    ],
  },
  {
    name: 'Sign-in',
    description: 'Sessions of browsers and command lines, one-time links, and connectors',
    paths: ['/v1/session', '/v1/sign-in', '/v1/links/', '/v1/cli/', '/v1/connectors/'],
  },
  {
    name: 'Oneself',
    description: 'What a signed-in person sees and changes of their own',
    paths: ['/v1/me', '/v1/mfa/', '/v1/apps'],
  },
  {
    name: 'Resources',
    description: 'Roles, users, service providers and every other kind, as documents in YAML or JSON',
    paths: ['/v1/resources', '/v1/kinds'],
  },
  {
    name: 'People and tokens',
    description: 'Accounts of people, their sessions and devices, and the secrets of machine users',
    paths: ['/v1/users', '/v1/tokens', '/v1/devices'],
  },
  {
    name: 'Access',
    description: 'Who has what, and why',
    paths: ['/v1/explain', '/v1/access/', '/v1/roles', '/v1/inventory/'],
  },
  {
    name: 'Access lists',
    description: 'Who is in an access list, until when and why; the documents of lists are resources',
    paths: ['/v1/access-lists'],
  },
  {
    name: 'Access requests',
    description: 'Asking for access for a time, deciding on it, extending it and giving it back',
    paths: ['/v1/access-requests', '/v1/on-call', '/v1/webhooks'],
  },
  {
    name: 'Identity Center',
    description: 'Set-up, import, plan, status and removal of the sync with AWS IAM Identity Center',
    paths: ['/v1/identity-center/', '/v1/integrations'],
  },
  {
    name: 'Inbound SCIM',
    description:
      'Users and groups that upstream directories push here (RFC 7644), their tokens, and what waits',
    paths: ['/scim/v2/', '/v1/connectors/:name/scim-tokens', '/v1/connectors/:name/held'],
  },
  { name: 'Audit', description: 'The audit log and its signed heads', paths: ['/v1/audit/'] },
  {
    name: 'Keys',
    description: 'Signing keys, their rollover, and the public ones by which AWS checks our tokens',
    paths: ['/v1/keys/', '/.well-known/'],
  },
  {
    name: 'Operation',
    description: 'Health, figures, and this description',
    paths: ['/healthz', '/readyz', '/metrics', '/v1/openapi.json'],
  },
]

/** For `tags` of the document, in the order in which they are read. */
export const tags = chapters.map(({ name, description }) => ({ name, description }))

/** The tag of a route; what access somebody has is a matter of access, wherever its path begins. */
export function tagOf(path: string): string {
  if (/\/(access|applications)$/.test(path)) return 'Access'
  return chapters.find(({ paths }) => paths.some((start) => path.startsWith(start)))?.name ?? 'Operation'
}
