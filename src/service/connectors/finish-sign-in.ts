/**
 * @module The way back: an answer of an upstream that speaks OAuth meets what waits for it, the adapter verifies it, and
 * the sign-in is completed, or the test reported.
 */
import { callbackUrl } from '../../core/connector/callback.js'
import type { UpstreamIdentity } from '../../core/connector/identity.js'
import type { Session } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { noConnector } from './begin-sign-in.js'
import { openClientSecret } from './client-secret.js'
import { completeConnectorSignIn } from './complete-connector-sign-in.js'
import type { ConnectorDeps, ConnectorSignInDeps } from './deps.js'
import { leadingBack } from './lead-back.js'
import { takePending, type Taken } from './pending.js'
import { recordFailure } from './record-failure.js'
import { buildReport } from './test-report.js'

export interface FinishInput {
  readonly kind: 'oidc' | 'github'
  readonly name: string
  readonly query: string
  readonly browser: string | undefined
  readonly previousToken: string | undefined
}

export type Finished =
  | { readonly status: 'signed_in'; readonly token: string; readonly session: Session; readonly next: string }
  | { readonly status: 'tested'; readonly connector: string; readonly test: string }

/** @throws GatewayError `CONNECTOR_SIGN_IN_GONE`, `CONNECTOR_FAILED`, `CONNECTOR_REFUSED`, `LOCKED`; the last three not of a test. */
export async function finishSignIn(
  deps: ConnectorDeps,
  { kind, name, query, browser, previousToken }: FinishInput,
  origin: RequestOrigin,
): Promise<Finished> {
  const connector = { kind, name }
  const states = new URLSearchParams(query).getAll('state')
  const state = states.length === 1 ? states[0] : undefined
  const taken = await takePending(deps, { connector, state, browser })
  return await leadingBack(taken.next, () =>
    finishTaken(deps, connector, { ...taken, state: state ?? '', query }, previousToken, origin),
  )
}

async function finishTaken(
  deps: ConnectorDeps,
  connector: Pick<FinishInput, 'kind' | 'name'>,
  taken: Taken & { readonly state: string; readonly query: string },
  previousToken: string | undefined,
  origin: RequestOrigin,
): Promise<Finished> {
  let identity: UpstreamIdentity
  const user = await testerOf(deps, taken)
  try {
    identity = await askUpstream(deps, await deps.catalog.read(), connector, taken)
  } catch (error) {
    await recordFailure(deps, connector, error, { test: taken.test, user }, origin)
    if (taken.test !== undefined) return { status: 'tested', connector: connector.name, test: taken.test }
    throw error
  }
  return await conclude(deps, identity, taken, previousToken, origin)
}

/** Completes a verified answer, of any protocol, in the way in which its sign-in was begun. */
export async function conclude(
  deps: ConnectorSignInDeps,
  identity: UpstreamIdentity,
  taken: Pick<Taken, 'next' | 'test'>,
  previousToken: string | undefined,
  origin: RequestOrigin,
): Promise<Finished> {
  const { test, next = '/' } = taken
  const by = await testerOf(deps, taken)
  const options = test === undefined ? { previousToken } : { test: { by: by ?? '' } }
  const result = await completeConnectorSignIn(deps, identity, origin, options)
  if (result.status === 'signed_in') return { ...result, next }
  const report = buildReport(identity, result.judgement, await deps.catalog.read())
  await deps.store.connectors.finishTest(test ?? '', JSON.stringify(report))
  return { status: 'tested', connector: identity.connector.name, test: test ?? '' }
}

/** Who began the test that a sign-in belongs to. */
export async function testerOf(
  { store }: ConnectorSignInDeps,
  { test }: Pick<Taken, 'test'>,
): Promise<string | undefined> {
  return test === undefined ? undefined : (await store.connectors.findTest(test))?.user
}

async function askUpstream(
  deps: ConnectorDeps,
  catalog: CatalogView,
  { kind, name }: Pick<FinishInput, 'kind' | 'name'>,
  taken: Taken & { readonly state: string; readonly query: string },
): Promise<UpstreamIdentity> {
  const answer = {
    clientSecret: await openClientSecret(deps.store.notes, deps.sealer, { kind, name }),
    redirectUrl: callbackUrl(deps.publicUrl, { kind, name }),
    state: taken.state,
    query: taken.query,
    secrets: taken.secrets,
    askedAt: taken.createdAt,
    reauthenticates: taken.reauthenticates,
  }
  const { upstreams } = deps
  if (kind === 'oidc') {
    const connector = catalog.oidcConnector(name)
    if (connector === undefined) throw noConnector(name)
    return await upstreams.oidc.finish(connector, answer)
  }
  const connector = catalog.githubConnector(name)
  if (connector === undefined) throw noConnector(name)
  return await upstreams.github.finish(connector, answer)
}
