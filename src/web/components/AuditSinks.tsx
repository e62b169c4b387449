/** @module Where the audit log goes besides the database: each sink with what it lacks and why. Nothing without one. */
import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AuditSinkItem } from '../../api/contract.js'
import { auditSinksQuery } from '../api/audit-news.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState } from '../ui/States.js'

export function AuditSinks() {
  const sinks = useQuery(auditSinksQuery)
  if (sinks.isPending) return null
  if (!sinks.data) {
    return (
      <ErrorState
        error={sinks.error}
        what="The state of the audit sinks could not be read"
        onRetry={() => void sinks.refetch()}
      />
    )
  }
  const { items } = sinks.data
  if (items.length === 0) return null
  const failing = items.filter(({ state }) => state === 'failing')
  return (
    <details className="gh-panel gh-audit-sinks" open={failing.length > 0}>
      <summary>
        Sent on to {formatCount(items.length, 'sink')}
        {failing.length === 0 ? '' : `, of which ${failing.length} take nothing`}
      </summary>
      <div className="gh-table-frame">
        <Table verticalSpacing={7} aria-label="Sinks of the audit log">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Sink</Table.Th>
              <Table.Th scope="col">State</Table.Th>
              <Table.Th scope="col">Has taken</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={item.key}>
                <Table.Th scope="row" fw={400}>
                  <BreakableName value={item.key} />
                  <Text component="div" size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {item.type}
                    {item.target === undefined ? '' : `, ${item.target}`}
                  </Text>
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <SinkState item={item} />
                </Table.Td>
                <Table.Td>
                  {item.lagEvents === 0
                    ? `everything, up to event ${item.sequence.toLocaleString('en')}`
                    : `all but ${formatCount(item.lagEvents, 'event')}`}
                  {item.deliveredAt === undefined ? null : (
                    <Text component="div" size="xs" c="dimmed">
                      last <RelativeTime at={item.deliveredAt} />
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  )
}

function SinkState({ item }: { item: AuditSinkItem }) {
  switch (item.state) {
    case 'ok':
      return <>{item.lagEvents === 0 ? 'Up to date' : 'Catching up'}</>
    case 'unused':
      return <>In no configuration any more; gatehouse audit sinks rm {item.key} forgets it</>
    case 'failing':
      return (
        <>
          Takes nothing: {item.error}
          {item.nextAttemptAt === undefined ? null : (
            <Text component="div" size="xs" c="dimmed">
              since <RelativeTime at={item.failingSince ?? item.nextAttemptAt} />, tried again at most a
              minute apart
            </Text>
          )}
        </>
      )
  }
}
