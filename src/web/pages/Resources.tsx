/** @module Resources: the applications this person may open, and why not where they may not. */
import { Button, Skeleton, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { Link } from 'react-router'
import { appsQuery } from '../api/queries.js'
import { AwsLinks } from '../components/AwsLinks.js'
import { ResourceTile } from '../components/ResourceTile.js'
import { pagePaths } from '../path-builder.js'
import { SearchIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

const searchFrom = 6

export function Resources() {
  return (
    <>
      <PageTitle
        title="Resources"
        lead="What you can sign in to with your roles."
        actions={
          <Button component={Link} to={pagePaths.requestAccess()} variant="default">
            Request access
          </Button>
        }
      />
      <Tiles />
      <AwsLinks />
    </>
  )
}

function Tiles() {
  const apps = useQuery(appsQuery)
  const [search, setSearch] = useSearchParams()
  const text = search.get('q') ?? ''
  if (apps.isPending) {
    return (
      <div className="gh-tiles" role="status" aria-label="Loading resources">
        <Skeleton h={180} />
        <Skeleton h={180} />
      </div>
    )
  }
  if (apps.error) {
    return (
      <ErrorState
        error={apps.error}
        what="Your resources could not be read"
        onRetry={() => void apps.refetch()}
      />
    )
  }
  if (apps.data.length === 0) {
    return (
      <EmptyState
        title="No resources yet"
        action={
          <Button component={Link} to={pagePaths.settings()} variant="default" mt="xs">
            See your roles
          </Button>
        }
      >
        Applications that take your sign-in appear here, such as the AWS access portal under the name
        aws-identity-center. An administrator connects one by creating a saml_idp_service_provider resource.
      </EmptyState>
    )
  }
  const wanted = text.trim().toLowerCase()
  const shown = apps.data.filter(({ title, name, description, labels }) =>
    [title, name, description, ...Object.entries(labels).flat()].join(' ').toLowerCase().includes(wanted),
  )
  return (
    <>
      {apps.data.length > searchFrom ? (
        <TextInput
          aria-label="Search resources"
          placeholder="Search name, description or label"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            const q = event.currentTarget.value
            setSearch(q === '' ? {} : { q }, { replace: true })
          }}
          maw={360}
          mb="md"
        />
      ) : null}
      <ul className="gh-tiles" aria-label="Resources">
        {shown.map((app) => (
          <li key={app.name}>
            <ResourceTile app={app} />
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <Text role="status">No resource matches “{text}”.</Text> : null}
    </>
  )
}
