/** @module Devices: which machines may vouch for whose sign-ins, how sure a proof of each is, and adding one. */
import { Anchor, Badge, Button, Group, Modal, Skeleton, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { DeviceItem, EnrollTokenAnswer, KindAnswer } from '../../api/contract.js'
import { devicesQuery, makeEnrollToken } from '../api/devices.js'
import { forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { DeleteResource } from '../components/DeleteResource.js'
import { LockForm } from '../components/LockForm.js'
import { EnrolCommand, NewDevice } from '../components/NewDevice.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { osNames, sayAssurance } from '../ui/devices.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'

export function Devices() {
  return <WithKind name="device">{(kind) => <Shown kind={kind} />}</WithKind>
}

function Shown({ kind }: { kind: KindAnswer }) {
  const [adding, setAdding] = useState(false)
  const [issued, setIssued] = useState<EnrollTokenAnswer>()
  const mayAdd = kind.verbs.includes('create')
  const mayEnroll = useRight(rights.enrollDevices)
  return (
    <>
      <PageTitle
        title="Devices"
        lead="Machines of the company. One vouches for the sign-ins of one person, once that person has enrolled it."
        actions={mayAdd ? <Button onClick={() => setAdding(true)}>New device</Button> : undefined}
      />
      <DeviceList
        kind={kind}
        onIssued={mayEnroll ? setIssued : undefined}
        onNew={mayAdd ? () => setAdding(true) : undefined}
      />
      {adding ? (
        <NewDevice
          mayEnroll={mayEnroll}
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false)
            setIssued(made)
          }}
        />
      ) : null}
      {issued ? <EnrolCommand issued={issued} onClose={() => setIssued(undefined)} /> : null}
    </>
  )
}

interface DeviceListProps {
  kind: KindAnswer
  onIssued: ((issued: EnrollTokenAnswer) => void) | undefined
  onNew: (() => void) | undefined
}

function DeviceList({ kind, onIssued, onNew }: DeviceListProps) {
  const devices = useQuery(devicesQuery)
  const mayLock = useRight(rights.createLocks)
  const [deleting, setDeleting] = useState<string>()
  const [locking, setLocking] = useState<DeviceItem>()
  const enroll = useMutation({
    mutationFn: makeEnrollToken,
    onSuccess: async (issued) => {
      onIssued?.(issued)
      await forgetResources()
    },
  })
  if (devices.isPending) return <Skeleton h={200} role="status" aria-label="Loading devices" />
  if (devices.error) {
    return (
      <ErrorState
        error={devices.error}
        what="The devices could not be read"
        onRetry={() => void devices.refetch()}
      />
    )
  }
  if (devices.data.length === 0) {
    return (
      <EmptyState
        title="No device yet"
        action={
          onNew ? (
            <Button variant="default" mt="xs" onClick={onNew}>
              New device
            </Button>
          ) : undefined
        }
      >
        Where a role or the cluster requires a trusted device, only whoever has one signs in to applications.
        Add a device, and let its person enrol it.
      </EmptyState>
    )
  }
  return (
    <>
      <FormError error={enroll.error} />
      <ul className="gh-panel gh-rows" aria-label="Devices">
        {devices.data.map((device) => (
          <li key={device.name}>
            <Facts device={device} />
            <Group gap="xs">
              {onIssued ? (
                <Button
                  variant="default"
                  size="xs"
                  loading={enroll.isPending && enroll.variables === device.name}
                  onClick={() => enroll.mutate(device.name)}
                  aria-label={`Make an enrolment token for ${device.assetTag}`}
                >
                  Enrol …
                </Button>
              ) : null}
              {mayLock && device.state !== 'locked' ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setLocking(device)}
                  aria-label={`Lock ${device.assetTag}`}
                >
                  Lock …
                </Button>
              ) : null}
              {kind.verbs.includes('delete') ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setDeleting(device.name)}
                  aria-label={`Remove ${device.assetTag}`}
                >
                  Remove …
                </Button>
              ) : null}
            </Group>
          </li>
        ))}
      </ul>
      {deleting ? (
        <DeleteResource
          opened
          kind={kind}
          name={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => setDeleting(undefined)}
        />
      ) : null}
      {locking ? (
        <Modal opened onClose={() => setLocking(undefined)} title={`Lock ${locking.assetTag}`} size="lg">
          <LockForm device={locking.name} onClose={() => setLocking(undefined)} />
        </Modal>
      ) : null}
    </>
  )
}

const states = {
  enrolled: { text: 'enrolled', color: 'green' },
  waiting: { text: 'token is out', color: 'amber' },
  not_enrolled: { text: 'not enrolled', color: 'gray' },
  locked: { text: 'locked', color: 'red' },
} as const

function Facts({ device }: { device: DeviceItem }) {
  const { name, assetTag, osType, owner, source, state, enrolledBy, enrolledAt, assurance, lastUsedAt } =
    device
  const person = owner ?? enrolledBy
  return (
    <div>
      <Link to={pagePaths.resource('device', name)} className="gh-row-link">
        <BreakableName value={assetTag} />
      </Link>
      <Badge color={states[state].color} ml={6}>
        {states[state].text}
      </Badge>
      <Text size="sm">
        {osNames[osType]}
        {person ? (
          <>
            {' · '}
            <Anchor component={Link} to={pagePaths.user(person)} inherit>
              <BreakableName value={person} />
            </Anchor>
          </>
        ) : (
          ' · whoever enrols it'
        )}
        {source ? ` · from ${source}` : null}
      </Text>
      <Text size="xs" c="dimmed">
        {assurance && enrolledAt ? (
          <>
            {sayAssurance(assurance)} · enrolled <RelativeTime at={enrolledAt} /> ·{' '}
            {lastUsedAt ? (
              <>
                vouched <RelativeTime at={lastUsedAt} />
              </>
            ) : (
              'has not vouched yet'
            )}
          </>
        ) : (
          'No key: vouches by certificate alone, where the company issues them'
        )}
      </Text>
    </div>
  )
}
