/** @module Sign-in: user name and password, then the code where the person has a second factor. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import type { SignInAnswer, SignInRequest, SignInTotpRequest } from '../../api/contract.js'
import { isProblem, sendJson } from '../api/client.js'
import { sessionQuery } from '../api/queries.js'
import { renewSession, signOut } from '../api/session.js'
import { LoadingPage } from '../components/LoadingPage.js'
import { SinglePage } from '../components/SinglePage.js'
import { CodeField } from '../forms/CodeField.js'
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
  const [step, setStep] = useState<'password' | 'code' | undefined>()
  const navigate = useNavigate()

  async function proceed(answer: SignInAnswer): Promise<void> {
    if (answer.status === 'totp_required') {
      await renewSession()
      setStep('code')
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
  const shown = step ?? (session.data?.stage === 'password' ? 'code' : 'password')
  return (
    <SinglePage title={titleOf(shown, next, reauth)} lead={leadOf(shown, next, reauth)} width={400}>
      <Stack gap="md">
        {message && shown === 'password' ? (
          <Alert icon={<InfoIcon />} role="status" p="sm">
            {message}
          </Alert>
        ) : null}
        {shown === 'password' ? (
          <PasswordStep next={next} onAnswer={proceed} />
        ) : (
          <CodeStep next={next} onAnswer={proceed} onRestart={() => setStep('password')} />
        )}
      </Stack>
    </SinglePage>
  )
}

function titleOf(step: 'password' | 'code', next: string, reauth: boolean): string {
  if (step === 'code') return 'Enter your code'
  if (reauth) return 'Confirm it is you'
  return isServerPath(next) ? 'Sign in to continue to AWS' : 'Sign in'
}

function leadOf(step: 'password' | 'code', next: string, reauth: boolean): string | undefined {
  if (step === 'code') return 'Your password is right. Your second factor finishes the sign-in.'
  if (reauth) return 'AWS asked to confirm it is you, so you sign in once more although you have a session.'
  return isServerPath(next) ? 'After this, AWS opens with your access.' : undefined
}

interface StepProps {
  next: string
  onAnswer: (answer: SignInAnswer) => Promise<void>
}

function PasswordStep({ next, onAnswer }: StepProps) {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: (request: SignInRequest) => sendJson<SignInAnswer>('POST', apiPaths.signIn(), request),
    onSuccess: onAnswer,
    onError: () => setPassword(''),
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    signIn.mutate({ user: user.trim(), password, next })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <FormError error={signIn.error} />
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
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
      </Stack>
    </form>
  )
}

function CodeStep({ next, onAnswer, onRestart }: StepProps & { onRestart: () => void }) {
  const [code, setCode] = useState('')
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
  const restart = useMutation({ mutationFn: signOut, onSettled: onRestart })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    confirm.mutate({ code, next })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <FormError error={confirm.error} />
        <CodeField value={code} onChange={setCode} autoFocus />
        <Button type="submit" loading={confirm.isPending} disabled={code.length !== 6} fullWidth>
          Confirm code
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
