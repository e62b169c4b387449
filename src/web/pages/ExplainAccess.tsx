/** @module What one person reaches in an account, with a picture of every way, and what would give them the rest. */
import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { ExplainAccountAnswer } from '../../api/contract.js'
import { explainAccountQuery } from '../api/insight.js'
import { sessionQuery } from '../api/queries.js'
import { NameField } from '../forms/NameField.js'
import { PairFields } from '../insight/PairFields.js'
import { WaysPicture } from '../insight/WaysPicture.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function ExplainAccess() {
  const [search, setSearch] = useSearchParams()
  const me = useQuery(sessionQuery).data?.user?.name ?? ''
  const user = search.get('user') ?? me
  const account = search.get('account') ?? ''
  const permissionSet = search.get('permissionSet') ?? undefined
  return (
    <>
      <PageTitle
        title="Explain access"
        lead="What somebody reaches in an account, by which way, and what would give them the rest."
      />
      <Question
        key={JSON.stringify([user, account, permissionSet])}
        asked={{ user, account, permissionSet: permissionSet ?? '' }}
        onAsk={(asked) =>
          setSearch(Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')))
        }
      />
      {account === '' || user === '' ? (
        <EmptyState title="Nothing is asked yet">Pick a person and an account.</EmptyState>
      ) : (
        <Answer user={user} account={account} permissionSet={permissionSet} />
      )}
    </>
  )
}

interface Asked {
  readonly user: string
  readonly account: string
  readonly permissionSet: string
}

function Question({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const [user, setUser] = useState(asked.user)
  const [account, setAccount] = useState(asked.account)
  const [permissionSet, setPermissionSet] = useState(asked.permissionSet)
  const isComplete = user.trim() !== '' && account.trim() !== ''
  return (
    <form
      className="gh-panel gh-part"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isComplete) return
        onAsk({ user: user.trim(), account: account.trim(), permissionSet: permissionSet.trim() })
      }}
    >
      <div className="gh-fields" style={{ alignItems: 'start' }}>
        <NameField kind="user" label="Person" value={user} onChange={setUser} />
        <PairFields
          account={account}
          onAccount={setAccount}
          permissionSet={permissionSet}
          onPermissionSet={setPermissionSet}
        />
      </div>
      <Button type="submit" size="xs" mt="sm" disabled={!isComplete}>
        Explain
      </Button>
    </form>
  )
}

function Answer({
  user,
  account,
  permissionSet,
}: {
  user: string
  account: string
  permissionSet: string | undefined
}) {
  const asked = { user, account, ...(permissionSet !== undefined && { permissionSet }) }
  const answer = useQuery(explainAccountQuery(asked))
  if (answer.isPending) return <Skeleton h={220} role="status" aria-label="Loading the explanation" />
  if (answer.error) {
    return (
      <ErrorState
        error={answer.error}
        what="It could not be explained"
        onRetry={() => void answer.refetch()}
      />
    )
  }
  const { says, locked, unclear, signIn, access, moreAccess = 0, denied, subject, openings } = answer.data
  const { lockedRequests = [] } = answer.data
  return (
    <Stack gap="lg" mt="lg">
      <Title order={2} style={{ overflowWrap: 'anywhere' }}>
        {says}
      </Title>
      {locked ? <Alert color="red">A lock is in force: nothing of it counts for now.</Alert> : null}
      {unclear ? (
        <Alert color="yellow">Something of this person cannot be read, and may deny a part of it.</Alert>
      ) : null}
      {lockedRequests.map(({ request, says: told }) => (
        <Alert key={request} color="red" style={{ overflowWrap: 'anywhere' }}>
          {told}{' '}
          <Link to={pagePaths.accessRequest(request)} className="gh-row-link">
            Open the request
          </Link>
        </Alert>
      ))}
      {signIn === undefined || signIn.opens ? null : <Text>Cannot sign in to AWS here: {signIn.says}</Text>}
      {access.map((one, at) => (
        <section className="gh-panel gh-part" key={at} aria-label={one.permissionSet?.name ?? 'Access'}>
          <Title order={3}>{one.permissionSet?.name}</Title>
          <WaysPicture user={user} subject={subject} access={one} signIn={signIn} />
        </section>
      ))}
      {moreAccess > 0 ? <Text>and {moreAccess} more permission sets</Text> : null}
      {denied.length > 0 ? <Text>A role denies: {denied.join(', ')}.</Text> : null}
      <Openings openings={openings} />
    </Stack>
  )
}

function Openings({ openings }: { openings: ExplainAccountAnswer['openings'] }) {
  const { lists, moreLists = 0, roles, moreRoles = 0, requestable, moreRequestable = 0 } = openings
  if (lists.length + roles.length + requestable.length === 0) return null
  const given = ({ sets, moreSets = 0 }: { sets: string[]; moreSets?: number | undefined }) =>
    `gives ${sets.join(', ')}${moreSets > 0 ? ` and ${moreSets} more` : ''}`
  const left = moreLists + moreRoles + moreRequestable
  return (
    <section className="gh-panel gh-part" aria-label="What would give more">
      <Title order={2}>What would give more there</Title>
      <ul className="gh-reasons">
        {lists.map((list) => (
          <li key={`list ${list.name}`}>
            Join the access list{' '}
            <Link to={pagePaths.accessList(list.name)} className="gh-row-link">
              {list.title}
            </Link>
            : {given(list)}
          </li>
        ))}
        {requestable.map(({ permissionSet, reviewers, moreReviewers = 0 }) => (
          <li key={`request ${permissionSet.arn}`}>
            <Link to={pagePaths.requestAccess()} className="gh-row-link">
              Request {permissionSet.name}
            </Link>
            : {reviewers.length === 0 ? 'nobody can approve it now' : `approved by ${reviewers.join(', ')}`}
            {moreReviewers > 0 ? ` and ${moreReviewers} more` : ''}
          </li>
        ))}
        {roles.map((role) => (
          <li key={`role ${role.name}`}>
            Be given the role{' '}
            <Link to={pagePaths.role(role.name)} className="gh-row-link">
              {role.name}
            </Link>
            : {given(role)}
          </li>
        ))}
      </ul>
      {left > 0 ? <Text c="dimmed">and {left} more of the same sort</Text> : null}
    </section>
  )
}
