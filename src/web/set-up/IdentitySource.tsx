/** @module Step 3: Identity Center signs people in through us. Who could be locked out is told before anything is changed. */
import { Alert, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { useEditResource } from '../api/edit-resource.js'
import { createResources, forgetResources, resourceSearchQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { AssertionTest } from '../components/AssertionTest.js'
import { AwsSteps, IdpFacts } from '../components/IdpFacts.js'
import { WithResource } from '../components/WithResource.js'
import { MetadataField } from '../forms/MetadataField.js'
import { pluginEdits, readPluginFields } from '../forms/plugin-fields.js'
import { serviceProviderEdits } from '../forms/service-provider-fields.js'
import { findServiceProviderTemplate } from '../forms/service-provider-templates.js'
import { pagePaths } from '../path-builder.js'
import { CheckIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { Preflight } from './Preflight.js'

export function IdentitySource({ setUp: { plugin } }: { setUp: SetupAnswer }) {
  return (
    <WithResource kind={{ name: 'plugin', title: 'plugin' }} name={plugin}>
      {({ yaml }) => (
        <Content plugin={plugin} serviceProvider={readPluginFields(yaml)?.serviceProvider ?? ''} />
      )}
    </WithResource>
  )
}

function Content({ plugin, serviceProvider }: { plugin: string; serviceProvider: string }) {
  return (
    <Stack gap="lg">
      <section className="gh-panel gh-part" aria-label="In the AWS console">
        <Title order={2}>In the AWS console</Title>
        <AwsSteps />
        <IdpFacts isAws />
      </section>
      <section className="gh-panel gh-part" aria-label="What AWS tells of itself">
        <Title order={2} mb="xs">
          What AWS tells of itself
        </Title>
        {serviceProvider === '' ? (
          <Connect plugin={plugin} />
        ) : (
          <Connected plugin={plugin} serviceProvider={serviceProvider} />
        )}
      </section>
      <Preflight plugin={plugin} />
      {serviceProvider === '' ? null : (
        <section className="gh-panel gh-part" aria-label="Rehearsal">
          <Title order={2} mb="xs">
            Rehearse a sign-in
          </Title>
          <Text c="dimmed" mb="sm">
            Shows what AWS would be told of a person, and whether their roles let them in. Try yourself first.
          </Text>
          <AssertionTest of={{ serviceProvider }} />
        </section>
      )}
    </Stack>
  )
}

function Connected({ plugin, serviceProvider }: { plugin: string; serviceProvider: string }) {
  const edit = useEditResource('plugin', plugin)
  const mayUpdate = useRight(rights.updatePlugins)
  return (
    <Stack gap="sm">
      <Alert color="green" icon={<CheckIcon />} p="sm" role="status">
        Service provider{' '}
        <Link to={pagePaths.serviceProvider(serviceProvider)} className="gh-row-link">
          {serviceProvider}
        </Link>{' '}
        stands for the AWS access portal.
      </Alert>
      <FormError error={edit.error} />
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          onClick={() => edit.mutate((yaml) => pluginEdits.serviceProvider(yaml, ''))}
          loading={edit.isPending}
          disabled={!mayUpdate}
        >
          Choose another
        </Button>
        <Text size="sm" c="dimmed">
          Without one another identity provider owns the users: Gatehouse then only keeps assignments and
          groups of its own.
        </Text>
      </Group>
    </Stack>
  )
}

function Connect({ plugin }: { plugin: string }) {
  const template = findServiceProviderTemplate('aws')
  const mayCreate = useRight(rights.createServiceProviders)
  const known = useQuery(resourceSearchQuery('saml_idp_service_provider', '', 50))
  const [xml, setXml] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const edit = useEditResource('plugin', plugin)
  const names = (known.data ?? []).map(({ name }) => name)
  const name = freeName('aws-identity-center', plugin, names)
  const make = useMutation({
    mutationFn: async () => {
      const named = serviceProviderEdits.text(template.yaml, 'name', name)
      await createResources(serviceProviderEdits.metadata(named, xml), { dryRun: false })
      await edit.mutateAsync((yaml) => pluginEdits.serviceProvider(yaml, name))
    },
    onSettled: () => forgetResources(),
  })
  return (
    <Stack gap="md" maw={720}>
      <Text c="dimmed">
        Give the file that AWS offers as “Service provider metadata”. It is checked before it is kept.
      </Text>
      <MetadataField value={xml} onChange={setXml} />
      <FormError error={make.error} />
      <div>
        <Button
          onClick={() => make.mutate()}
          loading={make.isPending}
          disabled={!mayCreate || xml.trim() === '' || !known.data}
        >
          Create service provider {name}
        </Button>
      </div>
      {names.length > 0 ? (
        <Group gap="sm" align="flex-end">
          <Select
            label="Or one that is here already"
            data={names}
            value={picked}
            onChange={setPicked}
            comboboxProps={{ withinPortal: false }}
            searchable
          />
          <Button
            variant="default"
            disabled={picked === null}
            loading={edit.isPending && !make.isPending}
            onClick={() => {
              if (picked !== null) edit.mutate((yaml) => pluginEdits.serviceProvider(yaml, picked))
            }}
          >
            Use it
          </Button>
        </Group>
      ) : null}
      {make.error ? null : <FormError error={edit.error} />}
    </Stack>
  )
}

/** The usual name, or that of the plugin where several instances are connected. */
function freeName(usual: string, plugin: string, taken: readonly string[]): string {
  if (!taken.includes(usual)) return usual
  return taken.includes(plugin) ? `${plugin}-portal` : plugin
}
