/**
 * @module Tests of connectors: begun by somebody who may change the connector, carried out in a browser in which the same
 * person is signed in, read by them alone, gone after ten minutes.
 */
import { GatewayError } from '../../core/error.js'
import { minute } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'
import { assertMayOnResource } from '../resources/may.js'
import type { Kinds } from '../resources/kind.js'
import { shownDocument } from '../resources/present.js'
import { noConnector } from './begin-sign-in.js'
import type { ConnectorTestReport } from './test-report.js'

export interface TestDeps extends Pick<ServiceContext, 'store' | 'clock' | 'random'> {
  readonly catalog: Catalog
  readonly kinds: Kinds
}

const testMs = 10 * minute

/**
 * Answers the id of a test that waits for its browser.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN`.
 */
export async function startTest(deps: TestDeps, name: string, authority: Authority): Promise<string> {
  const catalog = await deps.catalog.read()
  const connector = catalog.connector(name)
  if (connector === undefined) throw noConnector(name)
  const kind = deps.kinds.find(connector.kind)
  const parsed = catalog.parsed(connector.kind).get(name)
  const document = kind && parsed && shownDocument(kind, parsed, catalog)
  assertMayOnResource(authority, { resource: connector.kind, verb: 'update' }, name, document)
  const id = deps.random.uuid()
  await deps.store.connectors.createTest({
    id,
    connector: { kind: connector.kind, name },
    user: authority.name,
    state: 'open',
    result: undefined,
    expiresAt: deps.clock.now() + testMs,
  })
  return id
}

export type TestView =
  { readonly state: 'open' | 'begun' } | { readonly state: 'done'; readonly report: ConnectorTestReport }

/** @throws GatewayError `NOT_FOUND` for a test that is over or another person's. */
export async function getTest(
  deps: Pick<TestDeps, 'store' | 'clock'>,
  { name, id }: { readonly name: string; readonly id: string },
  { name: user }: Authority,
): Promise<TestView> {
  const test = await deps.store.connectors.findTest(id)
  if (test?.user !== user || test.connector.name !== name || test.expiresAt <= deps.clock.now()) {
    throw new GatewayError('NOT_FOUND', 'there is no such test of yours, or it is over; begin a new one')
  }
  if (test.state !== 'done' || test.result === undefined) {
    return { state: test.state === 'done' ? 'begun' : test.state }
  }
  // Written by this folder alone.
  return { state: 'done', report: JSON.parse(test.result) as ConnectorTestReport }
}
