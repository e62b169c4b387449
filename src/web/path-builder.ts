/**
 * @module Every URL that the web page uses, its own pages and those of the API. Values are encoded here and
 * nowhere else. `safeNext` decides which `next` may be followed after sign-in: paths of our own origin only.
 */
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
}

export const pagePaths = {
  resources: () => '/',
  users: (view: { q?: string | undefined } = {}) => withQuery('/users', view),
  audit: (view: AuditView = {}) => withQuery('/audit', { ...view }),
  settings: () => '/settings',
  signIn: (view: { next?: string | undefined; done?: 'invite' | 'reset' | 'signed-out' } = {}) =>
    withQuery('/sign-in', { next: view.next === '/' ? undefined : view.next, done: view.done }),
}

export const apiPaths = {
  session: () => paths.session,
  signIn: () => paths.signIn,
  signInTotp: () => paths.signInTotp,
  stepUp: () => paths.stepUp,
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
  auditHeads: () => paths.auditHeads,
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
