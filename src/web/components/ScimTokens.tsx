/** @module SCIM: where users and groups are written to, the two slots of its token with their ends, and a test of it. */
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  List,
  Modal,
  PasswordInput,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ScimAnswer } from '../../api/contract/identity-center-scim.js'
import { parseScimBaseUrl } from '../../core/identity-center/scim-base-url.js'
import { useEditResource } from '../api/edit-resource.js'
import {
  deleteScimToken,
  putScimToken,
  scimQuery,
  testScim,
  type PutScimTokenAnswer,
  type ScimTestAnswer,
} from '../api/identity-center.js'
import { forgetResources, resourceQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { pluginEdits, readPluginFields } from '../forms/plugin-fields.js'
import { CopyText } from '../ui/CopyText.js'
import { formatDate, startUpper } from '../ui/format.js'
import { CheckIcon, CrossIcon, WarningIcon } from '../ui/Icons.js'
import { daysLeftBadge, endSentence } from '../ui/identity-center-words.js'
import { ErrorState, FormError } from '../ui/States.js'

export function ScimTokens({ plugin }: { plugin: string }) {
  const scim = useQuery(scimQuery(plugin))
  // Outlives the form, which begins anew with each token that is kept.
  const [kept, setKept] = useState<ScimTestAnswer>()
  if (scim.isPending) return <Skeleton h={260} role="status" aria-label="Loading SCIM" />
  if (!scim.data) {
    return <ErrorState error={scim.error} what="SCIM could not be read" onRetry={() => void scim.refetch()} />
  }
  return (
    <Stack gap="lg">
      {scim.data.warnings.length > 0 ? (
        <Alert color="amber" icon={<WarningIcon />} role="status">
          <List>
            {scim.data.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {kept ? (
        <Alert color="green" icon={<CheckIcon />} role="status" title="The token is kept">
          {kept.steps.length > 0
            ? 'The test passed: a user was written, read, changed and removed.'
            : 'It was not tested by writing.'}
        </Alert>
      ) : null}
      {scim.data.tokens.length > 0 ? (
        <Slots plugin={plugin} scim={scim.data} onChange={() => setKept(undefined)} />
      ) : null}
      <TokenForm
        key={scim.data.tokens.map(({ slot, addedAt }) => `${slot} ${addedAt}`).join()}
        plugin={plugin}
        scim={scim.data}
        onKept={setKept}
      />
    </Stack>
  )
}

const states = {
  ok: undefined,
  expiring: undefined,
  expired: { text: 'expired', color: 'red' },
  refused: { text: 'refused by AWS', color: 'red' },
} as const

interface SlotsProps {
  plugin: string
  scim: ScimAnswer
  onChange: () => void
}

function Slots({ plugin, scim, onChange }: SlotsProps) {
  const [deleting, setDeleting] = useState<1 | 2>()
  const client = useQueryClient()
  const mayUpdate = useRight(rights.updatePlugins)
  const again = () => client.invalidateQueries({ queryKey: ['awsic', plugin] })
  const test = useMutation({ mutationFn: () => testScim(plugin), onSuccess: again })
  const remove = useMutation({
    mutationFn: (slot: 1 | 2) => deleteScimToken(plugin, slot),
    onSuccess: async () => {
      setDeleting(undefined)
      onChange()
      await again()
    },
  })
  return (
    <section aria-label="Tokens kept">
      <Title order={2} mb="xs">
        Tokens kept
      </Title>
      {scim.baseUrl ? (
        <div style={{ marginBottom: 8 }}>
          <CopyText value={scim.baseUrl} name="endpoint" />
        </div>
      ) : null}
      <ul className="gh-panel gh-rows" aria-label="SCIM tokens">
        {scim.tokens.map(({ slot, inUse, addedAt, addedBy, expiresAt, daysLeft, state }) => {
          const badge = states[state] ?? daysLeftBadge(daysLeft)
          return (
            <li key={slot}>
              <div>
                <Text fw={500} span>
                  Slot {slot}
                </Text>
                {inUse ? (
                  <Badge color="green" ml={6}>
                    in use
                  </Badge>
                ) : (
                  <Badge color="gray" ml={6}>
                    spare
                  </Badge>
                )}
                {badge ? (
                  <Badge color={badge.color} ml={6}>
                    {badge.text}
                  </Badge>
                ) : null}
                <Text size="xs" c="dimmed">
                  Ends {formatDate(Date.parse(expiresAt))}; added {formatDate(Date.parse(addedAt))} by{' '}
                  {addedBy}
                </Text>
              </div>
              {mayUpdate ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setDeleting(slot)}
                  disabled={inUse && scim.tokens.length > 1}
                  title={inUse && scim.tokens.length > 1 ? 'It is in use; the other one is spare' : undefined}
                  aria-label={`Delete the token in slot ${slot}`}
                >
                  Delete …
                </Button>
              ) : null}
            </li>
          )
        })}
      </ul>
      <Modal
        opened={deleting !== undefined}
        onClose={() => setDeleting(undefined)}
        title={`Delete the token in slot ${deleting ?? ''}?`}
      >
        <Stack>
          <Text>
            {scim.tokens.length === 1
              ? 'It is the only one. Without it nothing is written to AWS: new people do not come in, and who is locked or leaves here stays active there until another token is added.'
              : 'The other token goes on to be used.'}
          </Text>
          <Text>
            It cannot be read again, here or in AWS. It is still valid there: delete it under Settings,
            Automatic provisioning, too.
          </Text>
          <FormError error={remove.error} />
          <Group>
            <Button
              color="red"
              loading={remove.isPending}
              onClick={() => {
                if (deleting !== undefined) remove.mutate(deleting)
              }}
            >
              Delete the token
            </Button>
            <Button variant="default" onClick={() => setDeleting(undefined)}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Group mt="sm" mb="sm">
        <Button
          variant="default"
          onClick={() => test.mutate()}
          loading={test.isPending}
          disabled={!mayUpdate}
        >
          Test the token in use
        </Button>
        <Text size="sm" c="dimmed">
          Writes a user for the test, reads it and removes it.
        </Text>
      </Group>
      {test.error ? <FormError error={test.error} /> : test.data ? <TestResult test={test.data} /> : null}
    </section>
  )
}

const stepNames: Readonly<Record<string, string>> = {
  reach: 'Reach the endpoint',
  read: 'Read users with the token',
  create: 'Write a user',
  read_back: 'Read the user back',
  change: 'Change the user',
  clean_up: 'Remove the user',
}

export function TestResult({ test }: { test: ScimTestAnswer }) {
  return (
    <section aria-label="Result of the test" role="status">
      <ol className="gh-test-steps">
        {test.steps.map(({ name, ok, says, remedy }) => (
          <li key={name}>
            <span className="gh-outcome" data-success={ok}>
              {ok ? <CheckIcon /> : <CrossIcon />}
              {stepNames[name] ?? name}
            </span>
            <Text size="sm" c="dimmed">
              {startUpper(endSentence(says))}
            </Text>
            {remedy ? <Text size="sm">{remedy}</Text> : null}
          </li>
        ))}
      </ol>
      <Text fw={600}>{test.ok ? 'SCIM works.' : 'SCIM does not work yet.'}</Text>
    </section>
  )
}

const dayMs = 86_400_000

interface TokenFormProps {
  plugin: string
  scim: ScimAnswer
  onKept: (test: ScimTestAnswer) => void
}

function TokenForm({ plugin, scim, onKept }: TokenFormProps) {
  const client = useQueryClient()
  const mayUpdate = useRight(rights.updatePlugins)
  const [baseUrl, setBaseUrl] = useState(scim.baseUrl ?? '')
  const [token, setToken] = useState('')
  const [end, setEnd] = useState(() => inAYear())
  const [skipTest, setSkipTest] = useState(false)
  const [other, setOther] = useState(false)
  const settings = useQuery(resourceQuery('plugin', plugin)).data
  const allow = useEditResource('plugin', plugin)
  const isOther = settings !== undefined && isOtherHost(settings.yaml, baseUrl)
  const first = scim.tokens.length === 0
  const put = useMutation({
    mutationFn: async () => {
      if (isOther && other) await allow.mutateAsync(pluginEdits.allowOtherScimHost)
      return await putScimToken(plugin, {
        token,
        skipTest,
        ...(baseUrl !== '' && baseUrl !== scim.baseUrl && { baseUrl }),
        // The whole day counts: the hour at which it was made is not known here.
        ...(end !== '' && { expiresAt: new Date(`${end}T00:00:00Z`).toISOString() }),
      })
    },
    onSuccess: async ({ saved, test }: PutScimTokenAnswer) => {
      if (!saved) return
      onKept(test ?? { ok: true, steps: [] })
      setToken('')
      await forgetResources()
      await client.invalidateQueries({ queryKey: ['awsic', plugin] })
    },
  })
  const ready = token !== '' && baseUrl !== '' && (!isOther || other)
  return (
    <section className="gh-panel gh-part" aria-label={first ? 'Add the token' : 'Replace the token'}>
      <Title order={2} mb="xs">
        {first ? 'Add the token' : 'Replace the token before it ends'}
      </Title>
      <Text c="dimmed" mb="sm" maw="80ch">
        {first
          ? 'In the AWS console, under Settings, Automatic provisioning, press Enable. AWS shows the endpoint and the token once.'
          : 'In the AWS console, under Settings, Automatic provisioning, generate a second token. It goes into the free slot; the old one works until you delete it there.'}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) put.mutate()
        }}
      >
        <Stack gap="sm" maw={720}>
          <TextInput
            label="SCIM endpoint"
            value={baseUrl}
            onChange={(event) => {
              setBaseUrl(event.currentTarget.value.trim())
              // What was said is of what stood there before.
              put.reset()
            }}
            placeholder="https://scim.eu-west-1.amazonaws.com/…/scim/v2/"
            autoCapitalize="none"
            spellCheck={false}
          />
          {isOther ? (
            <Checkbox
              label="Send the token there although it is no host of AWS"
              description="Whoever owns that host gets the token, and with it the users and groups of AWS."
              checked={other}
              onChange={(event) => setOther(event.currentTarget.checked)}
            />
          ) : null}
          <PasswordInput
            label="Access token"
            description="Kept encrypted; nobody can read it again, not even here."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value.trim())}
            autoComplete="off"
          />
          <TextInput
            type="date"
            label="Good until"
            description="AWS gives tokens a year. You are warned from 90 days before."
            value={end}
            onChange={(event) => setEnd(event.currentTarget.value)}
            maw={220}
          />
          <Checkbox
            label="Keep it without the test that writes"
            description="The test writes a user, reads it and removes it, so that a wrong token is seen now. That the endpoint is the one of this instance is looked at in any case."
            checked={skipTest}
            onChange={(event) => setSkipTest(event.currentTarget.checked)}
          />
          <FormError error={put.error} />
          {put.data?.test ? <TestResult test={put.data.test} /> : null}
          {put.data?.saved === false ? (
            <Alert color="red" icon={<WarningIcon />} role="alert" p="sm">
              The token was not kept, because the test failed.
            </Alert>
          ) : null}
          <div>
            <Button type="submit" loading={put.isPending} disabled={!ready || !mayUpdate}>
              {skipTest ? 'Keep the token' : 'Test and keep the token'}
            </Button>
            {isOther && !other ? (
              <Text size="sm" c="dimmed" mt={6}>
                This host is no host of AWS: correct the endpoint, or tick the box below it.
              </Text>
            ) : null}
          </div>
        </Stack>
      </form>
    </section>
  )
}

/** An address that would be taken if only its host were AWS's, or a person allowed another one. */
function isOtherHost(yaml: string, url: string): boolean {
  const fields = readPluginFields(yaml)
  if (!fields || fields.allowOtherScimHost) return false
  const judge = (allowOtherHost: boolean) => parseScimBaseUrl(url, { allowOtherHost })
  return !judge(false).ok && judge(true).ok
}

function inAYear(): string {
  return new Date(Date.now() + 365 * dayMs).toISOString().slice(0, 10)
}
