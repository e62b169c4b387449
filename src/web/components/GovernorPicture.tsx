/** @module The call budget: for each service of AWS the pace against its limit, and the calls of the last half hour. */
import { Table, Text, Title } from '@mantine/core'
import type { SyncStatusAnswer } from '../../api/contract/identity-center.js'
import { niceCeiling } from '../ui/chart-span.js'
import { formatCount, formatWait } from '../ui/format.js'

type Governor = SyncStatusAnswer['governor']

const services: Readonly<Record<string, string>> = {
  identitystore: 'Identity store',
  'sso-admin': 'Identity Center',
  organizations: 'Organizations',
  sts: 'Credentials (STS)',
  iam: 'IAM',
  scim: 'SCIM',
}

export function GovernorPicture({ governor }: { governor: Governor }) {
  const { queue, secondsLeft, history } = governor
  const throttled = governor.services.reduce((sum, one) => sum + one.throttled, 0)
  return (
    <section aria-label="Calls to AWS">
      <Title order={2} mb="xs">
        Calls to AWS
      </Title>
      <div className="gh-panel gh-charts gh-governor">
        <div>
          <Text size="sm" role="status" mb={6}>
            {queue === 0
              ? 'No call waits.'
              : `${formatCount(queue, 'call')} wait${queue === 1 ? 's' : ''}${secondsLeft === undefined ? '' : `, about ${formatWait(secondsLeft)} to finish`}.`}{' '}
            {throttled === 0
              ? 'AWS slowed none down.'
              : `AWS said “slow down” to ${formatCount(throttled, 'call')}.`}
          </Text>
          <Text size="xs" c="dimmed" mb={4}>
            Each bar: how much of AWS&apos;s limit Gatehouse lets itself use now. It is less after AWS slowed
            calls down, and grows again.
          </Text>
          <ServiceBars services={governor.services} />
        </div>
        <History history={history} />
      </div>
    </section>
  )
}

function ServiceBars({ services: rows }: { services: Governor['services'] }) {
  return (
    <ul className="gh-budget" aria-label="Pace by service">
      {rows.map(({ service, rate, limit, calls, throttled, queue }) => (
        <li key={service}>
          <span className="gh-budget-name">{services[service] ?? service}</span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect width="100" height="6" className="gh-budget-room" />
            <rect width={share(rate, limit)} height="6" className="gh-bar-succeeded" />
          </svg>
          <span className="gh-budget-facts">
            up to {rate.toLocaleString('en', { maximumFractionDigits: 1 })} of the{' '}
            {limit.toLocaleString('en', { maximumFractionDigits: 1 })} calls a second that AWS allows;{' '}
            {formatCount(calls, 'call')} made
            {queue > 0 ? `, ${queue.toLocaleString('en')} wait` : ''}
            {throttled > 0 ? `, ${throttled.toLocaleString('en')} slowed down` : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(100, (part / whole) * 100)
}

const [width, height] = [300, 60]

/** Bars of minutes, throttled calls on top with stripes; the same numbers stand in a table. */
function History({ history }: Pick<Governor, 'history'>) {
  const top = niceCeiling(Math.max(0, ...history.map(({ calls }) => calls)))
  const step = width / Math.max(1, history.length)
  const total = history.reduce((sum, { calls }) => sum + calls, 0)
  const slowed = history.reduce((sum, { throttled }) => sum + throttled, 0)
  return (
    <div className="gh-bars">
      <div className="gh-chart-head">
        <Text size="sm" className="gh-legend">
          <span data-outcome="succeeded">{formatCount(total, 'call')}</span>
          <span data-outcome="failed">{slowed.toLocaleString('en')} slowed down</span>
        </Text>
      </div>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Calls of the last ${history.length} minutes: ${total}, of which ${slowed} slowed down`}
      >
        <defs>
          <pattern
            id="gh-slowed"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="gh-bar-failed" />
            <rect width="2" height="6" className="gh-bar-stripe" />
          </pattern>
        </defs>
        {history.map(({ calls, throttled }, at) => {
          const tall = top === 0 ? 0 : (calls / top) * (height - 2)
          const bad = top === 0 ? 0 : (Math.min(throttled, calls) / top) * (height - 2)
          return (
            <g key={at}>
              <rect
                x={at * step + 0.5}
                y={height - tall}
                width={Math.max(1, step - 1)}
                height={tall}
                className="gh-bar-succeeded"
              />
              <rect
                x={at * step + 0.5}
                y={height - tall}
                width={Math.max(1, step - 1)}
                height={bad}
                fill="url(#gh-slowed)"
              />
            </g>
          )
        })}
      </svg>
      <div className="gh-bars-axis" aria-hidden="true">
        <span>{history.length} minutes ago</span>
        <span>scale to {top.toLocaleString('en')}</span>
        <span>now</span>
      </div>
      <details className="gh-bars-table">
        <summary>As a table</summary>
        <div className="gh-bars-rows" tabIndex={0} role="region" aria-label="Calls by minute as a table">
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Minutes ago</Table.Th>
                <Table.Th scope="col">Calls</Table.Th>
                <Table.Th scope="col">Slowed down</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {history.map(({ calls, throttled }, at) =>
                calls === 0 ? null : (
                  <Table.Tr key={at}>
                    <Table.Td>{history.length - 1 - at}</Table.Td>
                    <Table.Td>{calls}</Table.Td>
                    <Table.Td>{throttled}</Table.Td>
                  </Table.Tr>
                ),
              )}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </div>
  )
}
