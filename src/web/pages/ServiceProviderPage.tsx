/** @module One service provider: form and YAML, what it would be told about a person, and what it has to be told of us. */
import { SegmentedControl, Text, Title } from '@mantine/core'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { KindAnswer, ResourceAnswer } from '../../api/contract.js'
import { AssertionTest } from '../components/AssertionTest.js'
import { AwsSteps, IdpFacts } from '../components/IdpFacts.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { MetadataFacts } from '../forms/MetadataField.js'
import { readServiceProviderFields } from '../forms/service-provider-fields.js'
import { findServiceProviderTemplate, serviceProviderTemplates } from '../forms/service-provider-templates.js'
import { ServiceProviderForm } from '../forms/ServiceProviderForm.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

const parent = { title: 'Service providers', to: pagePaths.serviceProviders() }
const form = (tools: FormTools) => <ServiceProviderForm {...tools} />

export function ServiceProviderPage() {
  const { name = 'new' } = useParams()
  const [search] = useSearchParams()
  const isNew = name === 'new' && !search.has('existing')
  return (
    <WithKind key={`${name}/${isNew}`} name="saml_idp_service_provider">
      {(kind) => (isNew ? <NewServiceProvider kind={kind} /> : <Existing kind={kind} name={name} />)}
    </WithKind>
  )
}

function NewServiceProvider({ kind }: { kind: KindAnswer }) {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const template = findServiceProviderTemplate(search.get('for'))
  const isAws = template.id === 'aws'
  return (
    <>
      <PageTitle title="New service provider" parent={parent} />
      <SegmentedControl
        aria-label="For which application"
        value={template.id}
        onChange={(id) => setSearch({ for: id }, { replace: true })}
        data={serviceProviderTemplates.map(({ id, title }) => ({ value: id, label: title }))}
        mb="md"
      />
      <details className="gh-panel gh-part gh-guide">
        <summary>{isAws ? 'What to do in the AWS console' : 'What the application has to know'}</summary>
        {isAws ? <AwsSteps /> : <Text my="sm">Give the application our metadata, or copy these values.</Text>}
        <IdpFacts isAws={isAws} />
      </details>
      <Workbench
        key={template.id}
        kind={kind}
        draftName={`new ${template.id}`}
        initial={template.yaml}
        mustChange
        form={form}
        onSaved={([made]) =>
          void navigate(made ? pagePaths.serviceProvider(made.name) : pagePaths.serviceProviders())
        }
      />
    </>
  )
}

function Existing({ kind, name }: { kind: KindAnswer; name: string }) {
  const navigate = useNavigate()
  return (
    <>
      <PageTitle title={name} parent={parent} />
      <WithResource kind={kind} name={name}>
        {(answer) => (
          <>
            {answer.description ? (
              <Text c="dimmed" mb="md" mt="-sm">
                {answer.description}
              </Text>
            ) : null}
            <Workbench
              kind={kind}
              answer={answer}
              form={form}
              more={[
                { value: 'test', title: 'Test', content: () => <Test answer={answer} /> },
                { value: 'set-up', title: 'Set up there', content: () => <SetUp answer={answer} /> },
              ]}
              onDeleted={() => void navigate(pagePaths.serviceProviders())}
            />
          </>
        )}
      </WithResource>
    </>
  )
}

/** What is stored counts here; the form tests what is typed. */
function Test({ answer }: { answer: ResourceAnswer }) {
  return (
    <section aria-label="Test" className="gh-panel gh-part">
      <AssertionTest of={{ serviceProvider: answer.name }} />
    </section>
  )
}

function SetUp({ answer }: { answer: ResourceAnswer }) {
  const read = readServiceProviderFields(answer.yaml)
  const fields = 'fields' in read ? read.fields : undefined
  const isAws = fields?.preset === 'aws-identity-center'
  return (
    <>
      <section className="gh-panel gh-part gh-section">
        <Title order={2}>What it has to know of this gateway</Title>
        <IdpFacts isAws={isAws} />
      </section>
      {fields && fields.entityDescriptor !== '' ? (
        <section className="gh-panel gh-part">
          <Title order={2}>What its metadata says</Title>
          <MetadataFacts xml={fields.entityDescriptor} />
        </section>
      ) : null}
    </>
  )
}
