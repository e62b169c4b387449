/** @module What came of the test of a connector: what the provider says, what it gives, and whom it would sign in. */
import { Alert, Button, Code, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import type { ConnectorTestReport } from '../../api/contract.js'
import { connectorTestQuery, startConnectorTest } from '../api/connectors.js'
import { LoadingPage } from '../components/LoadingPage.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { startUpper } from '../ui/format.js'
import { ErrorState, FormError } from '../ui/States.js'

export function ConnectorTest() {
  const { name = '', id = '' } = useParams()
  const result = useQuery(connectorTestQuery(name, id))
  const again = useMutation({
    mutationFn: () => startConnectorTest(name),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  if (result.isPending) return <LoadingPage />
  return (
    <>
      <PageTitle
        title={`Test of ${name}`}
        lead="Nobody was signed in, and nothing but an event in the audit log was written."
        parent={{ title: 'Connectors', to: pagePaths.connectors() }}
        actions={
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            Test again
          </Button>
        }
      />
      <FormError error={again.error} />
      {result.isError ? (
        <ErrorState error={result.error} what="The test could not be read" />
      ) : result.data.report === undefined ? (
        <Alert role="status">The provider has not answered yet.</Alert>
      ) : (
        <Report report={result.data.report} />
      )}
    </>
  )
}

const howWords = {
  made: 'The user would be made.',
  bound: 'The user exists and would be bound to this account of the provider.',
  known: 'The user is bound to this account of the provider already.',
} as const

const bindsByWords = {
  name: 'The user name alone tells that it is the same person.',
  external_id: 'The external id that the directory pushed tells that it is the same person.',
} as const

function Report({ report }: { report: ConnectorTestReport }) {
  const { verdict, identity, rules, lines, unknownRoles, roles, traits, pushedUsersBy } = report
  const signs = verdict.effect === 'sign_in'
  return (
    <Stack gap="md">
      <Alert
        color={signs ? 'green' : 'red'}
        role="status"
        title={signs ? `This would sign in ${verdict.user ?? ''}` : 'This would sign nobody in'}
      >
        {signs ? (verdict.how === undefined ? null : howWords[verdict.how]) : startUpper(verdict.why ?? '')}
        {verdict.bindsBy === undefined ? null : ` ${bindsByWords[verdict.bindsBy]}`}
      </Alert>
      {identity === undefined ? null : (
        <Part title="What the provider says">
          <Text mb="xs">
            User name <Code>{identity.username}</Code>, subject <Code>{identity.subject}</Code>
            {identity.authentication === undefined ? null : (
              <>
                , signed in by <Code>{identity.authentication}</Code>
              </>
            )}
          </Text>
          <Values of={identity.claims} name="Claims" />
        </Part>
      )}
      {rules.map((rule) => (
        <Part key={rule.name} title={`After login rule ${rule.name}`}>
          <Values of={rule.traits} name={`Traits after ${rule.name}`} />
        </Part>
      ))}
      {lines.length === 0 ? null : (
        <Part title="Mapping">
          <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {lines.map(({ claim, value, matched, given }, at) => (
              <li key={at}>
                <Code>
                  {claim} = {value}
                </Code>{' '}
                {matched.length === 0
                  ? 'matched nothing'
                  : `matched ${matched.join(', ')} and gives ${given.join(', ')}`}
              </li>
            ))}
          </Stack>
          {unknownRoles.length === 0 ? null : (
            <Text mt="xs" c="red">
              No such role: {unknownRoles.join(', ')}
            </Text>
          )}
        </Part>
      )}
      <Part title="Roles">
        <Group gap="xs">
          {roles.length === 0 ? <Text>none</Text> : roles.map((role) => <Code key={role}>{role}</Code>)}
        </Group>
      </Part>
      <Part title="Traits">
        <Values of={traits} name="Traits" />
      </Part>
      {pushedUsersBy === 'name' ? (
        <Part title="Users whom a directory pushes">
          <Text>
            At the first sign-in they are bound by their user name alone. To ask for the same external id,
            too, name the claim or attribute that carries it in the document of the connector.
          </Text>
        </Part>
      ) : null}
    </Stack>
  )
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="gh-panel gh-part" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  )
}

function Values({ of, name }: { of: Readonly<Record<string, readonly string[]>>; name: string }) {
  const pairs = Object.entries(of)
  if (pairs.length === 0) return <Text>none</Text>
  return (
    <Table aria-label={name}>
      <Table.Tbody>
        {pairs.map(([key, values]) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" style={{ overflowWrap: 'anywhere' }}>
              {key}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{values.join(', ')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
