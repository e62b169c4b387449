/** @module A command line asks to be signed in: who would be signed in, and where, told first. Never by itself. */
import { Alert, Anchor, Button, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { Link, Navigate, useLocation, useSearchParams } from 'react-router'
import type { cliAuthorizationAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { sessionQuery } from '../api/queries.js'
import { signOut } from '../api/session.js'
import { LoadingPage } from '../components/LoadingPage.js'
import { SinglePage } from '../components/SinglePage.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { readCliSignIn, refusalUrl, type CliSignIn as Asked } from '../ui/cli-sign-in.js'
import { WarningIcon } from '../ui/Icons.js'
import { ErrorState, FormError } from '../ui/States.js'

export function CliSignIn() {
  const [search] = useSearchParams()
  const location = useLocation()
  const session = useQuery(sessionQuery)
  const asked = readCliSignIn(search)
  if (!asked) return <Unreadable />
  if (session.isPending) return <LoadingPage />
  if (!session.data) {
    return (
      <SinglePage title="Sign in a command line">
        <ErrorState
          error={session.error}
          what="Your session could not be read"
          onRetry={() => void session.refetch()}
        />
      </SinglePage>
    )
  }
  const { stage, user } = session.data
  if (stage !== 'full' || !user) {
    return <Navigate to={pagePaths.signIn({ next: location.pathname + location.search })} replace />
  }
  return <Ask asked={asked} user={user.name} />
}

function Ask({ asked, user }: { asked: Asked; user: string }) {
  const { host, port } = asked
  const agree = useMutation({
    mutationFn: () =>
      sendJson<z.infer<typeof cliAuthorizationAnswer>>('POST', apiPaths.cliAuthorizations(), asked),
    onSuccess: ({ redirectUrl }) => window.location.assign(redirectUrl),
  })
  const change = useMutation({ mutationFn: signOut })
  const gone = agree.isPending || agree.isSuccess
  return (
    <SinglePage title="Sign in a command line" width={480}>
      <Stack gap="md">
        <dl className="gh-facts">
          <dt>You are</dt>
          <dd>
            <b>{user}</b>
          </dd>
          <dt>Machine</dt>
          <dd>
            <b>{host}</b>
          </dd>
          <dt>Answer goes to</dt>
          <dd>this machine, port {port}</dd>
        </dl>
        <Text>
          It would act with all your rights until its session ends. My settings lists it, and signs it out.
        </Text>
        <Alert icon={<WarningIcon />} color="amber" p="sm" role="note">
          Agree only if you have just run <code>gatehouse login</code> yourself, on this machine.
        </Alert>
        <FormError error={agree.error} />
        <Button onClick={() => agree.mutate()} loading={gone} fullWidth>
          Sign in
        </Button>
        <Button
          variant="default"
          onClick={() => window.location.assign(refusalUrl(asked))}
          disabled={gone}
          fullWidth
        >
          Refuse
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={() => change.mutate()}>
          Sign in as someone else
        </Anchor>
      </Stack>
    </SinglePage>
  )
}

function Unreadable() {
  return (
    <SinglePage
      title="This address does not sign anything in"
      lead="It is incomplete, or no command line made it. Nothing was signed in."
    >
      <Stack gap="md">
        <Text>
          Run <code>gatehouse login</code> again and open the whole address that it prints, on the same
          machine.
        </Text>
        <Anchor component={Link} to={pagePaths.resources()} size="sm">
          Go to Resources
        </Anchor>
      </Stack>
    </SinglePage>
  )
}
