/** @module Whether a webhook is heard: its last messages and what became of each, a test, and a new secret. */
import { Alert, Badge, Button, Group, Modal, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { WebhookAnswer, WebhookDelivery } from '../../api/contract.js'
import { rights, useRight } from '../api/session.js'
import { rotateWebhook, testWebhook, webhookQuery } from '../api/webhooks.js'
import { CopyText } from '../ui/CopyText.js'
import { CheckIcon, WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'
import { IssuedSecret } from './IssuedSecret.js'

const states: Readonly<Record<WebhookAnswer['state'], { readonly text: string; readonly color: string }>> = {
  ok: { text: 'heard', color: 'green' },
  new: { text: 'nothing sent yet', color: 'gray' },
  failing: { text: 'failing', color: 'red' },
  disabled: { text: 'disabled', color: 'gray' },
  gone: { text: 'gone: its receiver wants nothing any more', color: 'red' },
  no_secret: { text: 'no secret yet', color: 'amber' },
}

export function WebhookState({ name }: { name: string }) {
  const webhook = useQuery(webhookQuery(name))
  const [rotating, setRotating] = useState(false)
  const mayTest = useRight(rights.updateWebhooks)
  const mayRotate = useRight(rights.rotateWebhooks)
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => testWebhook(name),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks', name] }),
  })
  if (webhook.isPending) return <Skeleton h={120} role="status" aria-label="Loading messages" />
  if (!webhook.data) {
    const again = () => void webhook.refetch()
    return <ErrorState error={webhook.error} what="Messages could not be read" onRetry={again} />
  }
  const { state, waiting, givenUp, deliveries } = webhook.data
  return (
    <Stack component="section" aria-label="Messages" gap="sm" mt="lg">
      <Group gap="xs">
        <Title order={2}>Messages</Title>
        <Badge color={states[state].color}>{states[state].text}</Badge>
        <Text size="sm" c="dimmed">
          {waiting} waiting · {givenUp} given up within 30 days
        </Text>
      </Group>
      <Group gap="xs">
        <Button
          variant="default"
          disabled={!mayTest}
          title={mayTest ? undefined : 'No role of yours lets you change webhooks'}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
        <Button
          variant="default"
          disabled={!mayRotate}
          title={mayRotate ? undefined : 'No role of yours lets you rotate secrets of webhooks'}
          onClick={() => setRotating(true)}
        >
          Rotate the secret …
        </Button>
      </Group>
      <FormError error={test.error} />
      {test.data ? (
        <Alert
          role="status"
          color={test.data.delivered ? 'green' : 'amber'}
          icon={test.data.delivered ? <CheckIcon /> : <WarningIcon />}
        >
          {test.data.delivered
            ? `The test was taken: the receiver answered ${test.data.status ?? ''}.`
            : `The test was not taken: ${test.data.error ?? 'no answer'}.`}
        </Alert>
      ) : null}
      {deliveries.length === 0 ? (
        <Text c="dimmed">
          Nothing was sent yet. Messages appear here when something happens to a request.
        </Text>
      ) : (
        <Deliveries deliveries={deliveries} />
      )}
      {rotating ? <Rotate name={name} onClose={() => setRotating(false)} /> : null}
    </Stack>
  )
}

function Deliveries({ deliveries }: { deliveries: readonly WebhookDelivery[] }) {
  return (
    <div className="gh-table-frame" tabIndex={0} role="region" aria-label="Last messages">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Event</Table.Th>
            <Table.Th scope="col">Written</Table.Th>
            <Table.Th scope="col">What became of it</Table.Th>
            <Table.Th scope="col">Message</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <Table.Td>{delivery.event}</Table.Td>
              <Table.Td>
                <RelativeTime at={delivery.createdAt} />
              </Table.Td>
              <Table.Td>
                <Outcome delivery={delivery} />
              </Table.Td>
              <Table.Td>
                <CopyText value={delivery.id} name="message id" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Outcome({ delivery: { state, attempts, error, nextAt } }: { delivery: WebhookDelivery }) {
  if (state === 'sent') return attempts === 1 ? 'taken' : `taken after ${attempts} attempts`
  const why = error === undefined ? '' : `: ${error}`
  if (state === 'given_up') return `given up after ${attempts} attempts${why}`
  return (
    <>
      {attempts === 0 ? 'waits' : `not taken ${attempts} times${why}`}
      {attempts > 0 && nextAt !== undefined ? (
        <>
          , again <RelativeTime at={nextAt} />
        </>
      ) : null}
    </>
  )
}

function Rotate({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useQueryClient()
  const rotate = useMutation({
    mutationFn: () => rotateWebhook(name),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks', name] }),
  })
  if (rotate.data) {
    const { secret } = rotate.data
    return <IssuedSecret changes={[{ kind: 'webhook', name, secret }]} onClose={onClose} />
  }
  return (
    <Modal opened onClose={onClose} title={`Rotate the secret of ${name}?`}>
      <Stack>
        <Text>
          Makes a new secret and shows it once. Messages are signed with both for a day, so that the receiver
          can be given the new one meanwhile.
        </Text>
        <FormError error={rotate.error} />
        <Group>
          <Button onClick={() => rotate.mutate()} loading={rotate.isPending}>
            Rotate the secret
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
