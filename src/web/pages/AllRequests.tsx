/** @module All requests that this person may see: their own, those that they may review, and all with the right to. */
import { RequestList } from '../access-requests/RequestList.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState } from '../ui/States.js'

export function AllRequests() {
  return (
    <>
      <PageTitle
        title="All requests"
        lead="Your own, and those of others that you may review or your roles let you read."
      />
      <RequestList
        of="all"
        empty={
          <EmptyState title="There is no request that you may see">
            Requests of others stand here if one of your roles lets you review them.
          </EmptyState>
        }
      />
    </>
  )
}
