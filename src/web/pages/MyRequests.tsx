/** @module My requests: what this person asked for, how it stands, and how long it lasts. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { RequestList } from '../access-requests/RequestList.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState } from '../ui/States.js'

export function MyRequests() {
  const ask = (
    <Button component={Link} to={pagePaths.requestAccess()}>
      Request access
    </Button>
  )
  return (
    <>
      <PageTitle title="My requests" lead="What you asked for, and until when you have it." actions={ask} />
      <RequestList
        of="mine"
        empty={
          <EmptyState title="You have asked for nothing yet" action={ask}>
            Access that you need for hours or days is asked for here, and ends by itself.
          </EmptyState>
        }
      />
    </>
  )
}
