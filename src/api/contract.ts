/**
 * @module The HTTP contract: paths and the schemas of every request and answer, by domain in `contract/`; shared by
 * the server, the CLI and the web page, which imports only types from here and paths from `paths.ts`. Requests are
 * parsed with these schemas at the edge; answers are typed by them, described by them in `/v1/openapi.json` and
 * checked against that in the tests. Every error is a problem document (RFC 9457). Unsafe requests from a browser
 * session carry the header {@link csrfHeader}.
 */
export { csrfHeader, mfaProofHeader, paths } from './paths.js'
export * from './contract/access.js'
export * from './contract/access-lists.js'
export * from './contract/list-reviews.js'
export * from './contract/access-requests.js'
export * from './contract/audit.js'
export * from './contract/audit-sinks.js'
export * from './contract/audit-summary.js'
export * from './contract/audit-export.js'
export * from './contract/command-line.js'
export * from './contract/devices.js'
export * from './contract/connectors.js'
export * from './contract/directories.js'
export * from './contract/identity-center.js'
export * from './contract/identity-center-plan.js'
export * from './contract/identity-center-scim.js'
export * from './contract/insight.js'
export * from './contract/keys.js'
export * from './contract/me.js'
export * from './contract/mfa.js'
export * from './contract/on-call.js'
export * from './contract/operations.js'
export * from './contract/page-data.js'
export * from './contract/passkeys.js'
export * from './contract/people.js'
export * from './contract/problem.js'
export * from './contract/resources.js'
export * from './contract/session.js'
export * from './contract/tokens.js'
export * from './contract/trust.js'
export * from './contract/webhooks.js'
export type { Page, Right } from './contract/shared.js'
