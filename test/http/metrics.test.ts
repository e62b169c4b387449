import { expect, test } from 'vitest'
import { renderMetrics } from '../../src/http/metrics.js'

test('the end of the certificate that Gatehouse serves itself is told where there is one', async () => {
  const now = 1_000_000
  const of = async (tlsValidTo?: number) =>
    (await renderMetrics({ statuses: [], unreadable: [], tlsValidTo }, now)).text
  expect(await of(now + 90_000)).toContain('gatehouse_tls_certificate_seconds_left 90\n')
  expect(await of()).not.toContain('tls_certificate')
})
