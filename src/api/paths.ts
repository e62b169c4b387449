/**
 * @module Paths of the HTTP interface and the name of the CSRF header: plain constants, apart from `contract.ts`
 * so that the web page need not load the schema library to know a path.
 */

/** Header that carries the session's CSRF token; `GET /v1/session` tells it. */
export const csrfHeader = 'x-gatehouse-csrf'

export const paths = {
  session: '/v1/session',
  signIn: '/v1/sign-in',
  signInTotp: '/v1/sign-in/totp',
  stepUp: '/v1/step-up',
  pendingSignIn: '/v1/pending-sign-ins/:handle',
  linkInspect: '/v1/links/inspect',
  linkRedeem: '/v1/links/redeem',
  me: '/v1/me',
  mePassword: '/v1/me/password',
  meFactors: '/v1/me/factors',
  meFactorStart: '/v1/me/factors/start',
  meFactor: '/v1/me/factors/:id',
  meSessions: '/v1/me/sessions',
  meSession: '/v1/me/sessions/:id',
  apps: '/v1/apps',
  users: '/v1/users',
  userResetLink: '/v1/users/:name/reset-link',
  roles: '/v1/roles',
  auditEvents: '/v1/audit/events',
  auditHeads: '/v1/audit/heads',
  auditSummary: '/v1/audit/summary',
  openapi: '/v1/openapi.json',
  kinds: '/v1/kinds',
  /** `POST`; each kind has its own list and its resources below: `/v1/resources/role/NAME`. */
  resources: '/v1/resources',
  resourceList: '/v1/resources/:kind',
  resource: '/v1/resources/:kind/:name',
  tokens: '/v1/tokens',
  tokenRotate: '/v1/tokens/:name/rotate',
  explain: '/v1/explain',
  userAccess: '/v1/users/:name/access',
  userApplications: '/v1/users/:name/applications',
  userSessions: '/v1/users/:name/sessions',
  userSession: '/v1/users/:name/sessions/:id',
  roleAccess: '/v1/roles/:name/access',
  roleApplications: '/v1/roles/:name/applications',
  roleHolders: '/v1/roles/:name/holders',
  accounts: '/v1/inventory/accounts',
  permissionSets: '/v1/inventory/permission-sets',
  keys: '/v1/keys/:kind',
  keysRotate: '/v1/keys/:kind/rotate',
  testAssertion: '/v1/saml/test-assertion',
  cliAuthorizations: '/v1/cli/authorizations',
  cliTokens: '/v1/cli/tokens',
} as const
