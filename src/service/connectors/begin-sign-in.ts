/**
 * @module The way out: who wants to sign in through a connector is sent to its upstream, and what the answer needs is
 * kept. A test goes the same way, once, in a browser in which whoever asked for it is signed in.
 */
import { GatewayError } from '../../core/error.js'
import { callbackUrl } from '../../core/connector/callback.js'
import type { Connector, ConnectorKind } from '../../core/connector/connector.js'
import { assertUnlocked, lockAuditMessage } from '../../core/lock/describe.js'
import { findLocks } from '../../core/lock/lock.js'
import type { RequestOrigin } from '../context.js'
import { limitAddress } from '../people/limits.js'
import { recordRefusal } from '../people/record.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { openClientSecret } from './client-secret.js'
import type { ConnectorDeps } from './deps.js'
import { beginPending, newState } from './pending.js'
import { recordFailure } from './record-failure.js'
import type { SamlConnectorDeps } from './saml-deps.js'
import { startSaml } from './start-saml.js'

export interface BeginSignInInput {
  readonly name: string
  readonly next: string | undefined
  /** The upstream is to ask the person again. */
  readonly reauthenticates: boolean
  /** Id of the test that this is. */
  readonly test: string | undefined
  /** Who is signed in in this browser. */
  readonly user: string | undefined
  /** The binding cookie, where there is one. */
  readonly browser: string | undefined
}

/**
 * Answers where the browser goes, and the cookie that binds it.
 * @throws GatewayError `TOO_MANY_ATTEMPTS`, `NOT_FOUND`, `LOCKED`, `CONNECTOR_FAILED`, `CONNECTOR_SIGN_IN_GONE` for a test that is not this person's.
 */
export async function beginSignIn(
  deps: ConnectorDeps & SamlConnectorDeps,
  input: BeginSignInInput,
  origin: RequestOrigin,
): Promise<{ readonly location: string; readonly browser: string }> {
  await limitAddress(deps, 'connector', origin.address)
  const catalog = await deps.catalog.read()
  const connector = catalog.connector(input.name)
  if (connector === undefined) throw noConnector(input.name)
  await assertNotLocked(deps, catalog, connector, origin)
  if (input.test !== undefined) await beginTest(deps, connector, input.test, input.user)
  const state = newState(deps)
  const request = {
    state,
    redirectUrl: callbackUrl(deps.publicUrl, connector),
    reauthenticates: input.reauthenticates,
  }
  const { name, kind } = connector
  let started
  try {
    started = await startAt(deps, catalog, connector, request)
  } catch (error) {
    await recordFailure(deps, connector, error, { test: input.test, user: input.user }, origin)
    throw error
  }
  const { next, reauthenticates, test, browser } = input
  const begun = await beginPending(deps, {
    connector: { kind, name },
    next,
    reauthenticates,
    test,
    browser,
    secrets: started.secrets,
    state,
  })
  return { location: started.url, browser: begun.browser }
}

async function startAt(
  deps: ConnectorDeps & SamlConnectorDeps,
  catalog: CatalogView,
  { kind, name }: Connector,
  asked: Omit<Parameters<ConnectorDeps['upstreams']['oidc']['start']>[1], 'clientSecret'>,
) {
  const saml = kind === 'saml' ? catalog.samlConnector(name) : undefined
  if (saml !== undefined) return await startSaml(deps, saml, asked)
  const { upstreams } = deps
  const clientSecret = await openClientSecret(deps.store.notes, deps.sealer, { name, kind })
  const request = { ...asked, clientSecret }
  const oidc = kind === 'oidc' ? catalog.oidcConnector(name) : undefined
  if (oidc !== undefined) return await upstreams.oidc.start(oidc, request)
  const github = kind === 'github' ? catalog.githubConnector(name) : undefined
  if (github !== undefined) return await upstreams.github.start(github, request)
  throw noConnector(name)
}

/** Which connectors there are, anybody sees on the sign-in page. */
export function noConnector(name: string): GatewayError {
  return new GatewayError('NOT_FOUND', `there is no connector named "${name.slice(0, 100)}"`)
}

/** Nobody is sent away to come back in vain. */
async function assertNotLocked(
  deps: ConnectorDeps,
  catalog: CatalogView,
  { kind, name }: { readonly kind: ConnectorKind; readonly name: string },
  origin: RequestOrigin,
): Promise<void> {
  const locks = findLocks(catalog.locks(), { connector: name }, deps.clock.now())
  const [lock] = locks
  if (lock === undefined) return
  const names = locks.map((one) => one.name)
  const fields = { method: kind, connector: name, error: lockAuditMessage(lock), locks: names }
  await recordRefusal(deps, { event: 'user.login', variant: 'connector', fields }, origin)
  assertUnlocked(locks)
}

async function beginTest(
  { store, clock }: ConnectorDeps,
  connector: Connector,
  id: string,
  user: string | undefined,
): Promise<void> {
  const test = await store.connectors.findTest(id)
  const isTheirs =
    test !== undefined &&
    test.user === user &&
    test.connector.name === connector.name &&
    clock.now() < test.expiresAt
  if (isTheirs && (await store.connectors.beginTest(id))) return
  throw new GatewayError(
    'CONNECTOR_SIGN_IN_GONE',
    'this test was begun already, has ended, or is another person’s: sign in to Gatehouse in this browser as whoever began it, and begin a new one',
  )
}
