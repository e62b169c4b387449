/** @module Step 3: Identity Center signs people in through us. Who could be locked out is told before anything is changed. */
import { Alert, Button, Checkbox, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { useEditResource } from '../api/edit-resource.js'
import { createResources, forgetResources, problemsOf, resourceSearchQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { AssertionTest } from '../components/AssertionTest.js'
import { AwsSteps, IdpFacts } from '../components/IdpFacts.js'
import { WithResource } from '../components/WithResource.js'
import { MetadataField } from '../forms/MetadataField.js'
import { pluginEdits, readPluginFields } from '../forms/plugin-fields.js'
import { serviceProviderEdits } from '../forms/service-provider-fields.js'
import { findServiceProviderTemplate } from '../forms/service-provider-templates.js'
import { pagePaths } from '../path-builder.js'
import { sayInPage } from '../ui/field-labels.js'
import { startUpper } from '../ui/format.js'
import { CheckIcon } from '../ui/Icons.js'
import { endSentence } from '../ui/identity-center-words.js'
import { findMetadataProblem } from '../ui/saml-metadata.js'
import { FormError } from '../ui/States.js'
import { Preflight } from './Preflight.js'

export function IdentitySource({ setUp: { plugin, idp } }: { setUp: SetupAnswer }) {
  return (
    <WithResource kind={{ name: 'plugin', title: 'plugin' }} name={plugin}>
      {({ yaml }) => (
        <Content
          plugin={plugin}
          serviceProvider={readPluginFields(yaml)?.serviceProvider ?? ''}
          ownEntityId={idp.entityId}
        />
      )}
    </WithResource>
  )
}

interface ContentProps {
  plugin: string
  serviceProvider: string
  /** So that our own file, which lies beside the other one, is told. */
  ownEntityId: string
}

function Content({ plugin, serviceProvider, ownEntityId }: ContentProps) {
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
          <Connect plugin={plugin} ownEntityId={ownEntityId} />
        ) : (
          <Connected plugin={plugin} serviceProvider={serviceProvider} ownEntityId={ownEntityId} />
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

function Connected({ plugin, serviceProvider, ownEntityId }: ContentProps) {
  const [changing, setChanging] = useState(false)
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
      {changing ? (
        <Change
          plugin={plugin}
          serviceProvider={serviceProvider}
          ownEntityId={ownEntityId}
          onDone={() => setChanging(false)}
        />
      ) : (
        <div>
          <Button variant="default" size="xs" onClick={() => setChanging(true)} disabled={!mayUpdate}>
            Change …
          </Button>
        </div>
      )}
    </Stack>
  )
}

/** Nothing is changed before one of the ways is saved. */
function Change({ plugin, serviceProvider, ownEntityId, onDone }: ContentProps & { onDone: () => void }) {
  const [xml, setXml] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const [sure, setSure] = useState(false)
  const known = useQuery(resourceSearchQuery('saml_idp_service_provider', '', 50))
  const metadata = useEditResource('saml_idp_service_provider', serviceProvider)
  const edit = useEditResource('plugin', plugin)
  const wrong = findMetadataProblem(xml, ownEntityId)
  const others = (known.data ?? []).map(({ name }) => name).filter((name) => name !== serviceProvider)
  const choose = (name: string) =>
    edit.mutate((yaml) => pluginEdits.serviceProvider(yaml, name), { onSuccess: onDone })
  return (
    <Stack gap="md" maw={720} role="group" aria-label="Change the service provider">
      <Text c="dimmed">
        Until you save, {serviceProvider} stays as it is. If AWS gave you a new file, replace the metadata of{' '}
        {serviceProvider}: roles and rules that name it go on to hold.
      </Text>
      <MetadataField
        value={xml}
        onChange={(next) => {
          setXml(next)
          metadata.reset()
        }}
        error={wrong ?? refusedMetadata(metadata.error)}
      />
      {refusedMetadata(metadata.error) === undefined ? <FormError error={metadata.error} /> : null}
      <div>
        <Button
          onClick={() =>
            metadata.mutate((yaml) => serviceProviderEdits.metadata(yaml, xml), { onSuccess: onDone })
          }
          loading={metadata.isPending}
          disabled={xml.trim() === '' || wrong !== undefined}
        >
          Replace the metadata of {serviceProvider}
        </Button>
      </div>
      {others.length > 0 ? (
        <Group gap="sm" align="flex-end">
          <Select
            label="Or another service provider that is here already"
            description={`${serviceProvider} stays, and is no longer that of this instance.`}
            data={others}
            value={picked}
            onChange={setPicked}
            comboboxProps={{ withinPortal: false }}
            searchable
          />
          <Button
            variant="default"
            disabled={picked === null}
            loading={edit.isPending}
            onClick={() => {
              if (picked !== null) choose(picked)
            }}
          >
            Save the other one
          </Button>
        </Group>
      ) : null}
      <div>
        <Checkbox
          label="Let another identity provider own the users"
          description="Without a service provider Gatehouse only keeps assignments and groups of its own; users and locks are no longer written to AWS."
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
        {sure ? (
          <Button mt="xs" color="red" onClick={() => choose('')} loading={edit.isPending}>
            Take {serviceProvider} off the plugin
          </Button>
        ) : null}
      </div>
      <FormError error={edit.error} />
      <div>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </Stack>
  )
}

function Connect({ plugin, ownEntityId }: Omit<ContentProps, 'serviceProvider'>) {
  const template = findServiceProviderTemplate('aws')
  const mayCreate = useRight(rights.createServiceProviders)
  const known = useQuery(resourceSearchQuery('saml_idp_service_provider', '', 50))
  const [xml, setXml] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const edit = useEditResource('plugin', plugin)
  const names = (known.data ?? []).map(({ name }) => name)
  const name = freeName('aws-identity-center', plugin, names)
  const wrong = findMetadataProblem(xml, ownEntityId)
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
      <MetadataField
        value={xml}
        onChange={(next) => {
          setXml(next)
          // What was wrong with the file before is not wrong with this one.
          make.reset()
        }}
        error={wrong ?? refusedMetadata(make.error)}
      />
      {refusedMetadata(make.error) === undefined ? <FormError error={make.error} /> : null}
      <div>
        <Button
          onClick={() => make.mutate()}
          loading={make.isPending}
          disabled={!mayCreate || xml.trim() === '' || wrong !== undefined || !known.data}
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

/** What the server says of the metadata itself, for the field; undefined for any other refusal. */
function refusedMetadata(error: unknown): string | undefined {
  const path = 'spec.entity_descriptor'
  const problem = problemsOf(error)?.find((one) => one.path === path || one.message.includes(path))
  if (problem === undefined) return undefined
  const said = sayInPage(problem.message).replace(/^Metadata \(XML\): /, '')
  return endSentence(startUpper(said))
}

/** The usual name, or that of the plugin where several instances are connected. */
function freeName(usual: string, plugin: string, taken: readonly string[]): string {
  if (!taken.includes(usual)) return usual
  return taken.includes(plugin) ? `${plugin}-portal` : plugin
}
