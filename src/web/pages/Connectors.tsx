/** @module Connectors: the identity providers through which people sign in. */
import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { connectorsQuery, startConnectorTest } from '../api/connectors.js'
import { directoryKinds, heldChangesQuery } from '../api/directories.js'
import { useRight } from '../api/session.js'
import { LoadingPage } from '../components/LoadingPage.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'

export function Connectors() {
  const connectors = useQuery(connectorsQuery)
  const mayOidc = useRight('oidc:create')
  const mayGithub = useRight('github:create')
  const maySaml = useRight('saml:create')
  const actions = (
    <Group gap="xs">
      {mayOidc ? (
        <Button component={Link} to={pagePaths.newConnector('oidc')}>
          New OIDC connector
        </Button>
      ) : null}
      {maySaml ? (
        <Button component={Link} to={pagePaths.newSamlConnector()} variant="default">
          New SAML connector
        </Button>
      ) : null}
      {mayGithub ? (
        <Button component={Link} to={pagePaths.newConnector('github')} variant="default">
          New GitHub connector
        </Button>
      ) : null}
    </Group>
  )
  if (connectors.isPending) return <LoadingPage />
  return (
    <>
      <PageTitle
        title="Connectors"
        lead="Identity providers through which people sign in. What they say of a person gives roles; a name belongs to the connector that made it."
        actions={actions}
      />
      {connectors.isError ? (
        <ErrorState
          error={connectors.error}
          what="The connectors could not be read"
          onRetry={() => void connectors.refetch()}
        />
      ) : connectors.data.length === 0 ? (
        <EmptyState title="No connector yet">
          People sign in with a password here. With a connector they come from Okta, Entra ID, Google, GitHub
          or any other provider that speaks OpenID Connect or SAML.
        </EmptyState>
      ) : (
        <List items={connectors.data} />
      )}
    </>
  )
}

const kindWords: Readonly<Record<string, string>> = { oidc: 'OIDC', github: 'GitHub', saml: 'SAML' }

function List({
  items,
}: {
  items: readonly {
    kind: string
    name: string
    columns: Record<string, string>
    problem?: string | undefined
  }[]
}) {
  const test = useMutation({
    mutationFn: startConnectorTest,
    onSuccess: ({ url }) => window.location.assign(url),
  })
  return (
    <>
      <FormError error={test.error} />
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label="Connectors">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Provider</Table.Th>
              <Table.Th>Mapping</Table.Th>
              <Table.Th>
                <span className="gh-hidden">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ kind, name, columns, problem }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Link to={pagePaths.resource(kind, name)} className="gh-row-link">
                    {name}
                  </Link>
                  {directoryKinds.includes(kind) ? <Held kind={kind} name={name} /> : null}
                  {problem ? (
                    <Text size="xs" c="red">
                      {problem}
                    </Text>
                  ) : null}
                </Table.Td>
                <Table.Td>{kindWords[kind] ?? kind}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {columns['upstream'] ?? columns['idp']}
                </Table.Td>
                <Table.Td>{columns['mapping'] ?? columns['mappings']}</Table.Td>
                <Table.Td>
                  <Button
                    size="xs"
                    variant="default"
                    loading={test.isPending && test.variables === name}
                    onClick={() => test.mutate(name)}
                    aria-label={`Test ${name}`}
                  >
                    Test
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}

/** How many changes of its directory wait; nothing where that is none, or not for this person to see. */
function Held({ kind, name }: { kind: string; name: string }) {
  const { data = [] } = useQuery({ ...heldChangesQuery(name), retry: false })
  const waiting = data.filter(({ state }) => state === 'waiting').length
  if (waiting === 0) return null
  const says = waiting === 1 ? '1 change waits' : `${waiting} changes wait`
  return (
    <Badge
      component={Link}
      to={pagePaths.resource(kind, name)}
      color="amber"
      ml={6}
      style={{ cursor: 'pointer' }}
      aria-label={`${says} in the directory of ${name}`}
    >
      {says}
    </Badge>
  )
}
