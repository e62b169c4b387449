/** @module What can be connected, each with what it brings and what it needs. */
import { Alert, Button, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

export function NewIntegration() {
  const mayCreate = useRight(rights.createPlugins)
  return (
    <>
      <PageTitle
        title="Add new integration"
        parent={{ title: 'Integrations', to: pagePaths.integrations() }}
      />
      <ul className="gh-kinds" aria-label="What can be connected">
        <li className="gh-panel">
          <Title order={2}>AWS IAM Identity Center</Title>
          <Text mt={6}>
            Imports accounts, permission sets, groups and their assignments, signs people in, and keeps access
            in AWS equal to what Gatehouse says.
          </Text>
          <Text mt={6} size="sm" c="dimmed">
            Needs: administrator access to Identity Center in AWS, about half an hour. Seven steps; you can
            leave and resume. People keep their access while you do it.
          </Text>
          <Button component={Link} to={pagePaths.identityCenterSetUp()} mt="md" disabled={!mayCreate}>
            Set up AWS IAM Identity Center
          </Button>
        </li>
      </ul>
      {mayCreate ? null : (
        <Alert color="amber" role="note" mt="md">
          Your roles do not let you make plugins. Ask an administrator for a role that does.
        </Alert>
      )}
    </>
  )
}
