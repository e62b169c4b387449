/** @module A service provider as a form, with a test of what a person would be told while it is being written. */
import { Alert, NativeSelect, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { accessControlPrefix } from '../../core/saml/attributes.js'
import { AssertionTest } from '../components/AssertionTest.js'
import type { FormTools } from '../editor/Workbench.js'
import { WarningIcon } from '../ui/Icons.js'
import { readMetadata } from '../ui/saml-metadata.js'
import { LabelPairs } from './LabelPairs.js'
import { MappingRows } from './MappingRows.js'
import { MetadataField } from './MetadataField.js'
import {
  readServiceProviderFields,
  serviceProviderEdits,
  type ServiceProviderFields,
} from './service-provider-fields.js'

const presets = [
  { value: '', label: 'none' },
  { value: 'aws-identity-center', label: 'AWS IAM Identity Center' },
]

export function ServiceProviderForm({ text, onChange, isNew }: FormTools) {
  const read = readServiceProviderFields(text)
  if ('problem' in read) {
    return (
      <Alert icon={<WarningIcon />} color="amber" title="The form cannot show this text">
        {read.problem} Nothing is lost: the YAML tab has it.
      </Alert>
    )
  }
  const { fields } = read
  const field = (name: Parameters<typeof serviceProviderEdits.text>[1], label: string) => ({
    label,
    value: fields[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange(serviceProviderEdits.text(text, name, event.currentTarget.value)),
  })
  return (
    <Stack gap="md" miw={0}>
      <Part title="Application">
        <div className="gh-fields">
          <TextInput {...field('name', 'Name')} disabled={!isNew} autoCapitalize="none" spellCheck={false} />
          <NativeSelect
            {...field('preset', 'Preset')}
            data={
              presets.some(({ value }) => value === fields.preset)
                ? presets
                : [...presets, { value: fields.preset, label: fields.preset }]
            }
          />
        </div>
        <TextInput {...field('description', 'Description')} mt="sm" />
      </Part>
      <Addresses text={text} fields={fields} onChange={onChange} />
      <Part title="Labels">
        <Text c="dimmed" mb="sm">
          Roles of version v8 open the application by these.
          {fields.preset === 'aws-identity-center'
            ? ' The gateway adds teleport.dev/origin: aws-identity-center itself.'
            : null}
        </Text>
        <LabelPairs
          pairs={fields.labels}
          onChange={(pairs) => onChange(serviceProviderEdits.labels(text, pairs))}
        />
      </Part>
      <Part title="Attributes">
        <Text c="dimmed" mb="sm">
          What the assertion says of a person beside their name.
          {fields.preset === 'aws-identity-center' ? (
            <>
              {' '}
              AWS takes those whose name begins with{' '}
              <code style={{ overflowWrap: 'anywhere' }}>{accessControlPrefix}</code> for access control.
            </>
          ) : null}
        </Text>
        <MappingRows text={text} rows={fields.mapping} preset={fields.preset} onChange={onChange} />
      </Part>
      <Part title="Try it with a person">
        <AssertionTest of={{ document: text }} />
      </Part>
    </Stack>
  )
}

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

interface AddressesProps extends Pick<FormTools, 'text' | 'onChange'> {
  fields: ServiceProviderFields
}

function Addresses({ text, fields, onChange }: AddressesProps) {
  const [way, setWay] = useState(
    fields.entityDescriptor === '' && (fields.entityId !== '' || fields.acsUrl !== '') ? 'typed' : 'metadata',
  )
  function change(next: string): void {
    setWay(next)
    if (next === 'metadata' || fields.entityDescriptor === '') return
    // What the metadata said is a beginning, so that changing one's mind loses nothing.
    const said = readMetadata(fields.entityDescriptor)
    onChange(
      serviceProviderEdits.withoutMetadata(text, {
        entityId: said?.entityId ?? '',
        acsUrl: said?.acsUrls[0] ?? '',
      }),
    )
  }
  return (
    <Part title="Where assertions go">
      <SegmentedControl
        aria-label="Told by"
        value={way}
        onChange={change}
        mb="sm"
        data={[
          { value: 'metadata', label: 'From metadata' },
          { value: 'typed', label: 'Entity ID and ACS' },
        ]}
      />
      {way === 'metadata' ? (
        <MetadataField
          value={fields.entityDescriptor}
          onChange={(xml) => onChange(serviceProviderEdits.metadata(text, xml))}
        />
      ) : (
        <Stack gap="sm">
          <TextInput
            label="Entity ID"
            description="AWS calls it the issuer URL."
            value={fields.entityId}
            onChange={(event) =>
              onChange(serviceProviderEdits.text(text, 'entityId', event.currentTarget.value))
            }
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextInput
            label="Assertion consumer service (ACS)"
            description="The address to which the browser posts the assertion."
            value={fields.acsUrl}
            onChange={(event) =>
              onChange(serviceProviderEdits.text(text, 'acsUrl', event.currentTarget.value))
            }
            autoCapitalize="none"
            spellCheck={false}
          />
        </Stack>
      )}
    </Part>
  )
}
