/** @module Step-up: an application asks for the second factor, and its sign-in waits until a passkey or a code is given. */
import { Alert, Anchor, Button, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { Link, Navigate, useLocation, useSearchParams } from 'react-router'
import type { PendingSignInAnswer, StepUpAnswer, StepUpRequest } from '../../api/contract.js'
import { ApiProblem, isProblem, sendJson } from '../api/client.js'
import { pendingSignInQuery } from '../api/queries.js'
import { SinglePage } from '../components/SinglePage.js'
import { askPasskey } from '../api/passkeys.js'
import { CodeField } from '../forms/CodeField.js'
import { PasskeyButton } from '../forms/PasskeyButton.js'
import { apiPaths, pagePaths, safeNext } from '../path-builder.js'
import { InfoIcon } from '../ui/Icons.js'
import { ErrorState, FormError } from '../ui/States.js'

export function StepUp() {
  const [search] = useSearchParams()
  const location = useLocation()
  const handle = search.get('handle') ?? ''
  const pending = useQuery({ ...pendingSignInQuery(handle), enabled: handle !== '' })

  if (isProblem(pending.error, 'NOT_SIGNED_IN')) {
    return <Navigate to={pagePaths.signIn({ next: location.pathname + location.search })} replace />
  }
  if (handle === '' || isGone(pending.error)) return <Expired />
  if (pending.error) {
    return (
      <SinglePage title="Confirm it is you">
        <ErrorState
          error={pending.error}
          what="The waiting sign-in could not be read"
          onRetry={() => void pending.refetch()}
        />
      </SinglePage>
    )
  }
  if (!pending.data) {
    return (
      <SinglePage title="Confirm it is you">
        <Stack role="status" aria-label="Loading">
          <Skeleton h={16} />
          <Skeleton h={36} w={220} />
        </Stack>
      </SinglePage>
    )
  }
  return pending.data.ways.length > 0 ? (
    <AskFactor handle={handle} pending={pending.data} />
  ) : (
    <NoFactor pending={pending.data} />
  )
}

function AskFactor({ handle, pending }: { handle: string; pending: PendingSignInAnswer }) {
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: (request: StepUpRequest) => sendJson<StepUpAnswer>('POST', apiPaths.stepUp(), request),
    onSuccess: ({ next }) => window.location.assign(safeNext(next)),
    onError: () => setCode(''),
  })
  const withPasskey = useMutation({
    mutationFn: async () => {
      const request: StepUpRequest = { handle, passkey: await askPasskey(apiPaths.stepUpStart(), { handle }) }
      return await sendJson<StepUpAnswer>('POST', apiPaths.stepUp(), request)
    },
    onSuccess: ({ next }) => window.location.assign(safeNext(next)),
  })
  const hasPasskey = pending.ways.includes('passkey')
  const hasCode = pending.ways.includes('code')
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    withPasskey.reset()
    confirm.mutate({ handle, code })
  }
  if (isGone(confirm.error ?? withPasskey.error)) return <Expired />
  return (
    <SinglePage
      title={`Confirm your sign-in to ${pending.serviceProvider}`}
      lead={
        <>
          Signed in as <b>{pending.user}</b>.
        </>
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Alert icon={<InfoIcon />} p="sm" role="note">
            {pending.because}
          </Alert>
          <FormError error={confirm.error ?? withPasskey.error} />
          {hasPasskey ? (
            <PasskeyButton
              label={`Continue to ${pending.serviceProvider} with ${pending.needs === 'factor' ? 'a passkey' : 'your hardware key'}`}
              loading={withPasskey.isPending || withPasskey.isSuccess}
              onClick={() => {
                confirm.reset()
                withPasskey.mutate()
              }}
            />
          ) : null}
          {hasCode ? (
            <>
              <CodeField value={code} onChange={setCode} autoFocus={!hasPasskey} />
              <Button
                type="submit"
                variant={hasPasskey ? 'default' : 'filled'}
                loading={confirm.isPending || confirm.isSuccess}
                disabled={code.length !== 6}
                fullWidth
                h="auto"
                mih={36}
                styles={{ label: { whiteSpace: 'normal', overflow: 'visible' } }}
              >
                Continue to {pending.serviceProvider}
              </Button>
            </>
          ) : null}
          <Anchor component={Link} to={pagePaths.resources()} size="sm">
            Not now: go to Resources
          </Anchor>
        </Stack>
      </form>
    </SinglePage>
  )
}

/** A second factor is not set up here: whoever holds only the password could enrol their own. */
function NoFactor({ pending }: { pending: PendingSignInAnswer }) {
  return (
    <SinglePage
      title="A second factor is needed"
      lead={
        <>
          <b>{pending.serviceProvider}</b> waits for a second factor, and <b>{pending.user}</b> has none that
          it takes.
        </>
      }
      width={520}
    >
      <Stack gap="md">
        <Text>{pending.because}</Text>
        <Text>
          Add one in My settings, then start this sign-in again. If you cannot, ask your administrator for a
          reset link.
        </Text>
        <Button component={Link} to={pagePaths.settings()}>
          Add a second factor
        </Button>
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
