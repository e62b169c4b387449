/** @module Names and queries with which the routes of the gateway in `openapi.test.ts` answer. */

/** A resource of each kind that this gateway has: what the examples of the kinds made, and its own. */
export const existing: Readonly<Record<string, string>> = {
  role: 'aws',
  user: 'all@example.com',
  saml_idp_service_provider: 'aws-identity-center',
  cluster_auth_preference: 'cluster-auth-preference',
  token: 'deploy-pipeline',
  webhook: 'chat',
  login_rule: 'lower-case-groups',
  oidc: 'okta',
  saml: 'corp',
  github: 'github',
  lock: 'alice-laptop-stolen',
  device: 'c9cbb327-68a8-497e-b820-6a4b2bf58269',
  integration: 'aws',
  plugin: 'aws-identity-center',
  access_list: 'platform-team',
  access_review_rule: 'on-call-reads',
  access_list_member: 'platform-team/alice@example.com',
}

export const queries: Readonly<Record<string, string>> = {
  '/v1/access-lists/:name/candidates': '?search=al',
  '/v1/audit/summary': '?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z',
  '/v1/explain': '?user=all@example.com&app=aws-identity-center',
  '/v1/explain/account': '?user=all@example.com&account=100007919003',
  '/v1/access/who-can': '?app=aws-identity-center',
  '/v1/access/who-could': '?app=aws-identity-center',
}

/**
 * What asks AWS or waits for what it says: judged by the same schemas, in front of the emulator, in
 * `identity-center.test.ts`.
 */
export const inFrontOfAws = [
  'connection-test',
  'scan',
  'import',
  'scim/test',
  'plan/approve',
  'plan/apply',
  'uninstall',
].map((path) => `POST /v1/identity-center/:plugin/${path}`)
