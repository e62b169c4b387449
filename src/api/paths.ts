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
} as const
