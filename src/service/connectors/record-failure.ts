/** @module What went wrong at an upstream, for the log; and for whoever tests the connector. */
import { isCode } from '../../core/error.js'
import type { Connector } from '../../core/connector/connector.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { ConnectorSignInDeps } from './deps.js'
import { failedReport } from './test-report.js'

/** Records it where it is the upstream's failure; other errors are nobody's sign-in. */
export async function recordFailure(
  deps: ConnectorSignInDeps,
  { kind, name }: Pick<Connector, 'kind' | 'name'>,
  error: unknown,
  of: { readonly test: string | undefined; readonly user: string | undefined },
  origin: RequestOrigin,
): Promise<void> {
  if (!isCode(error, 'CONNECTOR_FAILED')) return
  const { why } = error.details
  const message = typeof why === 'string' ? why : error.message
  const fields = { method: kind, connector: name, error: error.message, message }
  const { test, user } = of
  await deps.store.transaction(async (tx) => {
    if (test === undefined) {
      await record(deps, tx, { event: 'user.login', variant: 'connector', success: false, fields }, origin)
      return
    }
    await tx.connectors.finishTest(test, JSON.stringify(failedReport(message)))
    const facts = { event: 'user.login', variant: 'connector_test', success: false, user } as const
    await record(deps, tx, { ...facts, fields: { ...fields, test: true } }, origin)
  })
}
