/** @module Signing keys: where their rollover stands, what to do next, and the possible steps with their effect first. */
import {
  Alert,
  Badge,
  Button,
  Group,
  List,
  Modal,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { SigningKeysAnswer } from '../../api/contract.js'
import { describeStep } from '../../core/key/rollover.js'
import { keysQuery, rotateKeys, type KeyPurpose, type RotationStep } from '../api/keys.js'
import { rights, useRight } from '../api/session.js'
import { groupAdvice } from '../ui/key-advice.js'
import { RolloverPicture } from '../components/RolloverPicture.js'
import { CopyText } from '../ui/CopyText.js'
import { formatDate } from '../ui/format.js'
import { CheckIcon, InfoIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'

const purposes = [
  { value: 'saml', label: 'SAML assertions' },
  { value: 'audit', label: 'Audit log' },
  { value: 'oidc', label: 'Tokens for AWS' },
] as const satisfies readonly { value: KeyPurpose; label: string }[]
const actions: Readonly<Record<RotationStep, string>> = {
  prepare: 'Prepare the next key',
  switch: 'Let the next key sign',
  finish: 'Delete the old key',
  cancel: 'Cancel: delete the next key',
}
const done: Readonly<Record<RotationStep, string>> = {
  prepare: 'The next key is made. Do what stands below before it signs.',
  switch: 'The new key signs now.',
  finish: 'The old key is deleted.',
  cancel: 'The next key is deleted.',
}

export function Keys() {
  const [search, setSearch] = useSearchParams()
  const of = purposes.find(({ value }) => value === search.get('of'))?.value ?? 'saml'
  return (
    <>
      <PageTitle
        title="Signing keys"
        lead="What this gateway signs with. A key is changed in steps, so that nobody is locked out in between."
      />
      <SegmentedControl
        aria-label="Keys of"
        data={[...purposes]}
        value={of}
        onChange={(value) => setSearch(value === 'saml' ? {} : { of: value }, { replace: true })}
        mb="md"
      />
      <Rollover key={of} of={of} />
    </>
  )
}

function Rollover({ of }: { of: KeyPurpose }) {
  const keys = useQuery(keysQuery(of))
  const mayRotate = useRight(rights.rotateKeys)
  const [step, setStep] = useState<RotationStep>()
  const [taken, setTaken] = useState<RotationStep>()
  if (keys.isPending) return <Skeleton h={320} role="status" aria-label="Loading keys" />
  if (keys.error) {
    return (
      <ErrorState error={keys.error} what="The keys could not be read" onRetry={() => void keys.refetch()} />
    )
  }
  const { phase, possible, advice } = keys.data
  return (
    <Stack gap="lg">
      {taken ? (
        <Alert icon={<CheckIcon />} color="green" p="xs" role="status">
          {done[taken]}
        </Alert>
      ) : null}
      <RolloverPicture phase={phase} of={of} />
      <section aria-label="What to do now">
        <Title order={2} mb="xs">
          What to do now
        </Title>
        <Advice advice={advice} next={keys.data.keys.find(({ state }) => state === 'next')} />
        {mayRotate ? (
          <Group mt="sm">
            {possible.map((one, at) => (
              <Button key={one} variant={at === 0 ? 'filled' : 'default'} onClick={() => setStep(one)}>
                {actions[one]} …
              </Button>
            ))}
          </Group>
        ) : (
          <Text c="dimmed" mt="sm">
            Your roles let you read the keys, not change them.
          </Text>
        )}
      </section>
      <KeyList keys={keys.data.keys} />
      {step ? (
        <Step
          of={of}
          step={step}
          onClose={() => setStep(undefined)}
          onDone={() => {
            setStep(undefined)
            setTaken(step)
          }}
        />
      ) : null}
    </Stack>
  )
}

interface AdviceProps extends Pick<SigningKeysAnswer, 'advice'> {
  next: SigningKeysAnswer['keys'][number] | undefined
}

/** What is said of one application stands under the sentence that asks for it, after the file that each of them needs. */
function Advice({ advice, next }: AdviceProps) {
  return (
    <List spacing={6} maw="80ch">
      {groupAdvice(advice).map(({ says, each }) => (
        <List.Item key={says}>
          {says}
          {each.length > 0 ? (
            <List spacing={6} mt={6} withPadding>
              {next?.certificatePem ? (
                <List.Item>
                  First: <DownloadCertificate state={next.state} pem={next.certificatePem} />
                </List.Item>
              ) : null}
              {each.map((sentence) => (
                <List.Item key={sentence}>{sentence}</List.Item>
              ))}
            </List>
          ) : null}
        </List.Item>
      ))}
    </List>
  )
}

function DownloadCertificate({ state, pem }: { state: string; pem: string }) {
  return (
    <Button
      component="a"
      variant="default"
      size="xs"
      href={`data:application/x-pem-file,${encodeURIComponent(pem)}`}
      download={`gatehouse-${state}.pem`}
    >
      Download {state} certificate
    </Button>
  )
}

const states = {
  current: { text: 'current: it signs', color: 'green' },
  next: { text: 'next: published', color: 'petrol' },
  retired: { text: 'retired', color: 'gray' },
} as const

function KeyList({ keys }: Pick<SigningKeysAnswer, 'keys'>) {
  return (
    <section aria-label="Keys">
      <Title order={2} mb="xs">
        Keys
      </Title>
      <ul className="gh-panel gh-rows" aria-label="Signing keys">
        {keys.map((key) => (
          <li key={key.id}>
            <div>
              <Badge color={states[key.state].color}>{states[key.state].text}</Badge>
              <dl className="gh-facts gh-metadata-facts">
                <dt>ID</dt>
                <dd>
                  <CopyText value={key.id} name="ID" />
                </dd>
                {key.fingerprint ? (
                  <>
                    <dt>Fingerprint (SHA-256)</dt>
                    <dd>
                      <CopyText value={key.fingerprint} name="fingerprint" />
                    </dd>
                  </>
                ) : null}
                <dt>Made</dt>
                <dd>
                  <RelativeTime at={key.createdAt} />
                </dd>
                {key.notAfter ? (
                  <>
                    <dt>Certificate ends</dt>
                    <dd>{formatDate(Date.parse(key.notAfter))}</dd>
                  </>
                ) : null}
              </dl>
            </div>
            {key.certificatePem ? <DownloadCertificate state={key.state} pem={key.certificatePem} /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface StepProps {
  of: KeyPurpose
  step: RotationStep
  onClose: () => void
  onDone: () => void
}

function Step({ of, step, onClose, onDone }: StepProps) {
  const client = useQueryClient()
  const take = useMutation({
    mutationFn: () => rotateKeys(of, step),
    onSuccess: async (answer) => {
      client.setQueryData(keysQuery(of).queryKey, answer)
      await client.invalidateQueries({ queryKey: ['idp-metadata'] })
      onDone()
    },
    // Somebody else may have taken the step: what is possible now is read again.
    onError: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  return (
    <Modal opened onClose={onClose} title={`${actions[step]}?`}>
      <Stack>
        <Alert icon={<InfoIcon />} p="sm" color={step === 'prepare' ? 'petrol' : 'amber'} role="note">
          {describeStep(of, step)}
        </Alert>
        <FormError error={take.error} />
        <Group>
          <Button
            color={step === 'prepare' ? 'petrol' : 'red'}
            onClick={() => take.mutate()}
            loading={take.isPending}
          >
            {actions[step].replace(/^Cancel: d/, 'D')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {step === 'cancel' ? 'Keep it' : 'Not now'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
