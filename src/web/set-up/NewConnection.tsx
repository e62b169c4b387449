/** @module Step 1, before anything exists: which instance, and by which credentials. Ends in the resources that this makes. */
import { Alert, Autocomplete, Button, List, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { integrationsQuery } from '../api/identity-center.js'
import { createResources, forgetResources, problemsOf } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import {
  buildConnectDocuments,
  defaultPluginName,
  findInstanceArnProblem,
  findNameProblem,
  findRegionProblem,
  findRoleArnProblem,
  integrationNameOf,
  type ConnectFields,
} from '../forms/plugin-fields.js'
import { pagePaths } from '../path-builder.js'
import { sayInPage } from '../ui/field-labels.js'
import { startUpper } from '../ui/format.js'
import { InfoIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

const regions = [
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1',
  'eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2',
  'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4',
  'ap-south-1 ap-south-2 ap-east-1 me-south-1 me-central-1 il-central-1 af-south-1',
  'us-gov-west-1 us-gov-east-1 cn-north-1 cn-northwest-1',
].flatMap((line) => line.split(' '))

export function NewConnection() {
  const mayCreate = useRight(rights.createPlugins)
  const navigate = useNavigate()
  const [fields, setFields] = useState<ConnectFields>({
    name: defaultPluginName,
    region: '',
    instanceArn: '',
    credentials: 'oidc',
    assumeRoleArn: '',
  })
  const [asked, setAsked] = useState(false)
  const change = (some: Partial<ConnectFields>) => setFields({ ...fields, ...some })
  const wrong = {
    name: findNameProblem(fields.name),
    region: findRegionProblem(fields.region),
    instanceArn: findInstanceArnProblem(fields.instanceArn),
    assumeRoleArn:
      fields.credentials === 'oidc' || fields.assumeRoleArn === ''
        ? undefined
        : findRoleArnProblem(fields.assumeRoleArn),
  }
  const problem = (field: keyof typeof wrong) =>
    asked || (field === 'instanceArn' && fields.instanceArn.length > 20) ? wrong[field] : undefined
  const make = useMutation({
    mutationFn: () => createResources(buildConnectDocuments(fields), { dryRun: false }),
    onSuccess: async () => {
      await forgetResources()
      void navigate(pagePaths.identityCenterSetUp({ step: 'connect', plugin: fields.name }))
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (Object.values(wrong).every((one) => one === undefined)) make.mutate()
      }}
    >
      <Stack gap="md" maw={720}>
        {mayCreate ? <UnderWay /> : null}
        <section className="gh-panel gh-part" aria-label="The instance">
          <Title order={2} mb="xs">
            The instance
          </Title>
          <Text c="dimmed" mb="sm">
            In the AWS console open IAM Identity Center, then Settings: region, instance ARN and identity
            store stand there.
          </Text>
          <Stack gap="sm">
            <Autocomplete
              label="Region"
              description="Where Identity Center is enabled; it has one home region."
              data={regions}
              value={fields.region}
              onChange={(region) => change({ region: region.trim() })}
              placeholder="eu-west-1"
              error={problem('region')}
              comboboxProps={{ withinPortal: false }}
              maxDropdownHeight={260}
            />
            <TextInput
              label="Instance ARN"
              value={fields.instanceArn}
              onChange={(event) => change({ instanceArn: event.currentTarget.value.trim() })}
              placeholder="arn:aws:sso:::instance/ssoins-…"
              error={problem('instanceArn')}
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
            />
            <TextInput
              label="Name here"
              description="How Gatehouse calls this instance; it does not change later."
              value={fields.name}
              onChange={(event) => change({ name: event.currentTarget.value.trim() })}
              error={problem('name')}
              autoCapitalize="none"
              spellCheck={false}
            />
          </Stack>
        </section>
        <section className="gh-panel gh-part" aria-label="Credentials">
          <Radio.Group
            label="How Gatehouse reaches AWS"
            value={fields.credentials}
            onChange={(value) => change({ credentials: value === 'system' ? 'system' : 'oidc' })}
          >
            <Stack gap="sm" mt="xs">
              <Radio
                value="oidc"
                label="Trust by OIDC (recommended)"
                description="AWS trusts short tokens that Gatehouse signs. No secret is kept; a script makes the role."
              />
              <Radio
                value="system"
                label="The machine's own credentials"
                description="The role of the instance, pod or task on which Gatehouse runs, as the AWS SDK finds it."
              />
            </Stack>
          </Radio.Group>
          {fields.credentials === 'system' ? (
            <TextInput
              mt="sm"
              label="Role to assume (optional)"
              description="Where the machine's own role is not the one that may manage Identity Center."
              value={fields.assumeRoleArn}
              onChange={(event) => change({ assumeRoleArn: event.currentTarget.value.trim() })}
              error={problem('assumeRoleArn')}
              autoCapitalize="none"
              spellCheck={false}
            />
          ) : null}
        </section>
        <Wrong error={make.error} />
        {mayCreate ? null : (
          <Alert color="amber" role="note" p="sm">
            Your roles do not let you make plugins. Ask an administrator for a role that does.
          </Alert>
        )}
        <div>
          <Button type="submit" loading={make.isPending} disabled={!mayCreate}>
            Connect {fields.name}
          </Button>
          <Text size="sm" c="dimmed" mt={6}>
            Makes plugin {fields.name}
            {fields.credentials === 'oidc' ? ` and integration ${integrationNameOf(fields.name)}` : ''} in
            Gatehouse, with the sync paused.
          </Text>
        </div>
      </Stack>
    </form>
  )
}

/** Whoever begins anew may mean the one that was left. */
function UnderWay() {
  const begun = useQuery(integrationsQuery).data?.filter(
    ({ kind, health }) => kind === 'plugin' && health === 'setting_up',
  )
  if (!begun || begun.length === 0) return null
  return (
    <Alert icon={<InfoIcon />} role="note" p="sm">
      A set-up is under way already:{' '}
      {begun.map(({ name }) => (
        <Link
          key={name}
          className="gh-row-link"
          to={pagePaths.identityCenterSetUp({ plugin: name, step: 'resume' })}
        >
          resume {name}
        </Link>
      ))}
      . Go on here only to connect another instance.
    </Alert>
  )
}

function Wrong({ error }: { error: unknown }) {
  const problems = problemsOf(error) ?? []
  if (problems.length === 0) return <FormError error={error} />
  return (
    <Alert color="red" role="alert" p="sm" title="This cannot be kept as it is">
      <List>
        {problems.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>{startUpper(sayInPage(`${path}: ${message}`))}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
