/** @module Accounts with who is assigned to what in AWS, as last seen, and why. Filters are in the URL. */
import { Alert, Badge, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { assignmentsQuery, type AssignmentsAnswer } from '../api/identity-center.js'
import { WithPlugin } from '../components/WithPlugin.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CopyText } from '../ui/CopyText.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon, WarningIcon } from '../ui/Icons.js'
import { groupRows } from '../ui/identity-center-words.js'
import { MoreRows } from '../ui/MoreRows.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

type Assignment = AssignmentsAnswer['items'][number]

const pauseMs = 300

export function IdentityCenterAccounts() {
  return (
    <>
      <PageTitle title="Accounts" lead="Who is assigned to what in AWS, as it was last read, and why." />
      <WithPlugin>{(plugin) => <Assignments plugin={plugin} />}</WithPlugin>
    </>
  )
}

function Assignments({ plugin }: { plugin: string }) {
  const [search, setSearch] = useSearchParams()
  const view = { account: search.get('account') ?? '', person: search.get('person') ?? '' }
  const list = useInfiniteQuery(assignmentsQuery(plugin, view))
  const change = (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  const filtered = view.account !== '' || view.person !== ''
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <>
      <div className="gh-list-tools">
        <Filter
          label="Account: part of name or ID"
          value={view.account}
          onChange={(value) => change('account', value)}
        />
        <Filter
          label="Person: name or part of it"
          value={view.person}
          onChange={(value) => change('person', value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {list.data ? formatCount(list.data.pages[0]?.total ?? rows.length, 'assignment') : ''}
        </Text>
      </div>
      {list.isPending ? (
        <Skeleton h={320} role="status" aria-label="Loading assignments" />
      ) : !list.data ? (
        <ErrorState
          error={list.error}
          what="The assignments could not be read"
          onRetry={() => void list.refetch()}
        />
      ) : rows.length === 0 ? (
        <EmptyState title={filtered ? 'Nothing matches' : 'No assignment yet'}>
          {filtered
            ? 'An account is found by part of its name or ID, a person by their user name or part of it.'
            : 'They appear here once AWS was read. The set-up begins with that.'}
        </EmptyState>
      ) : (
        <>
          {groupRows(rows, ({ account }) => account.id).map(({ key, rows: of }) => (
            <Account
              key={key}
              rows={of}
              onOnly={view.account === '' ? (id) => change('account', id) : undefined}
            />
          ))}
          <MoreRows list={list} />
        </>
      )}
    </>
  )
}

interface FilterProps {
  label: string
  value: string
  onChange: (value: string) => void
}

function Filter({ label, value, onChange }: FilterProps) {
  const [text, setText] = useState(value)
  const [last, setLast] = useState(value)
  const changed = useDebouncedCallback((next: string) => onChange(next.trim()), pauseMs)
  // The URL may change by a link, not only by typing.
  if (last !== value) {
    setLast(value)
    if (text.trim() !== value) setText(value)
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<SearchIcon />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        changed(event.currentTarget.value)
      }}
      style={{ flex: '0 1 260px' }}
      autoCapitalize="none"
      spellCheck={false}
    />
  )
}

function Account({
  rows,
  onOnly,
}: {
  rows: readonly Assignment[]
  onOnly: ((id: string) => void) | undefined
}) {
  const [first] = rows
  if (!first) return null
  const { account } = first
  return (
    <section className="gh-section" aria-label={`Account ${account.name}`}>
      <div className="gh-account-head">
        <h2>
          <BreakableName value={account.name} />
        </h2>
        <CopyText value={account.id} name="account ID" />
        {onOnly ? (
          <button type="button" className="gh-plain-button" onClick={() => onOnly(account.id)}>
            Only this account
          </button>
        ) : null}
        <Link to={pagePaths.whoCan({ account: account.id })} className="gh-row-link">
          Who can reach it
        </Link>
      </div>
      <ul className="gh-panel gh-rows" aria-label={`Assignments in ${account.name}`}>
        {groupRows(rows, ({ permissionSet }) => permissionSet.arn).map(({ key, rows: of }) => (
          <li key={key}>
            <div className="gh-account">
              <Text fw={500}>
                <BreakableName value={of[0]?.permissionSet.name ?? key} />
              </Text>
            </div>
            <ul className="gh-plain-list gh-principals">
              {of.map(({ principal, owned, reasons }) => (
                <li key={`${principal.kind} ${principal.awsId}`}>
                  <span title={principal.awsId}>
                    <PrincipalName principal={principal} />
                  </span>
                  <Badge color="gray" ml={6}>
                    {principal.kind === 'group' ? 'group' : 'person'}
                  </Badge>
                  {owned ? null : (
                    <Badge color="amber" ml={6}>
                      not ours
                    </Badge>
                  )}
                  <Text size="xs" c="dimmed">
                    {reasons.length > 0 ? reasons.join('; ') : 'Made in AWS; Gatehouse leaves it alone.'}
                  </Text>
                  {principal.user === undefined ? null : (
                    <Link
                      to={pagePaths.explainAccess({ user: principal.user, account: account.id })}
                      className="gh-row-link"
                      aria-label={`Explain what ${principal.user} has in ${account.name}`}
                    >
                      Explain
                    </Link>
                  )}
                  <GroupMembers principal={principal} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PrincipalName({ principal: { name, user, list } }: Pick<Assignment, 'principal'>) {
  const to =
    user !== undefined ? pagePaths.user(user) : list !== undefined ? pagePaths.accessList(list) : undefined
  if (to === undefined) return <BreakableName value={name} />
  return (
    <Link to={to} className="gh-row-link">
      <BreakableName value={name} />
    </Link>
  )
}

/** Who has it through this group; those whom the access list does not know are told first, and unfolded. */
function GroupMembers({
  principal: { kind, list, members = [], moreMembers = 0 },
}: Pick<Assignment, 'principal'>) {
  if (kind !== 'group') return null
  const beyond = members.filter((member) => member.beyond)
  const all = members.length + moreMembers
  return (
    <>
      {beyond.length > 0 ? (
        <Alert color="amber" icon={<WarningIcon />} p="xs" my={4} role="status">
          In the group in AWS and not in the access list {list}: {beyond.map(({ name }) => name).join(', ')}.
        </Alert>
      ) : null}
      {all === 0 ? (
        <Text size="xs" c="dimmed">
          Nobody is in this group.
        </Text>
      ) : (
        <details>
          <summary>{formatCount(all, 'member')}</summary>
          <ul className="gh-plain-list">
            {members.map(({ name, user }) => (
              <li key={name}>
                {user === undefined ? (
                  <BreakableName value={name} />
                ) : (
                  <Link to={pagePaths.user(user)} className="gh-row-link">
                    <BreakableName value={name} />
                  </Link>
                )}
              </li>
            ))}
            {moreMembers > 0 ? <li>and {moreMembers.toLocaleString('en')} more</li> : null}
          </ul>
        </details>
      )}
    </>
  )
}
