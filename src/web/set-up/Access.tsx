/** @module Step 6: who may sign in to the portal, by a role that opens it, and where access to accounts comes from. */
import { Alert, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { createResources, forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { HolderList } from '../components/HolderList.js'
import { findTemplate } from '../forms/role-templates.js'
import { pagePaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'

const ready = 'identity-center-access'

export function Access({ setUp: { plugin, portal } }: { setUp: SetupAnswer }) {
  return (
    <Stack gap="lg">
      <section className="gh-panel gh-part" aria-label="Signing in">
        <Title order={2} mb="xs">
          Signing in to the portal
        </Title>
        <Text c="dimmed" mb="md" maw="80ch">
          A role of version 8 opens the portal where its app_labels say teleport.dev/origin:
          aws-identity-center. Whoever holds it may sign in; it gives no account.
        </Text>
        <SignInRole plugin={plugin} portal={portal} />
      </section>
      <section className="gh-panel gh-part" aria-label="Accounts">
        <Title order={2} mb="xs">
          Access to accounts
        </Title>
        <Text c="dimmed" mb="md" maw="80ch">
          Members of an access list get the permission sets that it grants. For each account and permission
          set there is a role that a list can grant, or a person can hold directly.
        </Text>
        <Group gap="sm">
          <Button component={Link} variant="default" to={pagePaths.accessLists()}>
            Access lists
          </Button>
          <Button component={Link} variant="default" to={pagePaths.roles({ origin: 'system' })}>
            Roles of accounts
          </Button>
          <Button component={Link} variant="default" to={pagePaths.identityCenterAccounts({ plugin })}>
            Who has what in AWS
          </Button>
        </Group>
      </section>
    </Stack>
  )
}

function SignInRole({ plugin, portal }: Pick<SetupAnswer, 'plugin' | 'portal'>) {
  const client = useQueryClient()
  const mayCreate = useRight(rights.createRoles)
  const [picked, setPicked] = useState<string>()
  const make = useMutation({
    mutationFn: () => createResources(findTemplate('aws-sign-in').yaml, { dryRun: false }),
    onSuccess: async () => {
      await forgetResources()
      await client.invalidateQueries({ queryKey: ['awsic', plugin, 'setup'] })
      setPicked(ready)
    },
  })
  const { roles } = portal
  const role = picked !== undefined && roles.includes(picked) ? picked : roles[0]
  return (
    <Stack gap="md">
      {role === undefined ? (
        <Alert color="amber" role="note" p="sm">
          {portal.says} Roles whose labels depend on a person&apos;s traits are not counted.
        </Alert>
      ) : null}
      {roles.includes(ready) ? null : (
        <div>
          <Button
            variant={role === undefined ? 'filled' : 'default'}
            onClick={() => make.mutate()}
            loading={make.isPending}
            disabled={!mayCreate}
          >
            Create role {ready}
          </Button>
          <FormError error={make.error} />
        </div>
      )}
      {role === undefined ? null : (
        <>
          {roles.length > 1 ? (
            <Select
              label="Role that opens the portal"
              data={roles}
              value={role}
              onChange={(value) => setPicked(value ?? undefined)}
              allowDeselect={false}
              searchable
              maw={420}
            />
          ) : null}
          <div>
            <Text fw={600} mb={4}>
              Who holds{' '}
              <Link to={pagePaths.role(role)} className="gh-row-link">
                {role}
              </Link>
            </Text>
            <HolderList key={role} role={role} />
          </div>
        </>
      )}
    </Stack>
  )
}
