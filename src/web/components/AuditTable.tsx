/** @module Audit events as rows: what happened in a sentence, by whom, when, and whether it succeeded. */
import { Button, Table, Text } from '@mantine/core'
import type { StoredEvent } from '../ui/audit-view.js'
import { describeEvent } from '../../core/audit/describe.js'
import { BreakableName } from '../ui/BreakableName.js'
import { Outcome } from '../ui/Outcome.js'
import { RelativeTime } from '../ui/RelativeTime.js'

interface AuditTableProps {
  events: readonly StoredEvent[]
  onOpen: (uid: string) => void
}

export function AuditTable({ events, onOpen }: AuditTableProps) {
  return (
    <div className="gh-panel gh-table-frame gh-row-fixed">
      <Table highlightOnHover verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" visibleFrom="lg" w={124}>
              Time
            </Table.Th>
            <Table.Th scope="col" visibleFrom="lg" w={110}>
              Outcome
            </Table.Th>
            <Table.Th scope="col">What happened</Table.Th>
            <Table.Th scope="col" visibleFrom="lg" w={190}>
              Event
            </Table.Th>
            <Table.Th scope="col" visibleFrom="lg" w={176}>
              User
            </Table.Th>
            <Table.Th scope="col" w={92}>
              Details
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ sequence, event }) => (
            <Table.Tr key={sequence}>
              <Table.Td visibleFrom="lg">
                <RelativeTime at={event.time} />
              </Table.Td>
              <Table.Td visibleFrom="lg">
                <Outcome success={event.success} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {describeEvent(event)}
                <Text component="div" size="xs" c="dimmed" className="gh-row-details">
                  <Outcome success={event.success} />
                  <RelativeTime at={event.time} />
                  <span>{event.code}</span>
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="lg">
                <Text size="xs" ff="monospace">
                  <BreakableName value={event.event} />
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {event.code}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="lg">
                {typeof event['user'] === 'string' ? <BreakableName value={event['user']} /> : '–'}
              </Table.Td>
              <Table.Td>
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => onOpen(event.uid)}
                  aria-label={`Details of ${event.event}, number ${sequence}`}
                >
                  Details
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
