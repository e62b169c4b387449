/** @module Everybody who reaches an account, one permission set in it, or an application, with a picture of every way. */
import { Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { InsightSubject, WhoCanItem } from '../../api/contract.js'
import { whoCanQuery, whoCouldQuery } from '../api/insight.js'
import { NameField } from '../forms/NameField.js'
import { PairFields } from '../insight/PairFields.js'
import { WaysPicture } from '../insight/WaysPicture.js'
import { apiPaths, pagePaths, type WhoCanView } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function WhoCan() {
  const [search, setSearch] = useSearchParams()
  const view = {
    account: search.get('account') ?? undefined,
    permissionSet: search.get('permissionSet') ?? undefined,
    app: search.get('app') ?? undefined,
  }
  const isAsked = view.account !== undefined || view.app !== undefined
  return (
    <>
      <PageTitle
        title="Who can"
        lead="Everybody who reaches an account, a permission set or an application, and by which way."
      />
      <Question key={JSON.stringify(view)} view={view} onAsk={(next) => setSearch(toQuery(next))} />
      {isAsked ? (
        <Answer view={view} />
      ) : (
        <EmptyState title="Nothing is asked yet">
          Pick an account, with a permission set or without one, or an application.
        </EmptyState>
      )}
    </>
  )
}

function toQuery(view: WhoCanView): Record<string, string> {
  return Object.fromEntries(
    Object.entries(view).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, value]],
    ),
  )
}

function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`
}

function Question({ view, onAsk }: { view: WhoCanView; onAsk: (view: WhoCanView) => void }) {
  const [account, setAccount] = useState(view.account ?? '')
  const [permissionSet, setPermissionSet] = useState(view.permissionSet ?? '')
  const [app, setApp] = useState(view.app ?? '')
  const isBoth = account.trim() !== '' && app.trim() !== ''
  const isNone = account.trim() === '' && app.trim() === ''
  return (
    <form
      className="gh-panel gh-part"
      onSubmit={(event) => {
        event.preventDefault()
        if (isBoth || isNone) return
        onAsk(
          app.trim() === ''
            ? { account: account.trim(), permissionSet: permissionSet.trim() }
            : { app: app.trim() },
        )
      }}
    >
      <div className="gh-fields" style={{ alignItems: 'start' }}>
        <PairFields
          account={account}
          onAccount={setAccount}
          permissionSet={permissionSet}
          onPermissionSet={setPermissionSet}
        />
        <NameField
          kind="saml_idp_service_provider"
          label="Or an application"
          value={app}
          onChange={setApp}
          error={isBoth ? 'Ask about an account or about an application, not both.' : undefined}
        />
      </div>
      <Button type="submit" size="xs" mt="sm" disabled={isBoth || isNone}>
        Show who can
      </Button>
    </form>
  )
}

function Answer({ view }: { view: WhoCanView }) {
  const answer = useInfiniteQuery(whoCanQuery(view))
  if (answer.isPending) return <Skeleton h={220} role="status" aria-label="Looking for everybody" />
  if (answer.error) {
    return (
      <ErrorState
        error={answer.error}
        what="It could not be told who can"
        onRetry={() => void answer.refetch()}
      />
    )
  }
  const [first] = answer.data.pages
  if (first === undefined) return null
  const items = answer.data.pages.flatMap((page) => page.items)
  return (
    <Stack gap="lg" mt="lg">
      <Group justify="space-between" align="baseline">
        <Title order={2}>{countPeople(first.total)}</Title>
        {first.total > 0 ? (
          <Button component="a" href={apiPaths.whoCanCsv(view)} variant="default" size="xs" download>
            Download as CSV
          </Button>
        ) : null}
      </Group>
      {first.denied > 0 ? (
        <Text c="dimmed">A role denies it to {countPeople(first.denied)} who would have it.</Text>
      ) : null}
      {items.length === 0 ? (
        <EmptyState title="Nobody reaches it">
          No role, access list or request gives it to anybody now.
        </EmptyState>
      ) : null}
      {items.map((item) => (
        <Person key={item.user} item={item} subject={first.subject} />
      ))}
      {answer.hasNextPage ? (
        <Button
          variant="default"
          loading={answer.isFetchingNextPage}
          onClick={() => void answer.fetchNextPage()}
        >
          Show more people
        </Button>
      ) : null}
      {first.subject.app === undefined && first.subject.permissionSet === undefined ? null : (
        <Could view={view} />
      )}
    </Stack>
  )
}

function Person({ item, subject }: { item: WhoCanItem; subject: InsightSubject }) {
  const { user, known, locked, unclear, signIn, access, moreAccess = 0 } = item
  return (
    <section className="gh-panel gh-part" aria-label={user}>
      <Group gap="xs">
        <Title order={3} style={{ overflowWrap: 'anywhere' }}>
          {known ? (
            <Link to={pagePaths.user(user)} className="gh-row-link">
              {user}
            </Link>
          ) : (
            user
          )}
        </Title>
        {locked ? <Badge color="red">Locked: nothing of it counts now</Badge> : null}
        {known ? null : <Badge color="gray">In AWS alone, no user here</Badge>}
        {unclear ? <Badge color="yellow">Cannot be read in full</Badge> : null}
      </Group>
      {signIn === undefined || signIn.opens ? null : (
        <Text c="dimmed">Cannot sign in to it here: {signIn.says}</Text>
      )}
      {access.map((one, at) => (
        <WaysPicture key={at} user={user} subject={subject} access={one} signIn={signIn} />
      ))}
      {moreAccess > 0 ? <Text c="dimmed">and {formatCount(moreAccess, 'more permission set')}</Text> : null}
    </section>
  )
}

function Could({ view }: { view: WhoCanView }) {
  const [isOpen, setOpen] = useState(false)
  const answer = useQuery({ ...whoCouldQuery(view), enabled: isOpen })
  return (
    <section aria-label="Who may ask for it" className="gh-panel gh-part">
      <Title order={2}>Who may ask for it</Title>
      {isOpen ? null : (
        <Button variant="default" size="xs" mt="sm" onClick={() => setOpen(true)}>
          Show who may ask, and who approves
        </Button>
      )}
      {isOpen && answer.isPending ? <Skeleton h={60} role="status" aria-label="Looking for them" /> : null}
      {answer.error ? (
        <ErrorState
          error={answer.error}
          what="It could not be told who may ask"
          onRetry={() => void answer.refetch()}
        />
      ) : null}
      {answer.data ? (
        <ul>
          {answer.data.items.length === 0 ? <li>Nobody who does not have it may ask for it.</li> : null}
          {answer.data.items.map(({ user, reviewers, moreReviewers = 0 }) => (
            <li key={user} style={{ overflowWrap: 'anywhere' }}>
              <b>{user}</b>:{' '}
              {reviewers.length === 0 ? 'nobody can approve it now' : `approved by ${reviewers.join(', ')}`}
              {moreReviewers > 0 ? ` and ${moreReviewers} more` : ''}
            </li>
          ))}
          {answer.data.nextCursor === undefined ? null : (
            <li>There are more: gatehouse who-can --requestable.</li>
          )}
        </ul>
      ) : null}
    </section>
  )
}
