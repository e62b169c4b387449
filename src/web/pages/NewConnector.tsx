/** @module A new connector step by step: what to copy to the provider, what to copy from it, and what its claims give. */
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { createResources, forgetResources } from '../api/resources.js'
import { startConnectorTest } from '../api/connectors.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { CopyText } from '../ui/CopyText.js'
import { PageTitle } from '../ui/PageTitle.js'
import { FormError } from '../ui/States.js'

type Kind = 'oidc' | 'github'

interface Line {
  readonly of: string
  readonly value: string
  readonly roles: string
}

const noLine: Line = { of: '', value: '', roles: '' }

export function NewConnector() {
  const [search] = useSearchParams()
  const kind: Kind = search.get('kind') === 'github' ? 'github' : 'oidc'
  return <Form key={kind} kind={kind} />
}

function Form({ kind }: { kind: Kind }) {
  const navigate = useNavigate()
  const [name, setName] = useState(kind)
  const [display, setDisplay] = useState('')
  const [issuer, setIssuer] = useState('')
  const [clientId, setClientId] = useState('')
  const [secret, setSecret] = useState('')
  const [externalIdClaim, setExternalIdClaim] = useState('')
  const [lines, setLines] = useState<readonly Line[]>([noLine])
  const [made, setMade] = useState<string | undefined>()
  const callback = `${window.location.origin}${kind === 'oidc' ? apiPaths.oidcCallback(name || 'NAME') : apiPaths.githubCallback(name || 'NAME')}`
  const create = useMutation({
    mutationFn: async () => {
      const fields = { name, display, issuer, clientId, secret, externalIdClaim, lines }
      const yaml = JSON.stringify(documentOf(kind, fields))
      return await createResources(yaml, { dryRun: false })
    },
    onSuccess: async () => {
      setSecret('')
      setMade(name)
      await forgetResources()
    },
  })
  const test = useMutation({
    mutationFn: startConnectorTest,
    onSuccess: ({ url }) => window.location.assign(url),
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    create.mutate()
  }
  const title = kind === 'oidc' ? 'New OIDC connector' : 'New GitHub connector'
  return (
    <>
      <PageTitle title={title} parent={{ title: 'Connectors', to: pagePaths.connectors() }} />
      {made === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="md" maw={640}>
            <Part title="1. Name it">
              <TextInput
                label="Name"
                description="Part of the address below, and of what the provider is told. It cannot be changed later."
                value={name}
                onChange={(event) => setName(event.currentTarget.value as Kind)}
                required
                withAsterisk={false}
                autoCapitalize="none"
                spellCheck={false}
              />
              <TextInput
                label="Words on the button"
                description="What follows “Sign in with”. Left empty, the button shows the name."
                value={display}
                onChange={(event) => setDisplay(event.currentTarget.value)}
                mt="sm"
              />
            </Part>
            <Part title="2. Register Gatehouse at the provider">
              <Text mb="xs">
                {kind === 'oidc'
                  ? 'Make a web application there (authorization code flow) with this redirect address:'
                  : 'Make an OAuth app in the settings of your organisation with this callback URL:'}
              </Text>
              <CopyText value={callback} name="callback address" />
            </Part>
            <Part title="3. Copy from the provider">
              {kind === 'oidc' ? (
                <TextInput
                  label="Issuer"
                  description="To the letter as the provider names itself, for example https://example.okta.com."
                  type="url"
                  value={issuer}
                  onChange={(event) => setIssuer(event.currentTarget.value)}
                  required
                  withAsterisk={false}
                  mb="sm"
                />
              ) : null}
              <TextInput
                label="Client ID"
                value={clientId}
                onChange={(event) => setClientId(event.currentTarget.value)}
                required
                withAsterisk={false}
                autoCapitalize="none"
                spellCheck={false}
              />
              <PasswordInput
                label="Client secret"
                description="Kept sealed; it is never shown again."
                value={secret}
                onChange={(event) => setSecret(event.currentTarget.value)}
                required
                withAsterisk={false}
                autoComplete="off"
                mt="sm"
                visibilityToggleButtonProps={{ 'aria-label': 'Show the client secret' }}
              />
              {kind === 'oidc' ? (
                <TextInput
                  label="Claim with the external id"
                  description="Only if a directory pushes users here by SCIM: the id that it sends as externalId, for example sub for Okta or oid for Entra ID. At the first sign-in a pushed user must have the same one. Left empty, the user name alone tells who a pushed user is."
                  value={externalIdClaim}
                  onChange={(event) => setExternalIdClaim(event.currentTarget.value)}
                  autoCapitalize="none"
                  spellCheck={false}
                  mt="sm"
                />
              ) : null}
            </Part>
            <Part title="4. Who gets which roles">
              <Text c="dimmed" mb="sm">
                {kind === 'oidc'
                  ? 'A claim, a value (* stands for any text), and the roles of whoever has it.'
                  : 'An organisation, a team, and the roles of its members.'}{' '}
                Whoever gets no role is refused. Without any line everybody gets in whom the provider lets in.
              </Text>
              <Stack gap="sm">
                {lines.map((line, at) => (
                  // Lines have no name of their own, and none is moved.
                  <LineFields
                    key={at}
                    kind={kind}
                    at={at}
                    line={line}
                    onChange={(next) => setLines(lines.map((one, index) => (index === at ? next : one)))}
                    onRemove={() => setLines(lines.filter((_, index) => index !== at))}
                  />
                ))}
                <Group>
                  <Button variant="default" size="xs" onClick={() => setLines([...lines, noLine])}>
                    Add a line
                  </Button>
                </Group>
              </Stack>
            </Part>
            <FormError error={create.error} />
            <Group>
              <Button type="submit" loading={create.isPending}>
                Create connector {name}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md" maw={640} align="flex-start">
          <Alert role="status" title={`Connector ${made} is there`}>
            Its button stands on the sign-in page now. A test shows what the provider says of you and what you
            would get; it signs nobody in.
          </Alert>
          <FormError error={test.error} />
          <Group>
            <Button loading={test.isPending} onClick={() => test.mutate(made)}>
              Test {made}
            </Button>
            <Button variant="default" onClick={() => void navigate(pagePaths.resource(kind, made))}>
              Open its document
            </Button>
          </Group>
        </Stack>
      )}
    </>
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

interface LineFieldsProps {
  kind: Kind
  at: number
  line: Line
  onChange: (line: Line) => void
  onRemove: () => void
}

function LineFields({ kind, at, line, onChange, onRemove }: LineFieldsProps) {
  const labels = kind === 'oidc' ? ['Claim', 'Value'] : ['Organisation', 'Team']
  return (
    <fieldset className="gh-fields" style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="gh-hidden">Line {at + 1}</legend>
      <TextInput
        label={labels[0]}
        value={line.of}
        onChange={(event) => onChange({ ...line, of: event.currentTarget.value })}
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextInput
        label={labels[1]}
        value={line.value}
        onChange={(event) => onChange({ ...line, value: event.currentTarget.value })}
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextInput
        label="Roles"
        description="Separated by commas"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={line.roles}
        onChange={(event) => onChange({ ...line, roles: event.currentTarget.value })}
        autoCapitalize="none"
        spellCheck={false}
      />
      <Button
        variant="subtle"
        color="gray"
        size="xs"

        px={0}
        w="fit-content"
        onClick={onRemove}
        aria-label={`Remove line ${at + 1}`}
      >
        Remove
      </Button>
    </fieldset>
  )
}

interface Fields {
  readonly name: string
  readonly display: string
  readonly issuer: string
  readonly clientId: string
  readonly secret: string
  readonly externalIdClaim: string
  readonly lines: readonly Line[]
}

function documentOf(
  kind: Kind,
  { name, display, issuer, clientId, secret, externalIdClaim, lines }: Fields,
): object {
  const written = lines
    .filter(({ of, value, roles }) => of !== '' || value !== '' || roles !== '')
    .map(({ of, value, roles }) => {
      const names = roles
        .split(',')
        .map((role) => role.trim())
        .filter((role) => role !== '')
      return kind === 'oidc'
        ? { claim: of.trim(), value: value.trim(), roles: names }
        : { organization: of.trim(), team: value.trim(), roles: names }
    })
  return {
    kind,
    version: 'v3',
    metadata: { name: name.trim() },
    spec: {
      ...(display.trim() !== '' && { display: display.trim() }),
      ...(kind === 'oidc' && { issuer_url: issuer.trim() }),
      client_id: clientId.trim(),
      client_secret: secret,
      ...(kind === 'oidc' &&
        externalIdClaim.trim() !== '' && { scim_external_id_claim: externalIdClaim.trim() }),
      [kind === 'oidc' ? 'claims_to_roles' : 'teams_to_roles']: written,
    },
  }
}
