/** @module What a list is in AWS: its group in each Identity Center, what that may open, and what is about to change. */
import { Alert, Badge, Button, Group, List, Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { ListDetail, ListInAws } from '../../api/contract/access-lists.js'
import { listInAwsQuery } from '../api/access-lists.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import type { BadgeWords } from '../ui/access-list-words.js'
import { CopyText } from '../ui/CopyText.js'
import { WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'

type GroupInAws = ListInAws['groups'][number]
type Assignment = GroupInAws['assignments'][number]

const states: Readonly<Record<GroupInAws['state'], BadgeWords>> = {
  synced: { text: 'as it should be', color: 'green' },
  waiting: { text: 'about to change', color: 'petrol' },
  held: { text: 'waits for a person', color: 'amber' },
  failed: { text: 'failing', color: 'red' },
  paused: { text: 'paused', color: 'gray' },
  none: { text: 'not read yet', color: 'gray' },
}
const accountsShown = 100

export function InAws({ detail: { name, inAws, review } }: { detail: ListDetail }) {
  const aws = useQuery(listInAwsQuery(name))
  if (aws.isPending) return <Skeleton h={200} role="status" aria-label="Loading access in AWS" />
  if (!aws.data) {
    return (
      <ErrorState
        error={aws.error}
        what="Its access in AWS could not be read"
        onRetry={() => void aws.refetch()}
      />
    )
  }
  if (aws.data.groups.length === 0) {
    return (
      <EmptyState title="It is no group in AWS">
        {inAws
          ? 'It reaches accounts, and no Identity Center is connected that has them. It becomes a group with the first sync.'
          : 'A list that grants a permission set in an account becomes a group in Identity Center, with everyone in it.'}
      </EmptyState>
    )
  }
  return (
    <>
      {review.inForce === 'grants_removed' ? (
        <Alert color="red" icon={<WarningIcon />} mb="sm" p="sm">
          The list gives nothing until it is reviewed: its group stands there without access.
        </Alert>
      ) : null}
      {aws.data.groups.map((group) => (
        <OneGroup key={group.plugin} group={group} />
      ))}
    </>
  )
}

function OneGroup({ group }: { group: GroupInAws }) {
  const { plugin, groupId, displayName, state, says, members, seenAt, assignments, planned } = group
  const mayPlan = useRight(rights.listPlugins)
  const badge = states[state]
  return (
    <section className="gh-panel gh-part gh-bottom" aria-label={`Group ${displayName} in ${plugin}`}>
      <div className="gh-part-head">
        <Title order={2} style={{ overflowWrap: 'anywhere' }}>
          {displayName}
        </Title>
        <Badge color={badge.color}>{badge.text}</Badge>
      </div>
      <Text mb="sm">{says}</Text>
      <dl className="gh-facts">
        <dt>Members there</dt>
        <dd>{members.toLocaleString('en')}</dd>
        <dt>Identity Center</dt>
        <dd>{plugin}</dd>
        {groupId ? (
          <>
            <dt>Group ID</dt>
            <dd>
              <CopyText value={groupId} name="group ID" />
            </dd>
          </>
        ) : null}
        {seenAt ? (
          <>
            <dt>Last read</dt>
            <dd>
              <RelativeTime at={seenAt} />
            </dd>
          </>
        ) : null}
      </dl>
      {planned.length > 0 ? (
        <>
          <Title order={3} mt="md" mb={4}>
            About to change
          </Title>
          <List spacing={3}>
            {planned.map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </>
      ) : null}
      {mayPlan ? (
        <Text mt="xs">
          <Link to={pagePaths.identityCenterPlan({ plugin })} className="gh-row-link">
            See the whole plan
          </Link>
        </Text>
      ) : null}
      <Title order={3} mt="md" mb={6}>
        What it opens
      </Title>
      <Assignments assignments={assignments} />
    </section>
  )
}

const signs: Readonly<Record<Assignment['state'], { sign: string; says: string }>> = {
  there: { sign: '', says: '' },
  to_come: { sign: '+ ', says: 'is about to come' },
  to_go: { sign: '− ', says: 'is about to go' },
}

function Assignments({ assignments }: { assignments: readonly Assignment[] }) {
  const [all, setAll] = useState(false)
  if (assignments.length === 0) return <Text c="dimmed">No account.</Text>
  const byAccount = new Map<string, Assignment[]>()
  for (const one of assignments) byAccount.set(one.accountId, [...(byAccount.get(one.accountId) ?? []), one])
  const accounts = [...byAccount.values()]
  return (
    <>
      <ul className="gh-rows gh-held" aria-label="Accounts">
        {accounts.slice(0, all ? undefined : accountsShown).map((sets) => (
          <li key={sets[0]?.accountId} className="gh-wrap">
            <div className="gh-account">
              {sets[0]?.accountName}
              <Text size="xs" c="dimmed">
                {sets[0]?.accountId}
              </Text>
            </div>
            <div className="gh-sets">
              {sets.map(({ permissionSet, state }) => (
                <span key={permissionSet} className="gh-set" data-state={state}>
                  {signs[state].sign}
                  {permissionSet}
                  {signs[state].says ? <span className="gh-hidden"> {signs[state].says}</span> : null}
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {!all && accounts.length > accountsShown ? (
        <Group>
          <Button variant="default" size="xs" onClick={() => setAll(true)}>
            Show all {formatCount(accounts.length, 'account')}
          </Button>
        </Group>
      ) : null}
    </>
  )
}
