/** @module What a test of the connection found: whose credentials, which instance, and each permission with its use. */
import { Alert, List, Stack, Table, Text } from '@mantine/core'
import type { ConnectionTestAnswer } from '../../api/contract/identity-center.js'
import { CopyText } from '../ui/CopyText.js'
import { startUpper } from '../ui/format.js'
import { CheckIcon, CrossIcon, InfoIcon, WarningIcon } from '../ui/Icons.js'

type Permission = ConnectionTestAnswer['permissions'][number]

const standings = {
  management_account: 'the management account',
  delegated_administrator: 'a delegated administrator account',
  unknown: 'an account whose standing could not be told',
} as const
const rank: Readonly<Record<Permission['verdict'], number>> = { denied: 0, unknown: 1, allowed: 2 }

export function ConnectionResult({ answer }: { answer: ConnectionTestAnswer }) {
  const { ok, says, instance, limits, permissions } = answer
  return (
    <Stack gap="md">
      <Alert
        color={ok ? 'green' : 'red'}
        icon={ok ? <CheckIcon /> : <WarningIcon />}
        role={ok ? 'status' : 'alert'}
        title={ok ? 'Connected' : 'Not connected'}
      >
        {says}
      </Alert>
      {instance ? (
        <dl className="gh-facts">
          <dt>Called as</dt>
          <dd>
            <CopyText value={instance.callerArn} name="caller" />
            <Text size="sm" c="dimmed">
              {startUpper(standings[instance.standing])}, {instance.callerAccountId}
            </Text>
          </dd>
          <dt>Identity store</dt>
          <dd>
            <CopyText value={instance.identityStoreId} name="identity store" />
          </dd>
          <dt>Instance</dt>
          <dd>
            {instance.status}, owned by {instance.ownerAccountId}
          </dd>
        </dl>
      ) : null}
      {limits.length > 0 ? (
        <Alert icon={<InfoIcon />} role="note" title="What AWS does not allow from there">
          <List>
            {limits.map((limit) => (
              <List.Item key={limit}>{limit}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {permissions.length > 0 ? <Permissions permissions={permissions} /> : null}
    </Stack>
  )
}

function Permissions({ permissions }: Pick<ConnectionTestAnswer, 'permissions'>) {
  const sorted = [...permissions].sort((a, b) => rank[a.verdict] - rank[b.verdict])
  return (
    <div className="gh-table-frame" tabIndex={0} role="region" aria-label="Permissions">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Action</Table.Th>
            <Table.Th scope="col">Verdict</Table.Th>
            <Table.Th scope="col">What it is for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map(({ action, block, verdict, says }) => (
            <Table.Tr key={`${block} ${action}`}>
              <Table.Td>
                <code style={{ overflowWrap: 'anywhere' }}>{action}</code>
              </Table.Td>
              <Table.Td>
                <Verdict verdict={verdict} />
              </Table.Td>
              <Table.Td>
                {says}
                {block === 'base' ? null : (
                  <Text size="xs" c="dimmed">
                    {block.replaceAll('_', ' ')}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Verdict({ verdict }: Pick<Permission, 'verdict'>) {
  if (verdict === 'unknown') return <span className="gh-outcome">not tried</span>
  return (
    <span className="gh-outcome" data-success={verdict === 'allowed'}>
      {verdict === 'allowed' ? <CheckIcon /> : <CrossIcon />}
      {verdict === 'allowed' ? 'Allowed' : 'Refused'}
    </span>
  )
}
