/**
 * @module Every URL that the web page uses, its own pages and those of the API. Values are encoded here and
 * nowhere else. `safeNext` decides which `next` may be followed after sign-in: paths of our own origin only.
 */
import type { SetupAnswer } from '../api/contract/identity-center.js'
import { paths } from '../api/paths.js'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the audit page shows; every field is in its URL, so that a view can be sent to a colleague. */
export interface AuditView {
  readonly type?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly outcome?: string | undefined
  readonly uid?: string | undefined
  /** Words, and fields of events that only a search looks at. */
  readonly search?: string | undefined
  readonly kind?: string | undefined
  readonly name?: string | undefined
  readonly address?: string | undefined
  readonly code?: string | undefined
  /** The event whose details are open. */
  readonly details?: string | undefined
}

/** The change of an {@link AuditView} that clears every filter. */
export const noFilters: AuditView = {
  type: undefined,
  user: undefined,
  from: undefined,
  to: undefined,
  outcome: undefined,
  uid: undefined,
  search: undefined,
  kind: undefined,
  name: undefined,
  address: undefined,
  code: undefined,
}

/** What a list of resources shows. */
export interface ListView {
  readonly q?: string | undefined
  readonly origin?: string | undefined
}

/** Which access lists are shown, in which order and how; what is left out stands as the page has it first. */
export interface AccessListsView {
  readonly q?: string | undefined
  readonly filter?: string | undefined
  readonly sort?: string | undefined
  readonly view?: 'table' | undefined
}

/** What the page shows that asks for access. */
export interface PickerView {
  readonly q?: string | undefined
  readonly show?: string | undefined
  /** Accounts where it is left out. */
  readonly of?: 'roles' | 'apps' | undefined
}

/** Which access requests are shown. */
export interface RequestsView {
  readonly q?: string | undefined
  readonly state?: string | undefined
}

/** Which of several Identity Center instances a page is about. */
export interface PluginView {
  readonly plugin?: string | undefined
}

/** The steps of the set-up in their order; the URL writes them with hyphens. */
export const setUpSteps = [
  'connect',
  'preview',
  'identity_source',
  'scim',
  'plan',
  'access',
  'start',
] as const satisfies readonly SetupAnswer['steps'][number]['step'][]
export type SetUpStep = (typeof setUpSteps)[number]
/** Stands in the URL for the step that is to do. */
export const resumeStep = 'resume'

/** The step that a URL names; the first where it names none. */
export function parseSetUpStep(text: string | undefined): SetUpStep {
  const wanted = text?.replaceAll('-', '_')
  return setUpSteps.find((step) => step === wanted) ?? 'connect'
}

export const pagePaths = {
  resources: () => '/',
  /** `invite` opens the form that invites a person, with this name in it. */
  users: (view: { q?: string | undefined; invite?: string | undefined } = {}) => withQuery('/users', view),
  /** `do: 'lock'` opens the dialog that locks the person; `add` puts a role into their form, not saved. */
  user: (name: string, view: { tab?: string; do?: 'lock'; add?: string } = {}) =>
    withQuery(fill('/users/:name', { name }), view),
  roles: (view: ListView = {}) => withQuery('/roles', { ...view }),
  role: (name: string, view: { tab?: string | undefined } = {}) => {
    const existing = name === 'new' ? 'yes' : undefined
    return withQuery(fill('/roles/:name', { name }), { existing, ...view })
  },
  newRole: (view: { template?: string | undefined } = {}) => withQuery('/roles/new', view),
  kinds: () => '/resources',
  resourceList: (kind: string, view: ListView = {}) =>
    withQuery(fill('/resources/:kind', { kind }), { ...view }),
  /** `new` is also the path of the page that makes one; a resource of that name says that it exists. */
  resource: (kind: string, name: string) => {
    const existing = name === 'new' ? 'yes' : undefined
    return withQuery(fill('/resources/:kind/:name', { kind, name }), { existing })
  },
  newResource: (kind: string) => fill('/resources/:kind/new', { kind }),
  serviceProviders: (view: ListView = {}) => withQuery('/service-providers', { ...view }),
  serviceProvider: (name: string, view: { tab?: string | undefined } = {}) => {
    const existing = name === 'new' ? 'yes' : undefined
    return withQuery(fill('/service-providers/:name', { name }), { existing, ...view })
  },
  newSamlConnector: () => '/connectors/new/saml',
  newServiceProvider: (view: { for?: string | undefined } = {}) => withQuery('/service-providers/new', view),
  connectors: () => '/connectors',
  newConnector: (kind: 'oidc' | 'github') => withQuery('/connectors/new', { kind }),
  connectorTest: (name: string, id: string) => fill('/connectors/:name/tests/:id', { name, id }),
  /** `do: 'lock'` opens the dialog that makes one. */
  locks: (view: { do?: 'lock' | undefined } = {}) => withQuery('/locks', view),
  tokens: () => '/tokens',
  devices: () => '/devices',
  keys: (view: { of?: 'audit' | undefined } = {}) => withQuery('/keys', view),
  audit: (view: AuditView = {}) => withQuery('/audit', { ...view }),
  settings: () => '/settings',
  integrations: () => '/integrations',
  newIntegration: () => '/integrations/new',
  /** Without a plugin the first step makes one. */
  identityCenterSetUp: (
    view: {
      /** `resume`: the first that is still to do. */
      step?: SetUpStep | typeof resumeStep | undefined
      plugin?: string | undefined
      of?: string | undefined
    } = {},
  ) =>
    withQuery(
      fill('/integrations/aws-identity-center/set-up/:step', {
        step: (view.step ?? 'connect').replaceAll('_', '-'),
      }),
      { plugin: view.plugin, of: view.of },
    ),
  identityCenter: (view: PluginView = {}) => withQuery('/identity-center', { ...view }),
  identityCenterPlan: (view: PluginView = {}) => withQuery('/identity-center/plan', { ...view }),
  identityCenterAccounts: (view: PluginView & { account?: string; person?: string } = {}) =>
    withQuery('/identity-center/accounts', { ...view }),
  whoCan: (view: WhoCanView = {}) => withQuery('/who-can', { ...view }),
  explainAccess: (view: { user?: string; account?: string; permissionSet?: string } = {}) =>
    withQuery('/explain', view),
  identityCenterUninstall: (view: PluginView = {}) => withQuery('/identity-center/uninstall', { ...view }),
  accessLists: (view: AccessListsView = {}) => withQuery('/access-lists', { ...view }),
  /** `view` is the tab. */
  accessList: (name: string, view: { view?: string | undefined } = {}) => {
    const existing = name === 'new' ? 'yes' : undefined
    return withQuery(fill('/access-lists/:name', { name }), { existing, ...view })
  },
  accessListReview: (name: string) => fill('/access-lists/:name/review', { name }),
  newAccessList: () => '/access-lists/new',
  requestAccess: (view: PickerView = {}) => withQuery('/request', { ...view }),
  myRequests: (view: RequestsView = {}) => withQuery('/requests', { ...view }),
  requestsToReview: (view: RequestsView = {}) => withQuery('/requests/review', { ...view }),
  allRequests: (view: RequestsView = {}) => withQuery('/requests/all', { ...view }),
  accessRequest: (id: string) => fill('/requests/:id', { id }),
  signIn: (view: { next?: string | undefined; done?: 'invite' | 'reset' | 'signed-out' } = {}) =>
    withQuery('/sign-in', { next: view.next === '/' ? undefined : view.next, done: view.done }),
}

export const apiPaths = {
  session: () => paths.session,
  signIn: () => paths.signIn,
  signInTotp: () => paths.signInTotp,
  signInPasskeyStart: () => paths.signInPasskeyStart,
  signInPasskey: () => paths.signInPasskey,
  signInFactorStart: () => paths.signInFactorStart,
  signInFactor: () => paths.signInFactor,
  stepUp: () => paths.stepUp,
  signInRecovery: () => paths.signInRecovery,
  meRecoveryCodes: () => paths.meRecoveryCodes,
  mfaProofs: () => paths.mfaProofs,
  mfaProofsStart: () => paths.mfaProofsStart,
  stepUpStart: () => paths.stepUpStart,
  linkPasskey: () => paths.linkPasskey,
  mePasskeys: () => paths.mePasskeys,
  mePasskeyStart: () => paths.mePasskeyStart,
  mePasskeyAsk: () => paths.mePasskeyAsk,
  pendingSignIn: (handle: string) => fill(paths.pendingSignIn, { handle }),
  linkInspect: () => paths.linkInspect,
  linkRedeem: () => paths.linkRedeem,
  me: () => paths.me,
  mePassword: () => paths.mePassword,
  meFactors: () => paths.meFactors,
  meFactorStart: () => paths.meFactorStart,
  meFactor: (id: string) => fill(paths.meFactor, { id }),
  meSessions: () => paths.meSessions,
  meSession: (id: string) => fill(paths.meSession, { id }),
  apps: (cursor?: string) => withQuery(paths.apps, { cursor }),
  users: (cursor?: string) => withQuery(paths.users, { cursor }),
  newUsers: () => paths.users,
  userResetLink: (name: string) => fill(paths.userResetLink, { name }),
  roles: (cursor?: string) => withQuery(paths.roles, { cursor }),
  auditEvents: (view: AuditView, cursor?: string) =>
    withQuery(paths.auditEvents, {
      type: view.type,
      user: view.user,
      success: view.outcome,
      from: view.from,
      to: view.to,
      uid: view.uid,
      cursor,
    }),
  auditSearch: (view: AuditView, cursor?: string) =>
    withQuery(paths.auditSearch, { ...auditSelection(view), cursor }),
  auditExport: (view: AuditView, format: 'csv' | 'jsonl') =>
    withQuery(paths.auditExport, { ...auditSelection(view), format }),
  auditEvidence: (period: { from: string; to: string }) => withQuery(paths.auditEvidence, period),
  auditHeads: () => paths.auditHeads,
  auditSinks: () => paths.auditSinks,
  kinds: () => paths.kinds,
  resources: (query: { mode?: 'create' | 'replace'; dryRun?: boolean } = {}) =>
    withQuery(paths.resources, { mode: query.mode, dryRun: query.dryRun ? 'true' : undefined }),
  resourceList: (
    kind: string,
    { search, origin, cursor, limit }: PageQuery & { origin?: string | undefined },
  ) => withQuery(fill(paths.resourceList, { kind }), { search, origin, limit: limit?.toString(), cursor }),
  resource: (kind: string, name: string, query: { dryRun?: boolean } = {}) =>
    withQuery(fill(paths.resource, { kind, name }), { dryRun: query.dryRun ? 'true' : undefined }),
  explain: (query: ExplainView) => withQuery(paths.explain, { ...query }),
  explainAccount: ({ user, account, permissionSet }: ExplainView) =>
    withQuery(paths.explainAccount, { user, account, permissionSet }),
  whoCan: (view: WhoCanView, page: { cursor: string | undefined; limit: string }) =>
    withQuery(paths.whoCan, { ...view, ...page }),
  whoCanCsv: (view: WhoCanView) => withQuery(paths.whoCanCsv, { ...view }),
  whoCould: (view: WhoCanView, limit: string) => withQuery(paths.whoCould, { ...view, limit }),
  userAccess: (name: string, query: PageQuery) => paged(fill(paths.userAccess, { name }), query),
  userApplications: (name: string) => fill(paths.userApplications, { name }),
  userSessions: (name: string) => fill(paths.userSessions, { name }),
  userSession: (name: string, id: string) => fill(paths.userSession, { name, id }),
  roleAccess: (name: string, query: PageQuery) => paged(fill(paths.roleAccess, { name }), query),
  roleApplications: (name: string) => fill(paths.roleApplications, { name }),
  roleHolders: (name: string, query: PageQuery) => paged(fill(paths.roleHolders, { name }), query),
  accounts: (query: PageQuery) => paged(paths.accounts, query),
  permissionSets: (query: PageQuery) => paged(paths.permissionSets, query),
  auditSummary: (view: AuditView, span: { from: string; to: string; buckets: number }) =>
    withQuery(paths.auditSummary, {
      from: span.from,
      to: span.to,
      buckets: span.buckets.toString(),
      type: view.type,
      user: view.user,
      success: view.outcome,
    }),
  tokens: () => paths.tokens,
  devices: () => paths.devices,
  meDevices: () => paths.meDevices,
  deviceEnrollToken: (name: string) => fill(paths.deviceEnrollToken, { name }),
  deviceStep: (handle: string) => fill(paths.deviceStep, { handle }),
  deviceStepAsk: () => paths.deviceStepAsk,
  deviceStepSkip: () => paths.deviceStepSkip,
  samlCallback: (name: string) => fill(paths.connectorCallbackSaml, { name }),
  tokenRotate: (name: string) => fill(paths.tokenRotate, { name }),
  signInConnector: (name: string, query: { next?: string; reauth?: string | undefined } = {}) =>
    withQuery(fill(paths.signInConnector, { name }), query),
  oidcCallback: (name: string) => fill(paths.oidcCallback, { name }),
  githubCallback: (name: string) => fill(paths.githubCallback, { name }),
  connectorScimTokens: (name: string) => fill(paths.connectorScimTokens, { name }),
  connectorScimToken: (name: string, id: string) => fill(paths.connectorScimToken, { name, id }),
  connectorHeld: (name: string) => fill(paths.connectorHeld, { name }),
  connectorTest: (name: string) => fill(paths.connectorTest, { name }),
  connectorTestResult: (name: string, id: string) => fill(paths.connectorTestResult, { name, id }),
  webhook: (name: string) => fill(paths.webhook, { name }),
  webhookRotate: (name: string) => fill(paths.webhookRotate, { name }),
  webhookTest: (name: string) => fill(paths.webhookTest, { name }),
  keys: (kind: string) => fill(paths.keys, { kind }),
  keysRotate: (kind: string) => fill(paths.keysRotate, { kind }),
  testAssertion: () => paths.testAssertion,
  cliAuthorizations: () => paths.cliAuthorizations,
  integrations: () => paths.integrations,
  setupScript: () => paths.setupScript,
  /** Of one plugin, without a query. */
  awsic: (of: AwsicPath, plugin: string) => fill(paths[of], { plugin }),
  awsicPreview: (plugin: string, query: Query) => withQuery(fill(paths.awsicPreview, { plugin }), query),
  awsicPreflight: (plugin: string, { search, show }: { search: string; show: string }) =>
    withQuery(fill(paths.awsicPreflight, { plugin }), { search: search === '' ? undefined : search, show }),
  awsicScimToken: (plugin: string, slot: 1 | 2) =>
    fill(paths.awsicScimToken, { plugin, slot: slot.toString() }),
  awsicPlan: (plugin: string, query: Query) => withQuery(fill(paths.awsicPlan, { plugin }), query),
  awsicChanges: (plugin: string, query: Query) => withQuery(fill(paths.awsicChanges, { plugin }), query),
  awsicAssignments: (plugin: string, query: Query) =>
    withQuery(fill(paths.awsicAssignments, { plugin }), query),
  listMembers: (name: string, query: PageQuery = {}) => paged(fill(paths.listMembers, { name }), query),
  listMember: (name: string, kind: string, member: string) => fill(paths.listMember, { name, kind, member }),
  accessLists: (query: Query) => withQuery(paths.accessLists, query),
  accessList: (name: string) => fill(paths.accessList, { name }),
  listMembersCsv: (name: string) => fill(paths.listMembersCsv, { name }),
  changeMembers: (name: string) => fill(paths.changeMembers, { name }),
  listCandidates: (name: string, search: string) =>
    withQuery(fill(paths.listCandidates, { name }), { search }),
  listPeople: (name: string, query: PageQuery) => paged(fill(paths.listPeople, { name }), query),
  listRequirements: (name: string) => fill(paths.listRequirements, { name }),
  listInAws: (name: string) => fill(paths.listInAws, { name }),
  listReview: (name: string, query: Query) => withQuery(fill(paths.listReview, { name }), query),
  decideReview: (name: string) => fill(paths.decideReview, { name }),
  submitReview: (name: string) => fill(paths.submitReview, { name }),
  listReviews: (name: string, cursor?: string) => withQuery(fill(paths.listReviews, { name }), { cursor }),
  finishedDecisions: (name: string, review: string, query: Query) =>
    withQuery(fill(paths.finishedDecisions, { name, review }), query),
  listHistory: (name: string, query: PageQuery) => paged(fill(paths.listHistory, { name }), query),
  requestPicker: (query: Query) => withQuery(paths.mePicker, query),
  requestCaps: () => paths.meRequestCaps,
  shelf: () => paths.meShelf,
  shelfItem: (kind: string, name: string) => fill(paths.meShelfItem, { kind, name }),
  accessRequests: (query: Query = {}) => withQuery(paths.accessRequests, query),
  accessRequest: (id: string) => fill(paths.accessRequest, { id }),
  requestReviews: (id: string) => fill(paths.requestReviews, { id }),
  requestEnd: (id: string, how: 'cancel' | 'release' | 'revoke') =>
    fill({ cancel: paths.requestCancel, release: paths.requestRelease, revoke: paths.requestRevoke }[how], {
      id,
    }),
  requestExtend: (id: string) => fill(paths.requestExtend, { id }),
  requestPromotions: (id: string) => fill(paths.requestPromotions, { id }),
  requestPromote: (id: string) => fill(paths.requestPromote, { id }),
  assumedRequest: (id: string) => fill(paths.meAssumed, { id }),
  /** Our own SAML metadata, which anyone may read. */
  idpMetadata: () => '/saml/idp/metadata',
}

type AwsicPath = Extract<keyof typeof paths, `awsic${string}`>

/** One page of a list that the server searches. */
export interface PageQuery {
  readonly search?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** Whom and what an explanation is about: an application, or an account with a permission set. */
/** What is asked about: an account, with a permission set or without one, or an application. */
export interface WhoCanView {
  readonly account?: string | undefined
  readonly permissionSet?: string | undefined
  readonly app?: string | undefined
}

export interface ExplainView {
  /** A person, or a role by itself. */
  readonly user?: string
  readonly role?: string
  readonly app?: string
  readonly account?: string
  readonly permissionSet?: string
}

function paged(path: string, { search, cursor, limit }: PageQuery): string {
  return withQuery(path, { search, limit: limit?.toString(), cursor })
}

/**
 * The path to go on with after sign-in, or `/`. A browser reads `/\host`, `//host` and `/<tab>/host` as another
 * host, so the text is resolved as a browser does and must stay on our origin.
 */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/'
  const base = 'https://gatehouse.invalid'
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined
  if (url?.origin !== base) return '/'
  // `/.//host` resolves to the path `//host`, which would name a host when it is followed.
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash
}

/** Whether the server, and not this page, answers this path: it must be loaded, not routed. */
export function isServerPath(path: string): boolean {
  return /^\/(?:saml|v1)\//.test(path)
}

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      if (one !== '') search.append(name, one)
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name] ?? ''
    // RFC 3986 §5.2.4: dot segments are removed by the browser even when they are percent-encoded.
    if (value === '' || value === '.' || value === '..')
      throw new Error(`"${value}" cannot be part of a path`)
    return encodeURIComponent(value)
  })
}

function auditSelection({ type, user, outcome, from, to, search, kind, name, address, code }: AuditView) {
  return { type, user, success: outcome, from, to, search, kind, name, address, code }
}
