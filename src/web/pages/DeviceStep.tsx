/**
 * @module The step of a sign-in in which a device vouches: the page takes the browser to the command line of this very
 * machine, which brings it back. Where no device is required, a short code is as good, and going on without.
 */
import { Alert, Anchor, Button, Code, List, NumberInput, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, Navigate, useLocation, useSearchParams } from 'react-router'
import type { DeviceStepAnswer } from '../../api/contract.js'
import { defaultDevicePort } from '../../core/device/hand-over.js'
import { ApiProblem, isProblem } from '../api/client.js'
import { askDevice, deviceStepQuery, goWithoutDevice } from '../api/devices.js'
import { SinglePage } from '../components/SinglePage.js'
import { pagePaths, safeNext } from '../path-builder.js'
import { osNames, sayAssurance } from '../ui/devices.js'
import { InfoIcon, WarningIcon } from '../ui/Icons.js'
import { ErrorState, FormError } from '../ui/States.js'

export function DeviceStep() {
  const [search] = useSearchParams()
  const location = useLocation()
  const handle = search.get('handle') ?? ''
  const step = useQuery({ ...deviceStepQuery(handle), enabled: handle !== '' })
  const next = step.data !== undefined && step.data.wanted === undefined ? step.data.next : undefined
  useEffect(() => {
    if (next !== undefined) window.location.assign(safeNext(next))
  }, [next])

  if (isProblem(step.error, 'NOT_SIGNED_IN')) {
    return <Navigate to={pagePaths.signIn({ next: location.pathname + location.search })} replace />
  }
  if (handle === '' || isGone(step.error)) return <Expired />
  if (step.error && !step.data) {
    return (
      <SinglePage title="Confirm your device">
        <ErrorState
          error={step.error}
          what="The waiting sign-in could not be read"
          onRetry={() => void step.refetch()}
        />
      </SinglePage>
    )
  }
  if (!step.data || next !== undefined) {
    return (
      <SinglePage title={next === undefined ? 'Confirm your device' : 'Your device is confirmed'}>
        <Stack role="status" aria-label="Loading">
          <Skeleton h={16} />
          <Skeleton h={36} w={220} />
        </Stack>
      </SinglePage>
    )
  }
  return step.data.devices.some(({ isLocked, isEnough }) => !isLocked && isEnough) ? (
    <Ask handle={handle} step={step.data} />
  ) : (
    <NoDevice step={step.data} />
  )
}

function Ask({ handle, step }: { handle: string; step: DeviceStepAnswer }) {
  const [port, setPort] = useState<number | string>(defaultDevicePort)
  const client = useQueryClient()
  const handOver = useMutation({
    mutationFn: () => askDevice({ handle, way: 'loopback', port: Number(port) || defaultDevicePort }),
    onSuccess: ({ redirectUrl = '' }) => window.location.assign(redirectUrl),
  })
  const byCode = useMutation({
    mutationFn: () => askDevice({ handle, way: 'code' }),
    onSuccess: async () => await client.invalidateQueries({ queryKey: ['device-step', handle] }),
  })
  const without = useMutation({
    mutationFn: () => goWithoutDevice(handle),
    onSuccess: ({ next }) => window.location.assign(safeNext(next)),
  })
  const error = handOver.error ?? byCode.error ?? without.error
  if (isGone(error)) return <Expired />
  const { serviceProvider, user, wanted, because, devices, state } = step
  const isOptional = wanted === 'optional'
  const leaving = handOver.isPending || handOver.isSuccess
  return (
    <SinglePage
      title={`Confirm your device for ${serviceProvider}`}
      lead={
        <>
          Signed in as <b>{user}</b>.
        </>
      }
      width={520}
    >
      <Stack gap="md">
        <Outcome state={state} />
        <Alert icon={<InfoIcon />} p="sm" role="note">
          {because}
        </Alert>
        <List type="ordered" spacing="xs">
          <List.Item>
            On this machine, in a terminal, run <Code>gatehouse device confirm</Code>
          </List.Item>
          <List.Item>Come back here and go on; the terminal shows this sign-in and asks you.</List.Item>
        </List>
        <ul className="gh-plain-list" aria-label="Your devices">
          {devices.map((device) => (
            <li key={device.assetTag}>
              <b>{device.assetTag}</b> ({osNames[device.osType]}):{' '}
              {sayAssurance(device.assurance).toLowerCase()}
              {device.isLocked ? ', locked' : device.isEnough ? '' : ', not enough here'}
            </li>
          ))}
        </ul>
        <FormError error={error} />
        <Button onClick={() => handOver.mutate()} loading={leaving} fullWidth h="auto" mih={36}>
          Go on with this device
        </Button>
        {isOptional && byCode.data?.code ? (
          <Alert icon={<InfoIcon />} p="sm" role="status">
            On your device, run{' '}
            <Code>
              gatehouse device confirm {byCode.data.code.slice(0, 4)}-{byCode.data.code.slice(4)}
            </Code>
            . This page goes on by itself. Tell the code nobody.
          </Alert>
        ) : null}
        {isOptional ? (
          <>
            <Button variant="default" onClick={() => byCode.mutate()} loading={byCode.isPending} fullWidth>
              Confirm with a short code
            </Button>
            <Button variant="default" onClick={() => without.mutate()} loading={without.isPending} fullWidth>
              Go on without a device
            </Button>
          </>
        ) : null}
        <details>
          <summary>It listens on another port</summary>
          <NumberInput
            label="Port"
            description="The one that gatehouse device confirm prints"
            min={1}
            max={65_535}
            hideControls
            value={port}
            onChange={setPort}
            mt="xs"
          />
        </details>
        <Anchor component={Link} to={pagePaths.resources()} size="sm">
          Not now: go to Resources
        </Anchor>
      </Stack>
    </SinglePage>
  )
}

function Outcome({ state }: { state: DeviceStepAnswer['state'] }) {
  switch (state) {
    case 'refused':
      return (
        <Alert icon={<WarningIcon />} color="red" p="sm" role="alert">
          The sign-in was refused at the device. If that was not you, tell your administrator.
        </Alert>
      )
    case 'expired':
      return (
        <Alert icon={<WarningIcon />} color="amber" p="sm" role="status">
          The device did not answer within five minutes. Try again.
        </Alert>
      )
    case 'waiting':
    case 'signed':
      return (
        <Text size="sm" c="dimmed" role="status">
          A device was asked and has not come back yet.
        </Text>
      )
    case undefined:
      return null
  }
}

/** What to do without a device that would do. */
function NoDevice({ step: { serviceProvider, user, because, devices } }: { step: DeviceStepAnswer }) {
  return (
    <SinglePage
      title="A trusted device is needed"
      lead={
        <>
          <b>{serviceProvider}</b> waits for a trusted device, and <b>{user}</b> has none that would do.
        </>
      }
      width={520}
    >
      <Stack gap="md">
        <Text>{because}</Text>
        {devices.some(({ isLocked }) => isLocked) ? <Text>A device of yours is locked.</Text> : null}
        <Text>
          Ask an administrator for a token, sign in on your device with <Code>gatehouse login</Code>, run{' '}
          <Code>gatehouse device enroll</Code> there, then start this sign-in again.
        </Text>
        <Anchor component={Link} to={pagePaths.resources()} size="sm">
          Go to Resources
        </Anchor>
      </Stack>
    </SinglePage>
  )
}

function Expired() {
  return (
    <SinglePage
      title="This sign-in is over"
      lead="It waited too long, or it was already finished in another tab. Nothing was changed."
    >
      <Stack gap="md">
        <Text>Start again: open the application from Resources, or go back to the page you came from.</Text>
        <Button component={Link} to={pagePaths.resources()}>
          Start again from Resources
        </Button>
      </Stack>
    </SinglePage>
  )
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && [404, 409, 410].includes(error.problem.status)
}
