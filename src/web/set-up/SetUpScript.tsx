/** @module What has to run in AWS once: a script for CloudShell, or a CloudFormation template, with the blocks that are chosen. */
import {
  Alert,
  Checkbox,
  List,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { setupScriptBlocks, type SetupScriptAnswer } from '../../api/contract/identity-center.js'
import { setUpScriptQuery, type SetUpScriptRequest } from '../api/identity-center.js'
import { integrationNameOf, type PluginFields } from '../forms/plugin-fields.js'
import { CodeBlock } from '../ui/CodeBlock.js'
import { CopyText } from '../ui/CopyText.js'
import { sayInPage } from '../ui/field-labels.js'
import { startUpper } from '../ui/format.js'
import { WarningIcon } from '../ui/Icons.js'
import { ErrorState } from '../ui/States.js'
import type { Block, ScriptChoice } from './chosen-blocks.js'
import { IssuerHost } from './IssuerHost.js'

type Format = SetUpScriptRequest['format']

const blocks: readonly { readonly block: Block; readonly title: string; readonly says: string }[] = [
  {
    block: 'management_account',
    title: 'Assignments in the management account',
    says: 'Lets Gatehouse give access to the management account itself. Without it those assignments stay as they are.',
  },
  {
    block: 'ous_and_tags',
    title: 'Organisational units and tags',
    says: 'Reads where an account stands and its tags, for filters and pages. Without it accounts have a name and an ID.',
  },
  {
    block: 'delegated_administrator',
    title: 'Delegated administrator account',
    says: 'For a role in an account to which Identity Center is delegated. It cannot touch the management account.',
  },
]
const formats: readonly { value: Format; label: string }[] = [
  { value: 'shell', label: 'CloudShell' },
  { value: 'cloudformation', label: 'CloudFormation' },
]
const pauseMs = 300

interface SetUpScriptProps {
  plugin: string
  fields: PluginFields
  choice: ScriptChoice
  onChoice: (next: ScriptChoice) => void
}

export function SetUpScript({ plugin, fields, choice, onChoice }: SetUpScriptProps) {
  const isOidc = fields.integration !== undefined
  const [format, setFormat] = useState<Format>(isOidc ? 'shell' : 'policy')
  const { blocks: chosen, roleName } = choice
  const [settledName] = useDebouncedValue(roleName, pauseMs)
  const script = useQuery({
    ...setUpScriptQuery({
      format,
      integration: fields.integration ?? integrationNameOf(plugin),
      instanceArn: fields.instanceArn,
      region: fields.region,
      roleName: settledName,
      blocks: [...chosen],
    }),
    enabled: settledName !== '',
  })
  return (
    <section className="gh-panel gh-part" aria-label="What to run in AWS">
      <Title order={2} mb="xs">
        {isOidc ? 'What to run in AWS' : 'What the role has to be allowed'}
      </Title>
      <Stack gap="md">
        <Text c="dimmed" maw="80ch">
          {isOidc
            ? format === 'cloudformation'
              ? 'Sign in to the AWS account from which Identity Center is managed, open CloudFormation, and create a stack from this template. Where the account has an OIDC provider of this issuer already, set its parameter ProviderExists to true. It makes an OIDC provider and one role with the least it needs.'
              : 'Sign in to the AWS account from which Identity Center is managed, open CloudShell, and paste the script. It makes an OIDC provider and one role with the least it needs. It may run twice.'
            : 'Attach this policy to the role that Gatehouse uses.'}
        </Text>
        <Checkbox.Group
          label="Beyond the base"
          value={[...chosen]}
          onChange={(picked) =>
            onChoice({ ...choice, blocks: setupScriptBlocks.filter((block) => picked.includes(block)) })
          }
          description="Each can be added later: choose it, run the script again. What is not chosen then is taken away; this browser remembers your choice."
        >
          <Stack gap="sm" mt="xs">
            {blocks.map(({ block, title, says }) => (
              <Checkbox key={block} value={block} label={title} description={says} />
            ))}
          </Stack>
        </Checkbox.Group>
        {isOidc ? (
          <>
            <TextInput
              label="Name of the role"
              value={roleName}
              onChange={(event) => onChoice({ ...choice, roleName: event.currentTarget.value.trim() })}
              maw={380}
              autoCapitalize="none"
              spellCheck={false}
            />
            <SegmentedControl
              aria-label="Form of the script"
              data={[...formats]}
              value={format}
              onChange={(value) => setFormat(value === 'cloudformation' ? value : 'shell')}
              style={{ alignSelf: 'flex-start' }}
            />
          </>
        ) : null}
        {script.data ? (
          <Shown answer={script.data} integration={fields.integration} />
        ) : script.error ? (
          <ErrorState
            error={script.error}
            what="The script could not be made"
            onRetry={() => void script.refetch()}
          />
        ) : (
          <Skeleton h={220} role="status" aria-label="Making the script" />
        )}
      </Stack>
    </section>
  )
}

interface ShownProps {
  answer: SetupScriptAnswer
  /** Undefined where there is no trust by OIDC. */
  integration: string | undefined
}

function Shown({ answer, integration }: ShownProps) {
  const isOidc = integration !== undefined
  const { format, warnings, text, fileName, issuer, audience, subject } = answer
  return (
    <>
      {warnings.length > 0 && isOidc ? (
        <Alert color="amber" icon={<WarningIcon />} title="AWS may not accept this" role="status">
          <List>
            {warnings.map((warning) => (
              <List.Item key={warning}>{startUpper(sayInPage(warning))}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {warnings.length > 0 && integration !== undefined ? <IssuerHost integration={integration} /> : null}
      {warnings.length === 0 && isOidc ? (
        <Text role="status">
          AWS reads our keys at <b className="gh-break">{issuer}</b>.
        </Text>
      ) : null}
      <CodeBlock
        name={isOidc ? (format === 'cloudformation' ? 'template' : 'set-up script') : 'policy'}
        text={text}
        fileName={fileName}
      />
      {isOidc ? (
        <details>
          <summary>What AWS will trust</summary>
          <dl className="gh-facts gh-metadata-facts">
            <dt>Issuer</dt>
            <dd>
              <CopyText value={issuer} name="issuer" />
            </dd>
            <dt>Audience</dt>
            <dd>
              <CopyText value={audience} name="audience" />
            </dd>
            <dt>Subject</dt>
            <dd>
              <CopyText value={subject} name="subject" />
            </dd>
          </dl>
        </details>
      ) : null}
    </>
  )
}
