/** @module Step 1, of a plugin that exists: the script for AWS, the role that it made, and a test of what may be called. */
import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ResourceAnswer } from '../../api/contract.js'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { useEditResource } from '../api/edit-resource.js'
import { testConnection } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { WithResource } from '../components/WithResource.js'
import {
  findInstanceArnProblem,
  findRegionProblem,
  findRoleArnProblem,
  pluginEdits,
  readPluginFields,
  readRoleArn,
  type PluginFields,
} from '../forms/plugin-fields.js'
import { CopyText } from '../ui/CopyText.js'
import { ErrorState, FormError } from '../ui/States.js'
import { useScriptChoice, type Block } from './chosen-blocks.js'
import { ConnectionResult } from './ConnectionResult.js'
import { SetUpScript } from './SetUpScript.js'

export function Connection({ setUp: { plugin } }: { setUp: SetupAnswer }) {
  return (
    <WithResource kind={{ name: 'plugin', title: 'plugin' }} name={plugin}>
      {(answer) => <Known answer={answer} />}
    </WithResource>
  )
}

function Known({ answer }: { answer: ResourceAnswer }) {
  const fields = readPluginFields(answer.yaml)
  const [choice, setChoice] = useScriptChoice(answer.name)
  if (!fields) {
    return (
      <ErrorState error={undefined} what="The plugin's YAML cannot be shown here: edit it as a resource" />
    )
  }
  return (
    <Stack gap="lg">
      <Instance fields={fields} plugin={answer.name} />
      <SetUpScript fields={fields} plugin={answer.name} choice={choice} onChoice={setChoice} />
      {fields.integration === undefined ? null : <RoleOf integration={fields.integration} />}
      <ConnectionTest plugin={answer.name} chosen={choice.blocks} />
    </Stack>
  )
}

interface InstanceProps {
  plugin: string
  fields: PluginFields
}

function Instance({ plugin, fields }: InstanceProps) {
  const [editing, setEditing] = useState(false)
  const mayUpdate = useRight(rights.updatePlugins)
  return (
    <section className="gh-panel gh-part" aria-label="The instance">
      <Group justify="space-between" mb="xs">
        <Title order={2}>The instance</Title>
        {editing ? null : (
          <Button variant="default" size="xs" onClick={() => setEditing(true)} disabled={!mayUpdate}>
            Change region or ARN
          </Button>
        )}
      </Group>
      {editing ? (
        <InstanceForm plugin={plugin} fields={fields} onDone={() => setEditing(false)} />
      ) : (
        <dl className="gh-facts">
          <dt>Region</dt>
          <dd>{fields.region}</dd>
          <dt>Instance ARN</dt>
          <dd>
            <CopyText value={fields.instanceArn} name="instance ARN" />
          </dd>
          <dt>Credentials</dt>
          <dd>
            {fields.integration === undefined
              ? "the machine's own"
              : `trust by OIDC, integration ${fields.integration}`}
          </dd>
        </dl>
      )}
    </section>
  )
}

function InstanceForm({ plugin, fields, onDone }: InstanceProps & { onDone: () => void }) {
  const [region, setRegion] = useState(fields.region)
  const [instanceArn, setInstanceArn] = useState(fields.instanceArn)
  const [asked, setAsked] = useState(false)
  const edit = useEditResource('plugin', plugin)
  const wrong = { region: findRegionProblem(region), arn: findInstanceArnProblem(instanceArn) }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (wrong.region !== undefined || wrong.arn !== undefined) return
        edit.mutate((yaml) => pluginEdits.instance(yaml, { region, instanceArn }), { onSuccess: onDone })
      }}
    >
      <Stack gap="sm" maw={720}>
        <TextInput
          label="Region"
          description="Where Identity Center is enabled; it has one home region."
          value={region}
          onChange={(event) => setRegion(event.currentTarget.value.trim())}
          error={asked ? wrong.region : undefined}
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextInput
          label="Instance ARN"
          value={instanceArn}
          onChange={(event) => setInstanceArn(event.currentTarget.value.trim())}
          error={asked ? wrong.arn : undefined}
          autoCapitalize="none"
          spellCheck={false}
        />
        <FormError error={edit.error} />
        <Group gap="sm">
          <Button type="submit" loading={edit.isPending}>
            Save the instance
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function RoleOf({ integration }: { integration: string }) {
  return (
    <WithResource kind={{ name: 'integration', title: 'integration' }} name={integration}>
      {({ yaml }) => <RoleArn key={readRoleArn(yaml)} integration={integration} saved={readRoleArn(yaml)} />}
    </WithResource>
  )
}

function RoleArn({ integration, saved }: { integration: string; saved: string }) {
  const [typed, setTyped] = useState(saved)
  const [asked, setAsked] = useState(false)
  const edit = useEditResource('integration', integration)
  const mayUpdate = useRight(rights.updatePlugins)
  // Without one it is as before the script ran.
  const wrong = typed === '' ? undefined : findRoleArnProblem(typed)
  return (
    <section className="gh-panel gh-part" aria-label="The role">
      <Title order={2} mb="xs">
        The role
      </Title>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(true)
          if (wrong === undefined) edit.mutate((yaml) => pluginEdits.roleArn(yaml, typed))
        }}
      >
        <Stack gap="sm" maw={720}>
          <TextInput
            label="Role ARN"
            description="The script prints it last; the stack shows it under Outputs."
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value.trim())}
            placeholder="arn:aws:iam::123456789012:role/GatehouseIdentityCenter"
            error={asked ? wrong : undefined}
            autoCapitalize="none"
            spellCheck={false}
          />
          <FormError error={edit.error} />
          <Group>
            <Button type="submit" loading={edit.isPending} disabled={!mayUpdate || typed === saved}>
              {typed === '' && saved !== '' ? 'Forget the role' : 'Save the role'}
            </Button>
            {saved !== '' && typed === saved ? (
              <Text size="sm" c="dimmed" role="status">
                Saved in integration {integration}.
              </Text>
            ) : null}
          </Group>
        </Stack>
      </form>
    </section>
  )
}

function ConnectionTest({ plugin, chosen }: { plugin: string; chosen: readonly Block[] }) {
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => testConnection(plugin),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['awsic', plugin] })
      await client.invalidateQueries({ queryKey: ['integrations'] })
    },
  })
  const mayUpdate = useRight(rights.updatePlugins)
  return (
    <section className="gh-panel gh-part" aria-label="Test of the connection">
      <Title order={2} mb="xs">
        Test of the connection
      </Title>
      <Text c="dimmed" mb="sm">
        Signs in to AWS, reads the instance and tries each action in a way that changes nothing.
      </Text>
      <Button onClick={() => test.mutate()} loading={test.isPending} disabled={!mayUpdate}>
        {test.data ? 'Test again' : 'Test the connection'}
      </Button>
      <div style={{ marginTop: 12 }}>
        {test.isPending ? (
          <Text role="status" c="dimmed">
            Asking AWS for each permission; this takes some seconds.
          </Text>
        ) : test.error ? (
          <FormError error={test.error} />
        ) : test.data ? (
          <ConnectionResult answer={test.data} chosen={chosen} />
        ) : null}
      </div>
    </section>
  )
}
