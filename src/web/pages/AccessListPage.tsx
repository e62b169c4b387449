/** @module One access list, as much of it as the person may see: who is in it, what it gives, its reviews, its document. */
import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { KindAnswer } from '../../api/contract.js'
import { ListView } from '../access-lists/ListView.js'
import { listDetailQuery } from '../api/access-lists.js'
import { isProblem } from '../api/client.js'
import { sessionQuery } from '../api/queries.js'
import { WithKind } from '../components/WithKind.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { emptyAccessList } from '../forms/access-list-fields.js'
import { AccessListForm } from '../forms/AccessListForm.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

const parent = { title: 'Access lists', to: pagePaths.accessLists() }
const form = (tools: FormTools) => <AccessListForm {...tools} />

export function AccessListPage() {
  const { name = 'new' } = useParams()
  const [search] = useSearchParams()
  if (name === 'new' && !search.has('existing')) {
    return <WithKind name="access_list">{(kind) => <NewAccessList kind={kind} />}</WithKind>
  }
  return <Existing key={name} name={name} />
}

function NewAccessList({ kind }: { kind: KindAnswer }) {
  const navigate = useNavigate()
  const me = useQuery(sessionQuery).data?.user?.name
  const mayCreate = useRight(rights.createAccessLists)
  if (!mayCreate) {
    return (
      <>
        <PageTitle title="New access list" parent={parent} />
        <EmptyState title="Your roles do not allow this">
          <Text>Administrators make access lists. Ask one of them for a list that you need.</Text>
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PageTitle
        title="New access list"
        parent={parent}
        lead="Members get what it grants. A list that grants access to AWS accounts becomes a group there."
      />
      <Workbench
        kind={kind}
        draftName="new"
        initial={emptyAccessList(me)}
        mustChange
        form={form}
        onSaved={([made]) => void navigate(made ? pagePaths.accessList(made.name) : pagePaths.accessLists())}
      />
    </>
  )
}

function Existing({ name }: { name: string }) {
  const list = useQuery(listDetailQuery(name))
  if (list.data) return <ListView detail={list.data} />
  if (list.isPending) return <Skeleton h={320} role="status" aria-label="Loading the access list" />
  return (
    <>
      <PageTitle title={name} parent={parent} />
      {isProblem(list.error, 'NOT_FOUND') ? (
        <EmptyState title={`There is no access list ${name} for you`}>
          <Text>
            It was deleted or renamed, or it concerns others: owners, members and those who could ask to join
            see a list.
          </Text>
        </EmptyState>
      ) : (
        <ErrorState
          error={list.error}
          what="The access list could not be read"
          onRetry={() => void list.refetch()}
        />
      )}
    </>
  )
}
