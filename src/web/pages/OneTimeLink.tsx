/**
 * @module Invitation and reset links: a new password and, where there is none yet, the second factor. The token
 * is the fragment of the URL, which reaches no server and no log, and leaves the address bar once it is read.
 */
import { Anchor, Button, Divider, Radio, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState, type SubmitEvent } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { FactorWay, LinkAnswer, LinkRedeemRequest, PasskeyCreationOptions } from '../../api/contract.js'
import { ApiProblem, isProblem, sendJson } from '../api/client.js'
import { knowsPasskeys, makePasskey } from '../api/passkeys.js'
import { linkQuery } from '../api/queries.js'
import { renewSession } from '../api/session.js'
import { SinglePage } from '../components/SinglePage.js'
import { TotpSeed } from '../components/TotpSeed.js'
import { CodeField } from '../forms/CodeField.js'
import { NewPassword } from '../forms/NewPassword.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'

export function OneTimeLink() {
  const token = useFragmentOnce()
  return token === '' ? <Incomplete /> : <OpenedLink key={token} token={token} />
}

/** What stood behind `#` when the page was opened; it is taken out of the address bar and the history. */
function useFragmentOnce(): string {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const [fragment, setFragment] = useState('')
  const read = hash.slice(1)
  if (read !== '' && read !== fragment) setFragment(read)
  useEffect(() => {
    // Through the router, which calls history.replaceState and so keeps its own location right.
    if (read !== '') void navigate(pathname, { replace: true })
  }, [read, pathname, navigate])
  return read === '' ? fragment : read
}

function OpenedLink({ token }: { token: string }) {
  const link = useQuery(linkQuery(token))
  if (link.error)
    return isSpent(link.error) ? <Spent /> : <Failed error={link.error} retry={() => void link.refetch()} />
  if (!link.data) {
    return (
      <SinglePage title="One moment">
        <Stack role="status" aria-label="Loading">
          <Skeleton h={16} />
          <Skeleton h={36} />
          <Skeleton h={36} />
        </Stack>
      </SinglePage>
    )
  }
  return <Redeem token={token} link={link.data} onStale={() => void link.refetch()} />
}

function Redeem({ token, link, onStale }: { token: string; link: LinkAnswer; onStale: () => void }) {
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [enrol, setEnrol] = useState(true)
  const [way, setWay] = useState<FactorWay>(link.totp ? 'code' : 'passkey')
  const [code, setCode] = useState('')
  const navigate = useNavigate()
  const offersPasskey = link.passkey && knowsPasskeys
  const offersFactor = link.totp !== undefined || link.passkey
  const withFactor = offersFactor && (link.secondFactorRequired || enrol)
  const withTotp = withFactor && link.totp !== undefined && (way === 'code' || !offersPasskey)
  const withPasskey = withFactor && offersPasskey && !withTotp
  const redeem = useMutation({
    mutationFn: async (request: LinkRedeemRequest) => {
      const passkey = withPasskey
        ? {
            passkey: await makePasskey(() =>
              sendJson<PasskeyCreationOptions>('POST', apiPaths.linkPasskey(), { token }),
            ),
          }
        : {}
      return await sendJson<unknown>('POST', apiPaths.linkRedeem(), { ...request, ...passkey })
    },
    onSuccess: async () => {
      await renewSession()
      await navigate(pagePaths.signIn({ done: link.kind }), { replace: true })
    },
    onError: (error) => {
      setCode('')
      // The key was shown too long ago, or everyone must have one by now: another one is offered.
      if (isProblem(error, 'SECOND_FACTOR_REQUIRED')) onStale()
    },
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    const totp = withTotp && link.totp ? { totp: { ticket: link.totp.ticket, code } } : {}
    redeem.mutate({ token, password, ...totp })
  }
  if (redeem.error && isSpent(redeem.error)) return <Spent />
  const ready =
    password !== '' &&
    password === repeated &&
    (!withFactor || withPasskey || (withTotp && code.length === 6))
  return (
    <SinglePage
      title={link.kind === 'invite' ? 'Welcome to Gatehouse' : 'Set a new password'}
      lead={
        <>
          {link.kind === 'invite' ? 'You are invited as ' : 'For '}
          <b>{link.user}</b>. This link works once and ends <RelativeTime at={link.expiresAt} />.
        </>
      }
      width={500}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <NewPassword
            user={link.user}
            value={password}
            repeated={repeated}
            onChange={setPassword}
            onRepeat={setRepeated}
            autoFocus
          />
          {offersFactor ? (
            <>
              <Divider />
              <div>
                <Title order={2}>Second factor</Title>
                <Text c="dimmed">
                  {link.secondFactorRequired
                    ? 'Everyone here signs in with a second factor as well.'
                    : 'A second factor protects you when a password leaks.'}
                </Text>
              </div>
              {link.secondFactorRequired ? null : (
                <Switch
                  label="Set up now (recommended)"
                  description="Later: My settings, Second factors."
                  checked={enrol}
                  onChange={(event) => setEnrol(event.currentTarget.checked)}
                />
              )}
              {withFactor && link.totp && offersPasskey ? (
                <Radio.Group
                  label="Which one"
                  value={way}
                  onChange={(value) => setWay(value === 'passkey' ? 'passkey' : 'code')}
                >
                  <Stack gap="xs" mt={4}>
                    <Radio value="code" label="Authenticator app: a code from your phone" />
                    <Radio value="passkey" label="Passkey: PIN, finger or face on your device" />
                  </Stack>
                </Radio.Group>
              ) : null}
              {withPasskey ? (
                <Text>Your device asks to make a passkey when you set the password.</Text>
              ) : null}
              {withFactor && !withTotp && !withPasskey ? (
                <Text>A passkey is needed, and this browser knows none. Use another browser or device.</Text>
              ) : null}
              {withTotp && link.totp ? (
                <>
                  <TotpSeed uri={link.totp.uri} secret={link.totp.secret} />
                  <CodeField
                    value={code}
                    onChange={setCode}
                    label="Code from the app"
                    description="The six digits it shows now."
                  />
                </>
              ) : null}
            </>
          ) : null}
          <FormError error={redeem.error} />
          <Button type="submit" loading={redeem.isPending} disabled={!ready} fullWidth>
            {withFactor
              ? 'Set password and second factor'
              : link.kind === 'reset'
                ? 'Set new password'
                : 'Set password'}
          </Button>
        </Stack>
      </form>
    </SinglePage>
  )
}

/** Loaded anew, or copied without its end. */
function Incomplete() {
  return (
    <SinglePage
      title="Open your link once more"
      lead="Its secret part is not in the address bar, so that nobody reads it there later."
    >
      <Text>Open or copy the whole link from where you got it. Looking at it does not use it up.</Text>
    </SinglePage>
  )
}

function Spent() {
  return (
    <SinglePage
      title="This link no longer works"
      lead="It was used already, replaced by a newer one, or its time is over."
    >
      <Stack gap="md">
        <Text>
          If you have set your password with it, sign in. Otherwise ask your administrator for a new link.
        </Text>
        <Button component={Link} to={pagePaths.signIn()}>
          Go to sign-in
        </Button>
      </Stack>
    </SinglePage>
  )
}

function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <SinglePage title="The link could not be checked">
      <Stack gap="md">
        <ErrorState error={error} what="No answer about this link" onRetry={retry} />
        <Anchor component={Link} to={pagePaths.signIn()}>
          Go to sign-in
        </Anchor>
      </Stack>
    </SinglePage>
  )
}

function isSpent(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === 'LINK_INVALID' || error.code === 'INVALID_INPUT')
}
