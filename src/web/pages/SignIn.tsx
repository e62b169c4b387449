/** @module Sign-in: user name and password, then a passkey or a code where the person has a
 * second factor; or a passkey alone. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import type {
  FactorWay,
  PasskeyAssertion,
  PasskeyRequestOptions,
  SignInAnswer,
  SignInRequest,
  SignInTotpRequest,
} from '../../api/contract.js'
import { isProblem, sendJson } from '../api/client.js'
import { askPasskey, endPasskeyOffer, knowsPasskeys, offerPasskeys } from '../api/passkeys.js'
import { sessionQuery } from '../api/queries.js'
import { renewSession, signOut } from '../api/session.js'
import { ConnectorButtons } from '../components/ConnectorButtons.js'
import { LoadingPage } from '../components/LoadingPage.js'
import { SinglePage } from '../components/SinglePage.js'
import { CodeField } from '../forms/CodeField.js'
import { PasskeyButton } from '../forms/PasskeyButton.js'
import { RecoveryStep } from '../forms/RecoveryStep.js'
import { apiPaths, isServerPath, safeNext } from '../path-builder.js'
import { InfoIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

const done: Readonly<Record<string, string>> = {
  invite: 'Your account is ready. Sign in with your new password.',
  reset: 'Your password is changed. Sign in with the new one.',
  'signed-out': 'You are signed out.',
}

export function SignIn() {
  const [search] = useSearchParams()
  const next = safeNext(search.get('next'))
  const reauth = search.get('reauth') === '1'
  const session = useQuery(sessionQuery)
  const [step, setStep] = useState<'password' | 'factor' | undefined>()
  const navigate = useNavigate()

  async function proceed(answer: SignInAnswer): Promise<void> {
    if (answer.status === 'second_factor_required') {
      await renewSession()
      setStep('factor')
      return
    }
    const target = safeNext(answer.next)
    if (isServerPath(target)) {
      window.location.assign(target)
      return
    }
    await renewSession()
    await navigate(target, { replace: true })
  }

  if (session.isPending) return <LoadingPage />
  const message = done[search.get('done') ?? '']
  const shown = step ?? (session.data?.stage === 'password' ? 'factor' : 'password')
  const ways = session.data?.secondFactors ?? []
  return (
    <SinglePage title={titleOf(shown, ways, next, reauth)} lead={leadOf(shown, next, reauth)} width={400}>
      <Stack gap="md">
        {message && shown === 'password' ? (
          <Alert icon={<InfoIcon />} role="status" p="sm">
            {message}
          </Alert>
        ) : null}
        {shown === 'password' ? (
          <ConnectorButtons connectors={session.data?.connectors ?? []} next={next} reauth={reauth} />
        ) : null}
        {shown === 'password' ? (
          <PasswordStep
            next={next}
            passwordless={session.data?.passwordless === true && knowsPasskeys}
            onAnswer={proceed}
          />
        ) : (
          <FactorStep next={next} ways={ways} onAnswer={proceed} onRestart={() => setStep('password')} />
        )}
      </Stack>
    </SinglePage>
  )
}

type Step = 'password' | 'factor'

function titleOf(step: Step, ways: readonly FactorWay[], next: string, reauth: boolean): string {
  if (step === 'factor') return ways.includes('passkey') ? 'Confirm it is you' : 'Enter your code'
  if (reauth) return 'Confirm it is you'
  return isServerPath(next) ? 'Sign in to continue to AWS' : 'Sign in'
}

function leadOf(step: Step, next: string, reauth: boolean): string | undefined {
  if (step === 'factor') return 'Your password is right. Your second factor finishes the sign-in.'
  if (reauth) return 'AWS asked to confirm it is you, so you sign in once more although you have a session.'
  return isServerPath(next) ? 'After this, AWS opens with your access.' : undefined
}

interface StepProps {
  next: string
  onAnswer: (answer: SignInAnswer) => Promise<void>
}

function PasswordStep({ next, passwordless, onAnswer }: StepProps & { passwordless: boolean }) {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: (request: SignInRequest) => sendJson<SignInAnswer>('POST', apiPaths.signIn(), request),
    onSuccess: onAnswer,
    onError: () => setPassword(''),
  })
  const withPasskey = useMutation({
    mutationFn: async (passkey: PasskeyAssertion) =>
      await sendJson<SignInAnswer>('POST', apiPaths.signInPasskey(), { passkey, next }),
    onSuccess: onAnswer,
  })
  const ask = useMutation({
    mutationFn: async () => await askPasskey(apiPaths.signInPasskeyStart()),
    onSuccess: (passkey) => withPasskey.mutate(passkey),
  })
  usePasskeyOffer(passwordless, (passkey) => withPasskey.mutate(passkey))
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    withPasskey.reset()
    ask.reset()
    signIn.mutate({ user: user.trim(), password, next })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <FormError error={signIn.error ?? withPasskey.error ?? ask.error} />
        <TextInput
          label="User name"
          name="username"
          autoComplete={passwordless ? 'username webauthn' : 'username'}
          autoCapitalize="none"
          spellCheck={false}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
        {passwordless ? (
          <PasskeyButton
            label="Sign in with a passkey"
            variant="default"
            loading={ask.isPending || withPasskey.isPending}
            onClick={() => {
              signIn.reset()
              withPasskey.reset()
              ask.mutate()
            }}
          />
        ) : null}
      </Stack>
    </form>
  )
}

/** The browser lists passkeys in the field for the user name, for as long as the page shows it. */
function usePasskeyOffer(enabled: boolean, onPasskey: (passkey: PasskeyAssertion) => void): void {
  const latest = useRef(onPasskey)
  useEffect(() => {
    latest.current = onPasskey
  })
  useEffect(() => {
    if (!enabled) return
    let isOver = false
    // Nobody asked for this, so its failures are nobody's: the button says what is wrong.
    offerPasskeys(() => sendJson<PasskeyRequestOptions>('POST', apiPaths.signInPasskeyStart(), {}))
      .then((passkey) => {
        if (passkey !== undefined && !isOver) latest.current(passkey)
      })
      .catch(() => undefined)
    return () => {
      isOver = true
      endPasskeyOffer()
    }
  }, [enabled])
}

interface FactorStepProps extends StepProps {
  ways: readonly FactorWay[]
  onRestart: () => void
}

function FactorStep({ next, ways, onAnswer, onRestart }: FactorStepProps) {
  const [code, setCode] = useState('')
  const [hasLost, setHasLost] = useState(false)
  const confirm = useMutation({
    mutationFn: (request: SignInTotpRequest) =>
      sendJson<SignInAnswer>('POST', apiPaths.signInTotp(), request),
    onSuccess: onAnswer,
    onError: (error) => {
      setCode('')
      // The half-finished sign-in ran out meanwhile: the password is asked again.
      if (isProblem(error, 'NOT_SIGNED_IN')) onRestart()
    },
  })
  const withPasskey = useMutation({
    mutationFn: async () => {
      const passkey = await askPasskey(apiPaths.signInFactorStart())
      return await sendJson<SignInAnswer>('POST', apiPaths.signInFactor(), { passkey, next })
    },
    onSuccess: onAnswer,
    onError: (error) => {
      if (isProblem(error, 'NOT_SIGNED_IN')) onRestart()
    },
  })
  const restart = useMutation({ mutationFn: signOut, onSettled: onRestart })
  const hasPasskey = ways.includes('passkey')
  if (hasLost) {
    return <RecoveryStep onAnswer={onAnswer} onRestart={onRestart} onBack={() => setHasLost(false)} />
  }
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    withPasskey.reset()
    confirm.mutate({ code, next })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <FormError error={confirm.error ?? withPasskey.error} />
        {hasPasskey ? (
          <PasskeyButton
            label="Confirm with a passkey"
            loading={withPasskey.isPending}
            onClick={() => {
              confirm.reset()
              withPasskey.mutate()
            }}
          />
        ) : null}
        {ways.includes('code') ? (
          <>
            <CodeField value={code} onChange={setCode} autoFocus={!hasPasskey} />
            <Button
              type="submit"
              variant={hasPasskey ? 'default' : 'filled'}
              loading={confirm.isPending}
              disabled={code.length !== 6}
              fullWidth
            >
              Confirm code
            </Button>
          </>
        ) : null}
        <Button variant="subtle" color="gray" onClick={() => setHasLost(true)} fullWidth>
          I have lost it: use a recovery code
        </Button>
        <Button
          variant="subtle"
          color="gray"
          onClick={() => restart.mutate()}
          loading={restart.isPending}
          fullWidth
        >
          Sign in as someone else
        </Button>
      </Stack>
    </form>
  )
}
