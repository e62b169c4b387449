/** @module What a test of the connection found: whose credentials, which instance, and each permission with its use. */
import { Alert, List, Stack, Table, Text } from '@mantine/core'
import type { ConnectionTestAnswer } from '../../api/contract/identity-center.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CopyText } from '../ui/CopyText.js'
import { sayInPage } from '../ui/field-labels.js'
import { startUpper } from '../ui/format.js'
import { CheckIcon, CrossIcon, InfoIcon, WarningIcon } from '../ui/Icons.js'
import { purposeOf } from '../ui/permission-words.js'

type Permission = ConnectionTestAnswer['permissions'][number]

const standings = {
  management_account: 'the management account',
  delegated_administrator: 'a delegated administrator account',
  unknown: 'an account whose standing could not be told',
} as const

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
        {sayInPage(says)}
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
  const sorted = [...permissions].sort((a, b) => rank(a) - rank(b))
  const refused = sorted.filter(({ verdict }) => verdict === 'denied')
  const others = sorted.filter(({ verdict }) => verdict !== 'denied')
  const allowed = others.filter(({ verdict }) => verdict === 'allowed').length
  const untried = others.length - allowed
  return (
    <section aria-label="Permissions">
      {refused.length > 0 ? (
        <PermissionTable permissions={refused} label="Actions that are not allowed" />
      ) : null}
      {others.length > 0 ? (
        <details className="gh-guide">
          <summary>
            {allowed === 1 ? '1 action is allowed' : `${allowed} actions are allowed`}
            {untried > 0 ? `, ${untried} cannot be tried` : ''}
          </summary>
          <PermissionTable permissions={others} label="Actions that are allowed or cannot be tried" />
        </details>
      ) : null}
    </section>
  )
}

/** What the base lacks first, then what could not be tried, then what nobody asked for. */
function rank({ verdict, block }: Permission): number {
  if (verdict === 'denied') return block === 'base' ? 0 : 2
  return 1
}

function PermissionTable({ permissions, label }: { permissions: readonly Permission[]; label: string }) {
  return (
    <div className="gh-table-frame" tabIndex={0} role="region" aria-label={label}>
      <Table verticalSpacing={6} className="gh-stacked-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Action</Table.Th>
            <Table.Th scope="col">Verdict</Table.Th>
            <Table.Th scope="col">What it is for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.map((permission) => {
            const { action, block, verdict, says } = permission
            const purpose = purposeOf(action)
            return (
              <Table.Tr key={`${block} ${action}`}>
                <Table.Td miw={260}>
                  <code>
                    <BreakableName value={action} />
                  </code>
                </Table.Td>
                <Table.Td>
                  <Verdict {...permission} />
                </Table.Td>
                <Table.Td>
                  {purpose ?? (verdict === 'allowed' ? 'Allowed.' : says)}
                  {purpose !== undefined && verdict !== 'allowed' ? (
                    <Text size="xs" c="dimmed">
                      {says}
                    </Text>
                  ) : null}
                  {block === 'base' ? null : (
                    <Text size="xs" c="dimmed">
                      Option “{blockTitles[block] ?? block.replaceAll('_', ' ')}”
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </div>
  )
}

const blockTitles: Readonly<Record<string, string>> = {
  management_account: 'Assignments in the management account',
  ous_and_tags: 'Organisational units and tags',
  delegated_administrator: 'Delegated administrator account',
}

function Verdict({ verdict, block }: Permission) {
  if (verdict === 'unknown') return <span className="gh-outcome">not tried</span>
  if (verdict === 'denied' && block !== 'base') {
    return <span className="gh-outcome">not given (optional)</span>
  }
  return (
    <span className="gh-outcome" data-success={verdict === 'allowed'}>
      {verdict === 'allowed' ? <CheckIcon /> : <CrossIcon />}
      {verdict === 'allowed' ? 'Allowed' : 'Refused'}
    </span>
  )
}
