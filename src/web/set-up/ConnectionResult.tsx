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

interface ConnectionResultProps {
  answer: ConnectionTestAnswer
  /** Parts beyond the base that were asked for; what is refused of the others is as it should be. */
  chosen: readonly string[]
}

export function ConnectionResult({ answer, chosen }: ConnectionResultProps) {
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
      {permissions.length > 0 ? <Permissions permissions={permissions} chosen={chosen} /> : null}
    </Stack>
  )
}

type Chosen = Pick<ConnectionResultProps, 'chosen'>

function Permissions({ permissions, chosen }: Pick<ConnectionTestAnswer, 'permissions'> & Chosen) {
  const refused = permissions.filter((one) => isRefused(one, chosen))
  const others = permissions.filter((one) => !isRefused(one, chosen)).sort((a, b) => rank(a) - rank(b))
  const count = (verdict: Permission['verdict']) => others.filter((one) => one.verdict === verdict).length
  const [allowed, untried, unasked] = [count('allowed'), count('unknown'), count('denied')]
  return (
    <section aria-label="Permissions">
      {refused.length > 0 ? (
        <PermissionTable permissions={refused} chosen={chosen} label="Actions that are not allowed" />
      ) : null}
      {others.length > 0 ? (
        <details className="gh-guide">
          <summary>
            {allowed === 1 ? '1 action is allowed' : `${allowed} actions are allowed`}
            {untried > 0 ? `, ${untried} cannot be tried` : ''}
            {unasked > 0 ? `, ${unasked} not asked for` : ''}
          </summary>
          <PermissionTable permissions={others} chosen={chosen} label="Other actions" />
        </details>
      ) : null}
    </section>
  )
}

function isRefused({ verdict, block }: Permission, chosen: readonly string[]): boolean {
  return verdict === 'denied' && (block === 'base' || chosen.includes(block))
}

/** What nobody asked for last. */
function rank({ verdict }: Permission): number {
  return verdict === 'denied' ? 1 : 0
}

interface PermissionTableProps extends Chosen {
  permissions: readonly Permission[]
  label: string
}

function PermissionTable({ permissions, chosen, label }: PermissionTableProps) {
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
                    <BreakableName value={action} hasHumps />
                  </code>
                </Table.Td>
                <Table.Td>
                  <Verdict {...permission} chosen={chosen} />
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

function Verdict({ chosen, ...permission }: Permission & Chosen) {
  const { verdict } = permission
  if (verdict === 'unknown') return <span className="gh-outcome">not tried</span>
  if (verdict === 'denied' && !isRefused(permission, chosen)) {
    return (
      <Text span c="dimmed" size="sm">
        not asked for
      </Text>
    )
  }
  return (
    <span className="gh-outcome" data-success={verdict === 'allowed'}>
      {verdict === 'allowed' ? <CheckIcon /> : <CrossIcon />}
      {verdict === 'allowed' ? 'Allowed' : 'Refused'}
    </span>
  )
}
