/** @module A new SAML connector step by step: what to copy to the identity provider, its metadata, and who gets what. */
import {
  Alert,
  Button,
  FileButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { Link } from 'react-router'
import { stringify } from 'yaml'
import { samlEntityId } from '../../core/connector/saml.js'
import { startConnectorTest } from '../api/connectors.js'
import { createResources, forgetResources } from '../api/resources.js'
import { samlConnectorDocument, type SamlConnectorFields } from '../forms/saml-connector-document.js'
import { SamlRoleLines } from '../forms/SamlRoleLines.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { CopyText } from '../ui/CopyText.js'
import { PageTitle } from '../ui/PageTitle.js'
import { FormError } from '../ui/States.js'

const empty: SamlConnectorFields = {
  name: 'saml',
  display: '',
  metadataFrom: 'address',
  address: '',
  metadata: '',
  usernameAttribute: '',
  subjectAttribute: '',
  externalIdAttribute: '',
  lines: [{ name: '', value: '', roles: '' }],
}

type TextField = 'name' | 'display' | 'usernameAttribute' | 'subjectAttribute' | 'externalIdAttribute'

export function NewSamlConnector() {
  const [fields, setFields] = useState(empty)
  const [made, setMade] = useState<string>()
  const create = useMutation({
    mutationFn: async () =>
      await createResources(stringify(samlConnectorDocument(fields)), { dryRun: false }),
    onSuccess: async () => {
      setMade(fields.name.trim())
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
  const field = (name: TextField, label: string) => ({
    label,
    value: fields[name],
    autoCapitalize: 'none',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) =>
      setFields({ ...fields, [name]: event.currentTarget.value }),
  })
  const title = (
    <PageTitle title="New SAML connector" parent={{ title: 'Connectors', to: pagePaths.connectors() }} />
  )
  if (made !== undefined) {
    return (
      <>
        {title}
        <Stack gap="md" maw={640} align="flex-start">
          <Alert role="status" title={`Connector ${made} is there`}>
            Its button stands on the sign-in page now. A test shows what the identity provider says of you and
            what you would get; it signs nobody in.
          </Alert>
          <FormError error={test.error} />
          <Group>
            <Button loading={test.isPending} onClick={() => test.mutate(made)}>
              Test {made}
            </Button>
            <Button component={Link} to={pagePaths.resource('saml', made)} variant="default">
              Open its document
            </Button>
          </Group>
        </Stack>
      </>
    )
  }
  return (
    <>
      {title}
      <form onSubmit={submit}>
        <Stack gap="md" maw={640}>
          <Part title="1. Name it">
            <TextInput
              {...field('name', 'Name')}
              description="Part of the addresses below, and of what the provider is told. It cannot be changed later."
              required
              withAsterisk={false}
            />
            <TextInput
              {...field('display', 'Words on the button')}
              description="What follows “Sign in with”. Left empty, the button shows the name."
              mt="sm"
            />
          </Part>
          <OurAddresses name={fields.name.trim() || 'NAME'} />
          <MetadataPart fields={fields} onChange={setFields} />
          <Part title="4. Who is who">
            <TextInput
              {...field('subjectAttribute', 'Attribute that never changes')}
              description="An employee number or object ID: it tells people apart for good, also when a mail address is given to somebody else. The NameID without it."
            />
            <TextInput
              {...field('usernameAttribute', 'Attribute with the name of the user')}
              description="For example mail. The NameID without it."
              mt="sm"
            />
            <TextInput
              {...field('externalIdAttribute', 'Attribute with the external id')}
              description="Only if a directory pushes users here by SCIM: the id that it sends as externalId. At the first sign-in a pushed user must have the same one. Left empty, the user name alone tells who a pushed user is."
              mt="sm"
            />
          </Part>
          <Part title="5. Who gets which roles">
            <Text c="dimmed" mb="sm">
              An attribute, a value (* stands for any text), and the roles of whoever has it. Whoever gets no
              role is refused. Without any line everybody gets in whom the identity provider lets in.
            </Text>
            <SamlRoleLines lines={fields.lines} onChange={(lines) => setFields({ ...fields, lines })} />
          </Part>
          <FormError error={create.error} />
          <Group>
            <Button type="submit" loading={create.isPending}>
              Create connector {fields.name}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  )
}

function OurAddresses({ name }: { name: string }) {
  const entityId = samlEntityId(window.location.origin, name)
  return (
    <Part title="2. Register Gatehouse at the identity provider">
      <Text mb="xs">
        Make a SAML application there with these two values. Assertions are signed with SHA-256 and not
        encrypted.
      </Text>
      <Text size="sm" c="dimmed">
        Entity ID (audience, identifier); our metadata is at this address once the connector is there
      </Text>
      <CopyText value={entityId} name="entity ID" />
      <Text size="sm" c="dimmed" mt="sm">
        ACS URL (reply URL, single sign-on URL)
      </Text>
      <CopyText value={window.location.origin + apiPaths.samlCallback(name)} name="ACS URL" />
    </Part>
  )
}

interface MetadataPartProps {
  fields: SamlConnectorFields
  onChange: (fields: SamlConnectorFields) => void
}

function MetadataPart({ fields, onChange }: MetadataPartProps) {
  const [problem, setProblem] = useState<string>()
  async function take(file: File | null): Promise<void> {
    if (file === null) return
    const tooLarge = file.size > maxMetadataBytes
    setProblem(
      tooLarge
        ? `${file.name} is larger than 512 KiB: it cannot be metadata of one identity provider.`
        : undefined,
    )
    onChange({ ...fields, metadata: tooLarge ? '' : await file.text() })
  }
  return (
    <Part title="3. Its metadata">
      <SegmentedControl
        aria-label="Metadata from"
        value={fields.metadataFrom}
        onChange={(way) => onChange({ ...fields, metadataFrom: way === 'text' ? 'text' : 'address' })}
        data={[
          { value: 'address', label: 'An address' },
          { value: 'text', label: 'A file or text' },
        ]}
        mb="sm"
      />
      {fields.metadataFrom === 'address' ? (
        <TextInput
          label="Address of the metadata"
          description="Fetched each day, and when its keys change: the best choice where there is one."
          type="url"
          value={fields.address}
          onChange={(event) => onChange({ ...fields, address: event.currentTarget.value })}
          required
          withAsterisk={false}
        />
      ) : (
        <>
          <Textarea
            label="Metadata (XML)"
            description="You have to renew it here when the keys of the identity provider change."
            value={fields.metadata}
            onChange={(event) => {
              setProblem(undefined)
              onChange({ ...fields, metadata: event.currentTarget.value })
            }}
            rows={6}
            error={problem}
            required
            withAsterisk={false}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          />
          <FileButton onChange={(file) => void take(file)} accept=".xml,application/xml,text/xml">
            {(props) => (
              <Button variant="default" size="xs" mt="xs" {...props}>
                Choose file …
              </Button>
            )}
          </FileButton>
        </>
      )}
    </Part>
  )
}

/** More than the server takes is not even read. */
const maxMetadataBytes = 512 * 1024

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="gh-panel gh-part" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  )
}
