/** @module The second half of a sign-in for whoever has lost every second factor: a recovery code, once. */
import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { SignInAnswer } from '../../api/contract.js'
import { isProblem, sendJson } from '../api/client.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'

interface RecoveryStepProps {
  onAnswer: (answer: SignInAnswer) => Promise<void>
  /** The half-finished sign-in ran out. */
  onRestart: () => void
  onBack: () => void
}

export function RecoveryStep({ onAnswer, onRestart, onBack }: RecoveryStepProps) {
  const [code, setCode] = useState('')
  const signIn = useMutation({
    // Where they were going waits: the lost factor is replaced first.
    mutationFn: () =>
      sendJson<SignInAnswer>('POST', apiPaths.signInRecovery(), { code, next: pagePaths.settings() }),
    onSuccess: onAnswer,
    onError: (error) => {
      setCode('')
      if (isProblem(error, 'NOT_SIGNED_IN')) onRestart()
    },
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>It works once. Then you add a new second factor under My settings.</Text>
        <FormError error={signIn.error} />
        <TextInput
          label="Recovery code"
          description="Four groups of four, from the list that you kept."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          ff="monospace"
          maxLength={60}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoFocus
        />
        <Button type="submit" loading={signIn.isPending} disabled={code.trim() === ''} fullWidth>
          Use the recovery code
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack} fullWidth>
          Back to my second factor
        </Button>
      </Stack>
    </form>
  )
}
